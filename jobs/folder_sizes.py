"""Shows where the space of a folder goes."""

import os
from collections import Counter
from pathlib import Path

from botscheduler import *
from jobs._values import number, size

MOST = 50
UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class FolderSizes(JobBase):
    info = {
        "job_class_name": "Sizes of folders",
        "notes": "Draws what takes the most space in a folder: its files, and its folders with\n"
        "all that is in them. Other file systems are left out, and hard links count once.",
        "arguments": [
            {"type": "string", "name": "path", "description": "the folder to look into"},
            {"type": "integer", "name": "count", "description": f"how many, at most {MOST}"},
        ],
        "example_arguments": '["/var", 10]',
        "report_title": "Sizes of folders",
        "enabled": True,
    }

    @report
    def run(self, path="/var", count=10):
        count = int(number(count, "The count", 1, MOST))
        used, unread = used_in(path)
        total = used.total()
        largest = used.most_common(count)
        unit = max(index for index in range(len(UNITS)) if 1024**index <= max(total, 1))
        yield Plot(
            [round(each / 1024**unit, 3) for _, each in largest],
            [name for name, _ in largest],
            kind="bars",
            title=f"The largest in {path}",
            unit=UNITS[unit],
        )
        yield Table(
            [[name, size(each), f"{100 * each / (total or 1):.1f} %"] for name, each in largest],
            header=["Name", "Size", "Share"],
            footer=["Everything", size(total), ""],
        )
        if unread:
            yield Text(f"Folders and files that could not be read, and are not counted: {unread}.")


def used_in(path):
    """Count the bytes on disk of all that is in a folder, by name, and what cannot be read."""
    try:
        device = Path(path).stat().st_dev
        entries = list(os.scandir(path))
    except OSError as error:
        raise JobError(f"{path} cannot be examined: {error.strerror}.") from error
    used, unread, linked = Counter(), 0, set()
    for top in entries:
        waiting = [top]
        while waiting:
            entry = waiting.pop()
            try:
                status = entry.stat(follow_symlinks=False)
                file = status.st_dev, status.st_ino
                if status.st_dev != device or file in linked:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting += os.scandir(entry)
                elif status.st_nlink > 1:
                    linked.add(file)
            except OSError:
                unread += 1
                continue
            used[top.name] += 512 * status.st_blocks
    return used, unread
