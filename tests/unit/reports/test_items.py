import pytest

from botsched.reports import Code, Data, Image, List, Section, Table, Text, Title, as_report


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Title(5), TypeError, "Title: text must be a string, not int"),
        (lambda: Text(None), TypeError, "Text: text must be a string, not None"),
        (lambda: Code(b"x"), TypeError, "Code: text must be a string, not bytes"),
        (lambda: Code("x", 3), TypeError, "Code: language must be a string"),
        (lambda: Data({1, 2}), TypeError, "Data: the value cannot be written as JSON"),
        (lambda: Image(b""), ValueError, "Image: data is empty"),
        (lambda: Image(b"x", "text/html"), ValueError, "Image: media_type must be like"),
        (lambda: Image(b"x", "image/png\r\nX: y"), ValueError, "Image: media_type"),
        (lambda: List({"a": 1}), TypeError, "List: items, entry 1 must be a string"),
        (lambda: List(["a", b"b"]), TypeError, "List: items, entry 2 must be a string"),
        (lambda: List([{"a": 1}]), TypeError, "List: items, entry 1 must be a string"),
        (lambda: Table([[1, 2], [3]]), ValueError, "Table: row 2 has 1 cells, but row 1 has 2"),
        (lambda: Table([[1]], ["a", "b"]), ValueError, "row 1 has 1 cells, but the header has 2"),
        (lambda: Table([[1]], None, None, ["a", "b"]), ValueError, "footer has 2 cells, but row 1"),
        (lambda: Table([[1]], None, ["a", "b"]), ValueError, "2 row_headers do not fit 1 rows"),
        (lambda: Table([[1]], list("abc"), ["a"]), ValueError, "2 cells, but the header has 3"),
        (lambda: Text("x", 3), TypeError, "Text: tag must be a string"),
        (lambda: Text("x", colour="red"), TypeError, "'colour'"),
        (lambda: Table(["ab"]), TypeError, "Table: row 1 must be a list, not str"),
        (lambda: Table([[object()]]), TypeError, "Table: row 1, entry 1 must be a string"),
    ],
)
def test_something_unusable_is_refused_when_the_item_is_made(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


def test_generators_become_tuples():
    assert List(str(n) for n in range(2)).items == ("0", "1")
    assert Table(((n, n) for n in range(2)), header=["a", "b"]).rows == ((0, 0), (1, 1))


def test_data_is_a_copy_that_later_changes_do_not_reach():
    value = {"disks": [1]}
    item = Data(value)
    value["disks"].append(2)
    assert item.value == {"disks": [1]}


def test_numbers_that_json_lacks_are_kept_as_words():
    assert List([float("inf"), float("nan")]).items == ("inf", "nan")
    numbers = [float("nan"), float("inf"), float("-inf"), 1.5]
    assert Data({"a": numbers}).value == {"a": ["NaN", "Infinity", "-Infinity", 1.5]}


def test_a_list_that_contains_itself_is_refused():
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(ValueError, match="nested more than 32 levels"):
        List(loop)


def test_items_nested_without_end_are_refused():
    def nested(levels):
        return List([nested(levels - 1)] if levels else [])

    with pytest.raises(ValueError, match="nested more than 32 levels"):
        nested(100)


def test_a_report_is_made_of_items_strings_and_whatever_holds_them():
    def parts():
        yield Title("T")
        yield ["words", None, (Section("S"),)]

    assert as_report(parts()) == (Title("T"), Text("words"), Section("S"))
    assert as_report("words") == (Text("words"),)
    assert as_report(Title("T")) == (Title("T"),)
    assert as_report(None) == ()


@pytest.mark.parametrize("value", [5, {"a": 1}, b"bytes", [Title("T"), object()]])
def test_a_report_is_not_made_of_anything_else(value):
    with pytest.raises(TypeError, match="A report is made of items and strings"):
        as_report(value)


def test_items_of_different_kinds_differ():
    assert Title("x") != Section("x")
    assert len({Title("x"), Title("x"), Section("x")}) == 2


ROWS = [["open", 443], ["closed", 80]]


@pytest.mark.parametrize(
    ("item", "same"),
    [
        (List("one", "two"), List(["one", "two"])),
        (List("one", 2, ordered=True), List(["one", 2], ordered=True)),
        (List(*["only"]), List(["only"])),
        (List(*[]), List([])),
        (List(Text("x")), List([Text("x")])),
        (List(["a"], ["b"]), List([["a"], ["b"]])),
        (Table(ROWS, ["state", "port"]), Table(ROWS, header=["state", "port"])),
        (Table(ROWS, None, None, None), Table(ROWS)),
        (
            Table(ROWS, ["state", "port"], ["www", "db"], ["all", 2]),
            Table(ROWS, [None, "state", "port"], ["www", "db"], [None, "all", 2]),
        ),
        (Text("x", "h4"), Text("x", tag="h3")),
        (Text("x", "B"), Text("x", tag="strong")),
        (Text("x", "marquee"), Text("x")),
        (Text("x", color="red", size=14, style="bold", name="x"), Text("x")),
        (Title("x", color="red"), Title("x")),
        (Table(ROWS, name="ports"), Table(ROWS)),
    ],
)
def test_items_of_the_former_bots_scheduler_mean_the_same(item, same):
    assert item == same


def test_rows_stand_behind_their_headers():
    table = Table(ROWS, ["state", "port"], [2026, 2027])
    assert table.full_rows() == ((2026, "open", 443), (2027, "closed", 80))
    assert table.numeric_columns() == [True, False, True]
    assert Table(ROWS).full_rows() == Table(ROWS).rows
