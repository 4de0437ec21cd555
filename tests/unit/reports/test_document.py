from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.reports import Table, Text, render_document


def test_a_document_holds_the_report_and_says_what_it_is_of():
    document = render_document((Text("all <is> well"),), "Back & up", "Back & up: succeeded")
    assert document.startswith("<!doctype html>\n")
    assert "<title>Back &amp; up</title>" in document
    assert "<p>all &lt;is&gt; well</p>" in document
    assert "<footer>Back &amp; up: succeeded</footer>" in document
    assert "{" in document
    assert "{{" not in document


@given(st.data())
@settings(deadline=None)
def test_nothing_is_loaded_and_nothing_runs(any_report, data):
    document = render_document(data.draw(any_report), "<script>", "</footer><script>")
    assert "<script" not in document.lower()
    assert 'src="http' not in document.lower()
    document.encode()


def test_braces_in_a_report_are_shown():
    assert "{title}" in render_document((Table([["{title}"]]),), "x", "{report}")
