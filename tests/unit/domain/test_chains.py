"""Chains of jobs must not come back to where they began."""

import pytest

from botsched.domain.chains import KIND, MOST_LINKS, cycle_through

Links = dict[str, list[str]]
LINKS: Links = {"a": ["b", "x"], "b": ["c"], "c": ["d", "a"], "x": ["d"]}


def way_back(start: str, links: Links) -> list[str] | None:
    return cycle_through(start, lambda job_id: links.get(job_id, []))


def test_the_way_back_is_told_with_the_start_at_both_ends() -> None:
    assert way_back("a", LINKS) == ["a", "b", "c", "a"]
    assert way_back("c", LINKS) == ["c", "a", "b", "c"]


def test_of_several_ways_the_shortest_is_told() -> None:
    assert way_back("a", LINKS | {"x": ["a"]}) == ["a", "x", "a"]


def test_what_runs_after_itself_is_a_cycle() -> None:
    assert way_back("a", {"a": ["a"]}) == ["a", "a"]


def test_two_ways_to_one_job_are_none() -> None:
    assert way_back("x", LINKS) is None
    assert way_back("a", {"a": ["b", "c"], "b": ["d"], "c": ["d"]}) is None


def test_a_cycle_elsewhere_is_not_this_ones() -> None:
    assert way_back("z", {"z": ["a"]} | LINKS) is None


def test_links_are_a_list_of_ids_and_an_empty_one_is_none() -> None:
    assert KIND.read(["a", "b"]) == ("a", "b")
    assert KIND.read([]) is None
    assert KIND.data(("a", "b")) == ["a", "b"]
    assert KIND.words(("a", "b")) == "a, b"


def test_other_things_are_no_links() -> None:
    for value in ("a", {"a": 1}, [1], [None], 7):
        with pytest.raises(TypeError, match="a list of job ids, or null"):
            KIND.read(value)
    with pytest.raises(ValueError, match="a job is there twice"):
        KIND.read(["a", "b", "a"])
    with pytest.raises(ValueError, match="101 are too many; give 100 at most"):
        KIND.read([str(number) for number in range(MOST_LINKS + 1)])
