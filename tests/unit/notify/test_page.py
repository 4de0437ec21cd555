import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.notify.letter import Letter, Line, Section, Tone
from botsched.notify.page import page, weight
from botsched.reports import Code, Image, List, Table, Text, Title
from botsched.reports.html import data_uri
from tests.looks.mails import office
from tests.looks.samples import SAMPLES

MOST_BYTES = 102_000
"""What Gmail shows of a mail."""

ALONE = {"meta", "img", "br"}
ELEMENTS = ALONE | {
    *("html", "head", "title", "style", "body", "div", "table", "thead", "tbody", "tfoot", "tr"),
    *("td", "th", "p", "h1", "h2", "h3", "h4", "a", "b", "span", "pre", "code", "ul", "ol", "li"),
    *("blockquote", "strong", "em"),
}


class Outline(HTMLParser):
    """Whether elements are closed in order, what they are, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes) -> None:
        assert tag in ELEMENTS
        self.found.append((tag, dict(attributes)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.words.append(data)


def a_letter(text: str) -> Letter:
    lines = (Line(Tone.PLAIN, text, text, text, f"https://x.org/{text}"),)
    report = (
        Title(text),
        Text(text),
        Table([(text, 1)], (text, "n")),
        List(text),
        Image(b"x", alt=text),
    )
    sections = Section(text, (*report, Code(f"+{text}\n-{text}", "diff")), lines), Section(text)
    pair = (text, text)
    return Letter(Tone.BAD, text, text, text, text, text, (pair,), (pair,), sections, (text,))


@pytest.mark.parametrize("name", list(SAMPLES))
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(name):
    html = SAMPLES[name]().html(data_uri)
    outline = Outline(html)
    for tag, attributes in outline.found:
        assert not [each for each in attributes if each.startswith("on")]
        assert set(attributes) & {"src", "background", "srcset"} <= {"src"}
        if "src" in attributes:
            assert tag == "img"
            assert attributes["src"].startswith("data:image/png;base64,")
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith("https://bots.shop.example/")
        assert not re.search(r"url\(|@import|expression", attributes.get("style") or "")
    assert not re.search(r"url\(|@import", html.partition("</style>")[0])


@pytest.mark.parametrize("name", list(SAMPLES))
def test_it_is_small_enough_to_be_shown_whole(name):
    assert len(SAMPLES[name]().html(lambda image: "cid:x").encode()) < MOST_BYTES


@pytest.mark.parametrize("name", list(SAMPLES))
def test_readers_by_word_find_what_they_know(name):
    """Colours of grounds stand in attributes, and no style that they ignore holds up the rest."""
    html = SAMPLES[name]().html(data_uri)
    for tag, attributes in Outline(html).found:
        style = attributes.get("style") or ""
        assert not re.search(r"display:\s*(flex|grid)|position:|rgba|opacity|float:", style)
        ground = re.search(r"background-color:(#\w+)", style)
        if ground and tag in ("td", "table", "body"):
            assert attributes["bgcolor"] == ground[1]
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3
    Outline(office(html))


@settings(suppress_health_check=list(HealthCheck), max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_every_text_is_escaped(text):
    def shape(text: str) -> list[tuple[str, set[str]]]:
        outline = Outline(page(a_letter(text), lambda image: "cid:x"))
        return [
            (tag, set(attributes)) for tag, attributes in outline.found if tag not in ("br", "p")
        ]

    assert shape(f"x{text}".replace("\n", "")) == shape("x")


def test_markup_is_shown_as_text():
    hostile = "\"><script>&amp;</td></table>'--><![endif]-->"
    outline = Outline(page(a_letter(hostile), lambda image: "cid:x"))
    assert outline.words.count(hostile) >= 9


def test_lines_of_a_comparison_have_their_colours():
    html = page(a_letter("word"), lambda image: "cid:x")
    assert 'class="came" style="background-color:#dafbe1;color:#0b4a1d">+word</span>' in html
    assert 'class="went" style="background-color:#ffe3e0;color:#7d1a12">-word</span>' in html


def test_a_fact_stands_beside_the_beginning_of_its_label():
    html = page(a_letter("word"), lambda image: "cid:x")
    label, value, *_ = re.findall(r'<td (?:class="muted" )?[^>]*style="([^"]*)"[^>]*>word<', html)
    assert label.startswith("padding:2px 0;vertical-align:top;font-size:14px")
    assert value.startswith("padding:2px 0;vertical-align:top;font-size:14px")


def test_the_weight_of_a_part_is_its_bytes():
    assert weight((Text("ü"),)) == weight((Text("u"),)) + 1
