"""Checks that a file, such as a backup, is fresh and not empty."""

import glob
import time
from datetime import datetime
from pathlib import Path

from botscheduler import *
from jobs._values import number, size

SHOWN = 10


class FileAge(JobBase):
    info = {
        "job_class_name": "File age and size",
        "notes": "Looks at the newest of the files that a pattern matches and fails when it is\n"
        "too old or too small, or when there is none. Made for backups and exports.",
        "arguments": [
            {
                "type": "string",
                "name": "pattern",
                "description": "such as /backup/**/*.tar.gz",
                "required": True,
            },
            {"type": "number", "name": "hours", "description": "age at most, in hours"},
            {"type": "integer", "name": "bytes", "description": "size at least, in bytes"},
        ],
        "example_arguments": '["/backup/**/*.tar.gz", 26, 1000000]',
        "report_title": "File age and size",
        "enabled": True,
    }

    @report
    def run(self, pattern, hours=24, bytes=1):  # noqa: A002  the name that operators write
        hours = number(hours, "The age in hours")
        least = number(bytes, "The size in bytes")
        found = newest_files(pattern)
        if not found:
            raise JobError(f"No file matches {pattern!r}.")
        yield Table(
            [[str(path), when(modified), size(length)] for modified, length, path in found[:SHOWN]],
            header=["File", "Changed", "Size"],
        )
        modified, length, path = found[0]
        age = (time.time() - modified) / 3600
        if age > hours:
            raise JobError(f"The newest file, {path}, is {age:.1f} hours old; {hours} are allowed.")
        if length < least:
            raise JobError(f"The newest file, {path}, has {length} bytes; {least} are demanded.")


def newest_files(pattern):
    """Give (time of change, bytes, path) of each file that matches, the newest first."""
    found = []
    for name in glob.iglob(str(Path(pattern).expanduser()), recursive=True):  # noqa: PTH207  absolute patterns
        path = Path(name)
        try:
            status = path.stat()
        except OSError:  # removed a moment ago, or a link to nothing
            continue
        if path.is_file():
            found.append((status.st_mtime, status.st_size, path))
    return sorted(found, reverse=True)


def when(timestamp):
    return f"{datetime.fromtimestamp(timestamp).astimezone():%Y-%m-%d %H:%M %Z}"
