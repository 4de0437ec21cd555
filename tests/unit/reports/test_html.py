from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.reports import Code, Data, Image, List, Section, Table, Text, Title, render_html

ELEMENTS = {"h2", "h3", "h4", "p", "br", "pre", "code", "img", "ul", "ol", "li", "div"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "tfoot",
    "blockquote",
    "strong",
    "a",
    "span",
}
VOID = {"br", "img"}
ATTRIBUTES = {
    *("src", "alt", "class", "align", "nowrap", "scope", "width", "height", "href", "rel"),
    *("role", "cellpadding", "cellspacing", "border", "style", "bgcolor", "valign", "rowspan"),
    "download",
}


class _Checker(HTMLParser):
    """Fails on elements that are not ours, on foreign attributes, and on bad nesting."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


@given(st.data())
@settings(deadline=None)
def test_no_text_ever_becomes_markup(any_report, data):
    html = render_html(data.draw(any_report))
    checker = _Checker()
    checker.feed(html)
    checker.close()
    assert not checker.open
    assert "<script" not in html.lower()
    html.encode()


def test_each_item_has_its_element():
    report = (
        Title("T"),
        Section("a & b"),
        Text("one\ntwo\n\nthree"),
        Code("1 < 2", "python"),
        Data({"k": "ä"}),
        List(["x", ["y", List([1], ordered=True)]]),
        Table([["", 1.5]], ["<h>", "n"]),
    )
    assert render_html(report).split("\n") == [
        "<h2>T</h2>",
        "<h3>a &amp; b</h3>",
        "<p>one<br>",
        "two</p>",
        "<p>three</p>",
        '<pre><code class="language-python">1 &lt; 2</code></pre>',
        '<pre><code class="language-json">{',
        "  &quot;k&quot;: &quot;ä&quot;",
        "}</code></pre>",
        "<ul><li>x</li><li><div>y</div><div><ol><li>1</li></ol></div></li></ul>",
        (
            '<table><thead><tr><th align="left">&lt;h&gt;</th>'
            '<th align="right" nowrap>n</th></tr></thead><tbody><tr><td align="left"></td>'
            '<td align="right" nowrap>1.5</td></tr></tbody></table>'
        ),
    ]


def test_images_stand_in_the_page_unless_told_otherwise():
    image = Image(b"abc", "image/gif", 'a "curve"')
    assert render_html((image,)) == (
        '<p><img src="data:image/gif;base64,YWJj" alt="a &quot;curve&quot;"></p>'
    )
    assert 'src="cid:1"' in render_html((image,), image_src=lambda _: "cid:1")


def test_a_remote_image_is_a_link_and_never_loaded():
    html = render_html(
        (Image("https://example.org/?a&b", 'a "curve"'), Image("http://example.org"))
    )
    assert html == (
        '<p><a href="https://example.org/?a&amp;b" rel="noopener noreferrer">'
        "a &quot;curve&quot;</a></p>\n"
        '<p><a href="http://example.org" rel="noopener noreferrer">http://example.org</a></p>'
    )


def test_images_have_the_size_that_was_given():
    assert 'alt="" width="300" height="50%">' in render_html(
        (Image(b"x", width=300, height="50%"),)
    )


def test_a_table_has_headers_of_rows_and_footers_of_columns():
    table = Table([["open", 443]], ["state", "port"], ["www"], ["all", 1])
    assert render_html((table,), styles={"tfoot": "font-weight:600"}) == (
        '<table><thead><tr><td align="left"></td><th align="left">state</th>'
        '<th align="right" nowrap>port</th></tr></thead>'
        '<tbody><tr><th scope="row" align="left">www</th><td align="left">open</td>'
        '<td align="right" nowrap>443</td></tr></tbody>'
        '<tfoot style="font-weight:600"><tr><th scope="row" align="left"></th>'
        '<td align="left">all</td><td align="right" nowrap>1</td></tr></tfoot></table>'
    )


@pytest.mark.parametrize(
    ("tag", "html"),
    [
        ("p", "<p>a</p>\n<p>&lt;b</p>"),
        ("h1", "<h2>a\n\n&lt;b</h2>"),
        ("h2", "<h3>a\n\n&lt;b</h3>"),
        ("h3", "<h4>a\n\n&lt;b</h4>"),
        ("pre", "<pre><code>a\n\n&lt;b</code></pre>"),
        ("blockquote", "<blockquote><p>a</p>\n<p>&lt;b</p></blockquote>"),
        ("strong", "<p><strong>a</strong></p>\n<p><strong>&lt;b</strong></p>"),
        ("em", "<p><em>a</em></p>\n<p><em>&lt;b</em></p>"),
        ("script", "<p>a</p>\n<p>&lt;b</p>"),
    ],
)
def test_text_looks_like_its_tag(tag, html):
    assert render_html((Text("a\n\n<b", tag),)) == html


def test_styles_are_written_into_the_elements():
    html = render_html((Text("x"), Title("y")), styles={"p": 'font-family: "A"'})
    assert html == '<p style="font-family: &quot;A&quot;">x</p>\n<h2>y</h2>'


def test_elements_are_framed():
    frames = {"pre": ("<table><tr><td>", "</td></tr></table>")}
    html = render_html((List([Code("x")]),), frames=frames, styles={"pre": "margin:0"})
    assert html == (
        '<ul><li><table><tr><td><pre style="margin:0"><code>x</code></pre></td></tr></table>'
        "</li></ul>"
    )


def test_addresses_do_not_become_links():
    assert "<a" not in render_html((Text("https://example.org javascript:x"),))
