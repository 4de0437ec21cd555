"""Jobs that print what terminals understand, and what would harm a page."""

import os
import sys
import time
from pathlib import Path

from botscheduler import JobBase

HARMFUL = [
    "<script>window.__hit=1</script><img src=x onerror='window.__hit=1'>",
    "\x1b]8;;javascript:window.__hit=1\x1b\\a link\x1b]8;;\x1b\\ behind it",
    "\x1b]0;a title\x07after a title",
    "\x1b[31m<b onclick=alert(1)>red</b>\x1b[0m plain",
    '\x1b[38;2;1;2;3;background:url("//x")mtrue\x1b[0m',
    "abc \u202egnp.exe\u202c end",
    "bell \x07 and \x1b[2J\x1b[1;1H nothing cleared",
    "{{ 1 + 1 }} ${1 + 1} `x`",
]


class Harmful(JobBase):
    """Every kind of line that must not do anything."""

    info = {"job_class_name": "Print what is harmful", "notes": "Nothing of it may happen."}

    def run(self):
        for line in HARMFUL:
            print(line)
        print("x" * 1_000_000)
        sys.stdout.flush()
        os.write(1, b"not \xff\xfe UTF-8\n")
        os.write(2, b"the last line has no end")


class Copies(JobBase):
    """Tells its progress, draws a bar as programs do, and waits for a file."""

    info = {
        "job_class_name": "Copy in steps",
        "notes": "Tells how far it is, and waits for a file.",
        "arguments": [{"type": "string", "name": "path", "description": "path of the file"}],
    }

    def run(self, path):
        for percent in range(0, 41, 10):
            print(f"\rcopied {percent} %", end="", flush=True)
        self.progress(0.4, "copying folders")
        while not Path(path).exists():
            time.sleep(0.05)
        print("\rcopied 100 %")
        self.progress(1.0, "done")


class Mixed(JobBase):
    """Output and errors by turns, in the colours of terminals."""

    info = {"job_class_name": "Print to both streams", "notes": "Prints to both streams."}

    def run(self, count=3):
        for number in range(1, count + 1):
            print(
                f"\x1b[32mstep {number}\x1b[0m \x1b[1;38;5;208morange\x1b[0m of {count}", flush=True
            )
            print(
                f"warning {number}: \x1b[38;2;0;0;139mdeep blue\x1b[0m", file=sys.stderr, flush=True
            )


class Pours(JobBase):
    """Many lines, one more when it is told to, and an end when it is told to."""

    info = {"job_class_name": "Pour lines", "notes": "Prints lines, and waits for two files."}

    def run(self, count, path):
        print("\n".join(f"drop {number}" for number in range(1, count + 1)), flush=True)
        while not Path(path).exists():
            time.sleep(0.05)
        print("the last drop", flush=True)
        while not Path(f"{path}.end").exists():
            time.sleep(0.05)
