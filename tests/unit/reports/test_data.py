import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.reports import (
    Data,
    File,
    Image,
    List,
    Plot,
    Table,
    Text,
    from_data,
    to_data,
    with_texts,
)


@given(st.data())
@settings(deadline=None)
def test_what_is_stored_is_read_back(any_report, data):
    report = data.draw(any_report)
    assert from_data(json.loads(json.dumps(to_data(report), allow_nan=False))) == report


def test_the_shape_is_plain_json():
    report = (
        Text("t"),
        List(["a", ["b", Text("c")]], ordered=True),
        Table([[1]], ["n"]),
        Image(b"\x89PNG", alt="x"),
        Text("t", "b"),
        Table([[1]], ["n"], ["a"], [1]),
        Image("https://example.org/", "x", 5, 6),
        File(b"GIF", "a.csv"),
        Plot([1, None]),
        Plot({"a": [2.5], "b": [3]}, ["x"], "bars", "t", "GB"),
    )
    assert to_data(report) == [
        {"type": "text", "text": "t"},
        {"type": "list", "ordered": True, "items": ["a", ["b", {"type": "text", "text": "c"}]]},
        {"type": "table", "header": ["n"], "rows": [[1]]},
        {"type": "image", "media_type": "image/png", "alt": "x", "data": "iVBORw=="},
        {"type": "text", "text": "t", "tag": "strong"},
        {
            "type": "table",
            "header": [None, "n"],
            "rows": [[1]],
            "row_headers": ["a"],
            "footer": [None, 1],
        },
        {
            "type": "image",
            "media_type": "",
            "alt": "x",
            "data": "",
            "width": "5",
            "height": "6",
            "address": "https://example.org/",
        },
        {"type": "file", "name": "a.csv", "media_type": "text/csv", "data": "R0lG"},
        {
            "type": "plot",
            "kind": "lines",
            "x": [1, 2],
            "series": [{"name": "", "values": [1, None]}],
        },
        {
            "type": "plot",
            "kind": "bars",
            "x": ["x"],
            "series": [{"name": "a", "values": [2.5]}, {"name": "b", "values": [3]}],
            "title": "t",
            "unit": "GB",
        },
    ]


def test_all_but_the_bytes_of_pictures_and_files_is_changed():
    report = (
        Text("abc"),
        Image(b"abc", alt="abc"),
        List("abc", ["abc", File(b"abc", "abc.txt")]),
        Table([[Image(b"abc"), "abc"]], ["abc", 1]),
        Plot({"abc": [1]}, ["abc"], title="abc", unit="abc"),
        Data({"type": "file", "data": "abc", "abc": ["abc"]}),
    )
    stored = json.dumps(to_data(report))
    hidden = json.dumps(with_texts(json.loads(stored), _hidden))
    assert "abc" in stored
    assert "abc" not in hidden
    assert hidden.count("YWJj") == stored.count("YWJj") == 3
    assert [type(item) for item in from_data(json.loads(hidden))] == list(map(type, report))


def _hidden(data):
    return json.loads(json.dumps(data).replace("abc", "***").replace("YWJj", "bytes"))


def test_nothing_that_is_read_back_has_a_file_read(tmp_path):
    file = tmp_path / "curve.gif"
    file.write_bytes(b"GIF89a")
    stored = {"type": "image", "media_type": "", "alt": "", "data": "", "address": str(file)}
    with pytest.raises(ValueError, match="is no address of a picture"):
        from_data([stored])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"type": "text"}, "must be an array"),
        ([{"type": "chart"}], "Unknown type of report item 'chart'; known are title"),
        ([{"text": "x"}], "Unknown type of report item None"),
        (["x"], "Unknown type of report item None"),
        ([{"type": ["text"]}], "Unknown type of report item ['text']"),
        ([{"type": "text"}], "Report item 'text' lacks the field 'text'"),
        ([{"type": "text", "text": 5}], "Report item 'text' is malformed"),
        ([{"type": "list", "ordered": False, "items": [{"type": "?"}]}], "item '?'"),
        ([{"type": "file", "name": "/etc/x", "media_type": "a/b", "data": ""}], "name must be"),
        ([{"type": "file", "name": "x", "media_type": "a/b", "data": "%"}], "'file' is malformed"),
        ([{"type": "plot", "kind": "pie", "x": [], "series": []}], "kind must be 'lines' or"),
        ([{"type": "plot", "kind": "bars", "x": [], "series": [{"name": "a"}]}], "'values'"),
        ([{"type": "plot", "kind": "bars", "x": [], "series": [5]}], "'plot' is malformed"),
        ([{"type": "image", "data": "%", "media_type": "image/png", "alt": ""}], "'image'"),
    ],
)
def test_malformed_data_is_refused_with_a_reason(data, words):
    with pytest.raises(ValueError) as caught:
        from_data(data)
    assert words in str(caught.value)
