"""A letter as plain text that reads well alone."""

from collections.abc import Iterator

from botsched.notify.letter import Letter, Line, Section
from botsched.reports import Item, Report, Table, Text, Title, render_text
from botsched.reports import Section as Heading

WIDTH = 76


def plain(letter: Letter) -> str:
    """The whole text, in lines of at most 76 columns, as far as words and addresses allow."""
    return render_text(tuple(_items(letter)), WIDTH) + "\n"


def _items(letter: Letter) -> Iterator[Item]:
    yield Title(f"{letter.outcome.upper()}: {letter.name}")
    for words in (letter.context, letter.lead, letter.hint):
        if words:
            yield Text(words)
    if letter.facts:
        yield Table(letter.facts)
    if letter.links:
        yield Text("\n".join(f"{label}: {address}" for label, address in letter.links))
    for section in letter.sections:
        yield from _section(section)
    yield Text("\n".join(("--", *letter.footer)))


def _section(section: Section) -> Report:
    return (Heading(section.heading), *map(_line, section.lines), *section.report)


def _line(line: Line) -> Text:
    address = f"\n  {line.address}" if line.address else ""
    return Text(f"{line.outcome.upper()}: {line.name}\n  {line.text}{address}")
