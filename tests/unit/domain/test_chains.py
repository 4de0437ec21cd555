"""Chains of jobs must not come back to where they began."""

from botsched.domain.chains import cycle_through

LINKS = {"a": ["b", "x"], "b": ["c"], "c": ["d", "a"], "x": ["d"]}


def test_the_way_back_is_told_with_the_start_at_both_ends() -> None:
    assert cycle_through("a", LINKS) == ["a", "b", "c", "a"]
    assert cycle_through("c", LINKS) == ["c", "a", "b", "c"]


def test_of_several_ways_the_shortest_is_told() -> None:
    assert cycle_through("a", LINKS | {"x": ["a"]}) == ["a", "x", "a"]


def test_what_runs_after_itself_is_a_cycle() -> None:
    assert cycle_through("a", {"a": ["a"]}) == ["a", "a"]


def test_two_ways_to_one_job_are_none() -> None:
    assert cycle_through("x", LINKS) is None
    assert cycle_through("a", {"a": ["b", "c"], "b": ["d"], "c": ["d"]}) is None


def test_a_cycle_elsewhere_is_not_this_ones() -> None:
    assert cycle_through("z", {"z": ["a"]} | LINKS) is None
