from botsched.reports import File, Image, List, Table, Text, Title, files_of
from botsched.reports.walk import items_of

GIF = b"GIF89a"


def test_items_are_found_wherever_they_are_in_reading_order():
    inner = [Text("cell"), Text("in a list"), Text("footer")]
    table = Table([[inner[0], "x"]], None, None, [inner[2], 1])
    listed = List("a", ["b", [inner[1]]])
    assert list(items_of((Title("T"), table, listed))) == [
        *(Title("T"), table, inner[0], inner[2], listed, inner[1]),
    ]


def test_files_and_pictures_are_counted_together():
    report = (
        Image(GIF, "image/gif"),
        List(File(b"1", "one.txt"), [Image(GIF, "image/svg+xml")]),
        Image("https://example.org/a.png"),
        File(b"1", "one.txt"),
    )
    assert [(file.name, file.data) for file in files_of(report)] == [
        *(("picture-1.gif", GIF), ("one.txt", b"1"), ("picture-2.svg", GIF), ("one.txt", b"1")),
    ]
    assert files_of(()) == ()
