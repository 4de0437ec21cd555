"""A job with a report of every kind of item."""

import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from botscheduler import (
    Code,
    Data,
    File,
    Image,
    JobBase,
    List,
    Plot,
    Section,
    Subsection,
    Table,
    Text,
    Title,
    report,
)


class Reports(JobBase):
    """Any text in every place of a report."""

    info = {
        "job_class_name": "Report",
        "notes": "Makes a report of all kinds of items.",
        "arguments": [{"type": "string", "name": "text", "description": "stands everywhere"}],
        "example_arguments": '["Berlin"]',
        "report_title": "Everything",
    }

    @report
    def run(self, text="Berlin"):
        yield Title(text)
        yield Section(f"Section {text}")
        yield Text(f"A paragraph.\n\nAnother one about {text}.")
        yield Subsection(f"Subsection {text}")
        yield Code(f"print({text!r})", "python")
        yield Data({"text": text, text: [1, 2.5, None, True]})
        yield List([text, [text, "deeper"], "last"])
        yield List(["first", text], ordered=True)
        yield Table([[text, 12], ["other", 1234.5]], header=["what", text])
        curves = {text: [3, None, 7.25, 9], "other": [1, 2, 4, 8]}
        yield Plot(curves, x=[text, "b", "c", "d"], title=f"Lines {text}", unit=text)
        yield Plot([-5, 20], x=[text, "b"], kind="bars")
        yield Image(_square(), "image/png", alt=text)
        yield File(f"about {text}".encode(), "about.csv")


class LongReports(JobBase):
    """A table of many rows."""

    @report
    def run(self, count=1500):
        yield Table([[number] for number in range(count)], ["number"], None, ["the end"])


class FormerReports(JobBase):
    """A report as the former bots-scheduler documents them."""

    @report
    def run(self, text="Berlin"):
        with TemporaryDirectory() as folder:
            file = Path(folder, "curve.png")
            file.write_bytes(_square())
            picture = Image(str(file), text, 32, 16)
        yield Section(text), List(*[text, "second"])
        rows = [[text, 443], ["closed", 80]]
        yield Table(rows, ["state", "port"], [text, "db"], ["all", 2])
        yield Table([[picture, Data({"text": text})]])
        yield Image("https://example.org/curve.png", text)
        yield Text(text, "strong"), Text(text, "h2"), Text(text, "blockquote"), Text(text, "pre")


def _square(size=64):
    rows = b"".join(b"\0" + b"\x2f\x6f\xdf" * size for _ in range(size))

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
