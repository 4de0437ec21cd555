"""Strategies that draw any report, with texts that try to break out of HTML."""

import math

import pytest
from hypothesis import strategies as st

from botsched.reports import (
    Code,
    Data,
    File,
    Image,
    List,
    Plot,
    Section,
    Subsection,
    Table,
    Text,
    Title,
)

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</pre></td></table><script>",
    "&lt;script&gt;",
    "]]><!--",
    "\x1b[31mred\x1b[0m",
    "\x00\ud800\u202e",
    "line one\r\nline two",
]


def _scalars(texts):
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return texts | numbers | st.booleans() | st.none()


def _reports() -> st.SearchStrategy:
    texts = st.sampled_from(HOSTILE) | st.text(max_size=30)
    scalars = _scalars(texts)
    values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(texts, v))
    sizes = st.sampled_from([None, 7, "50%"])
    leaves = st.one_of(
        *(texts.map(kind) for kind in (Title, Section, Subsection)),
        st.builds(Text, texts, st.sampled_from(["p", "h1", "pre", "blockquote", "strong", "x"])),
        st.builds(Code, texts, texts),
        st.builds(Data, values),
        st.builds(Image, st.binary(min_size=1, max_size=9), st.just("image/png"), texts, sizes),
        st.builds(File, st.binary(max_size=9), st.sampled_from(['a".csv', "<b>.pdf", "\u202e數"])),
        st.builds(Image, st.just("https://example.org/?a=\"'<b>&"), texts),
    )

    numbers = st.none() | st.integers(-(10**90), 10**90) | st.floats()
    limited = numbers.filter(lambda number: number is None or not 1e100 < abs(number) < math.inf)

    def plot(size):
        series, count = size
        values = st.lists(limited, min_size=count, max_size=count)
        named = st.dictionaries(texts, values, min_size=series, max_size=series)
        places = st.lists(texts, min_size=count, max_size=count) | st.none()
        return st.builds(Plot, named, places, st.sampled_from(["lines", "bars"]), texts, texts)

    leaves |= st.tuples(st.integers(1, 3), st.integers(0, 6)).flatmap(plot)

    def nest(items):
        entries = scalars | items | st.lists(scalars | items, max_size=3)

        def line(count):
            return st.lists(entries, min_size=count, max_size=count)

        def table(size):
            width, height = size
            rows = st.lists(line(width), min_size=height, max_size=height)
            ends = st.none() | line(width)
            return st.builds(Table, rows, ends, st.none() | line(height), ends)

        tables = st.tuples(st.integers(1, 4), st.integers(1, 3)).flatmap(table)
        lists = st.builds(List, st.lists(entries, max_size=3), ordered=st.booleans())
        return lists | tables | st.just(Table([]))

    return st.lists(st.recursive(leaves, nest, max_leaves=8), max_size=4).map(tuple)


@pytest.fixture(scope="session")
def any_report() -> st.SearchStrategy:
    return _reports()
