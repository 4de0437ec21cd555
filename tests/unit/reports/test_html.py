from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from botsched.reports import Code, Data, Image, List, Section, Table, Text, Title, render_html

ELEMENTS = {"h2", "h3", "h4", "p", "br", "pre", "code", "img", "ul", "ol", "li", "div"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
VOID = {"br", "img"}


class _Checker(HTMLParser):
    """Fails on elements that are not ours, on foreign attributes, and on bad nesting."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= {"src", "alt", "class", "align", "nowrap"}, attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


@given(st.data())
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


def test_styles_are_written_into_the_elements():
    html = render_html((Text("x"), Title("y")), styles={"p": 'font-family: "A"'})
    assert html == '<p style="font-family: &quot;A&quot;">x</p>\n<h2>y</h2>'


def test_addresses_do_not_become_links():
    assert "<a" not in render_html((Text("https://example.org javascript:x"),))
