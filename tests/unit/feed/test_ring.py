"""What was told lately: in order, the last of each thing, and no more than there is room for."""

import pytest

from botsched.domain.news import News, Topic
from botsched.feed.ring import Ring


def run(number: int, state: str = "running") -> News:
    return News(Topic.EXECUTION, str(number), {"state": state})


def test_readers_are_told_what_is_behind_their_places() -> None:
    ring = Ring()
    before = ring.place
    ring.add([run(1), run(2)])
    between = ring.place
    ring.add([run(3)])

    assert ring.since(before).news == (run(1), run(2), run(3))
    assert ring.since(between).news == (run(3),)
    assert ring.since(ring.place).news == ()
    assert ring.since(before).place == ring.place
    assert not ring.since(before).reset


def test_of_each_thing_only_the_last_news_are_told() -> None:
    ring = Ring()
    before = ring.place
    ring.add([run(1), run(2), News(Topic.OUTPUT, "1", {"next": 4})])
    ring.add([run(1, "succeeded")])

    told = [(each.topic, each.thing, dict(each.data)) for each in ring.since(before).news]
    assert told == [
        (Topic.EXECUTION, "2", {"state": "running"}),
        (Topic.OUTPUT, "1", {"next": 4}),
        (Topic.EXECUTION, "1", {"state": "succeeded"}),
    ]


def test_who_missed_more_than_is_kept_is_told_to_reset() -> None:
    ring = Ring(size=3)
    first = ring.place
    ring.add([run(1)])
    second = ring.place
    ring.add([run(number) for number in range(2, 5)])

    assert ring.since(first).reset
    assert ring.since(first).news == ()
    assert ring.since(second).news == (run(2), run(3), run(4))
    assert ring.since(ring.since(first).place) == ring.since(ring.place)


def test_many_news_of_few_things_need_no_room() -> None:
    ring = Ring(size=2)
    before = ring.place
    for _ in range(100):
        ring.add([run(1), run(2)])

    assert ring.since(before).news == (run(1), run(2))


def test_a_reset_is_told_to_all_and_what_follows_it_as_ever() -> None:
    ring = Ring()
    ring.add([run(1)])
    before = ring.place
    ring.reset()
    after = ring.since(before)
    ring.add([run(2)])

    assert after.reset
    assert ring.since(before).reset
    assert ring.since(after.place).news == (run(2),)


@pytest.mark.parametrize("number", ["", "x", "-1", "99", "9" * 5000, "1\n", "²"])
def test_places_that_were_never_given_are_told_to_reset(number: str) -> None:
    ring = Ring()
    identity = ring.place.partition("-")[0]

    assert ring.since(f"{identity}-{number}").reset


def test_a_place_of_another_ring_is_told_to_reset() -> None:
    assert Ring().since(Ring().place).reset
