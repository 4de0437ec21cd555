"""Jobs that print: colours, much, slowly, to both streams."""

import sys
import time
from pathlib import Path

from botscheduler import JobBase


class Colours(JobBase):
    """Lines as programs colour them for a terminal."""

    info = {"job_class_name": "Print in colours", "notes": "Prints a few coloured lines."}

    def run(self):
        print("\x1b[1;32mok\x1b[0m 12 tables checked")
        print("\x1b[33mwarning\x1b[0m table \x1b[4morders\x1b[0m is 92 % full")
        print(
            "\x1b[1;31merror\x1b[0m table \x1b[38;5;208minvoices\x1b[0m is locked", file=sys.stderr
        )


class Lines(JobBase):
    """As many lines as one likes."""

    info = {
        "job_class_name": "Print lines",
        "notes": "Prints numbered lines, as many as asked for.",
        "arguments": [
            {"type": "number", "name": "count", "description": "how many lines"},
            {"type": "string", "name": "text", "description": "what each line says"},
        ],
        "example_arguments": '[100, "a line"]',
    }

    def run(self, count, text="a line"):
        print("\n".join(f"{number} {text}" for number in range(1, count + 1)))
        return {"lines": count}


class Waits(JobBase):
    """Prints, then waits until a file is there, so that a test says when it goes on."""

    info = {
        "job_class_name": "Wait for a file",
        "notes": "Prints a line, waits for a file, and prints another one.",
        "arguments": [{"type": "string", "name": "path", "description": "path of the file"}],
    }

    def run(self, path):
        print("waiting", flush=True)
        while not Path(path).exists():
            time.sleep(0.05)
        print("goes on", flush=True)
