"""Cutting what is shown in a mail to a size: mail readers hide what is behind about 100 kB."""

from collections.abc import Callable
from typing import TypeAlias

from botsched.reports import Code, Data, Item, List, Report, Table, Text

Weigh: TypeAlias = Callable[[Report], int]
"""How many bytes a part of a report takes in a mail."""


def fit(report: Report, budget: int, weigh: Weigh) -> tuple[Report, bool]:
    """As much of the beginning of a report as weighs no more than that, and whether it is all."""
    taken: list[Item] = []
    for item in report:
        weight = weigh((item,)) + 1  # and a line end
        if weight > budget:
            return (*taken, *_beginning(item, budget, weigh)), False
        budget -= weight
        taken.append(item)
    return tuple(taken), True


def most(highest: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to this one that fits, if smaller ones do; 0 when none does."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _beginning(item: Item, budget: int, weigh: Weigh) -> Report:
    parts = _parts(item)
    if parts is None:
        return ()
    length, part = parts
    number = most(length, lambda number: weigh((part(number),)) < budget)
    return (part(number),) if number else ()


def _parts(item: Item) -> tuple[int, Callable[[int], Item]] | None:
    """How many parts an item has, and what gives the first so many; None for what stays whole."""
    match item:
        case Table(rows=rows, header=header, row_headers=heads):
            return len(rows), lambda n: Table(rows[:n], header, heads[:n])
        case List(items=items, ordered=ordered):
            return len(items), lambda n: List(items[:n], ordered=ordered)
        case Text(text=text, tag=tag):
            return len(text), lambda n: Text(f"{text[:n]}…", tag)
        case Code(text=text, language=language):
            return len(text), lambda n: Code(f"{text[:n]}…", language)
        case Data():
            return _parts(item.as_code())
        case _:
            return None
