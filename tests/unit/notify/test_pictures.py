"""What becomes of pictures and files of a report in a mail."""

from botsched.notify.files import File
from botsched.notify.pictures import Pictures
from botsched.reports import File as ReportFile
from botsched.reports import Image, List, Text


def test_files_of_a_report_go_with_the_mail():
    pictures = Pictures()

    shown = pictures.prepared((List(ReportFile(b"a;b", "figures.csv")), Image(b"x", "image/webp")))

    assert shown[0] == List(Text("[File: see figures.csv]"))
    assert pictures.files[0] == File("figures.csv", "text/csv", b"a;b")
    assert len(pictures.files) == 2
