"""Secrets do not show, however what is printed comes in."""

from hypothesis import given
from hypothesis import strategies as some

from botsched.job.masking import Mask


def streamed(mask: Mask, *pieces: str) -> str:
    done, rest = "", ""
    for piece in pieces:
        begin, rest = mask.part(rest + piece)
        done += begin
    return done + mask.text(rest)


def test_values_are_replaced_wherever_they_stand() -> None:
    mask = Mask(["hunter2", "a.b"])

    assert mask.text("hunter2,axb,a.b hunter22") == "***,axb,*** ***2"
    assert mask.data({"hunter2": ["a.b", 1, None]}) == {"***": ["***", 1, None]}


def test_without_values_nothing_is_replaced_or_held_back() -> None:
    assert Mask([""]).text("abc") == "abc"
    assert Mask().part("abc") == ("abc", "")


def test_a_value_in_pieces_is_replaced() -> None:
    assert streamed(Mask(["hunter2"]), "my hun", "te", "r2!") == "my ***!"


def test_what_only_began_like_a_value_is_told_in_the_end() -> None:
    mask = Mask(["hunter2"])

    assert mask.part("a hunter") == ("a ", "hunter")
    assert streamed(mask, "a hunter", "s") == "a hunters"


def test_of_two_that_begin_alike_nothing_of_the_longer_one_is_left_over() -> None:
    assert streamed(Mask(["abc", "abcdef"]), "xabc", "def", "abc.") == "x******."


def test_a_value_that_holds_another_is_waited_for() -> None:
    assert streamed(Mask(["abc", "xabcz"]), "xabc", "z") == "***"


def test_what_was_cut_off_within_a_value_shows_no_part_of_it() -> None:
    mask = Mask(["hunter2"])

    assert mask.cut_off("the hunt", 8) == "the ***"
    assert mask.cut_off("the hunt", 9) == "the hunt"


@given(
    some.lists(some.text("ab", min_size=2, max_size=5), min_size=1, max_size=3),
    some.lists(some.text("abc", max_size=6), max_size=6),
)
def test_pieces_are_masked_as_the_whole_is(values: list[str], pieces: list[str]) -> None:
    mask = Mask(values)

    assert streamed(mask, *pieces) == mask.text("".join(pieces))
