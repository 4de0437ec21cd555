"""Warns before a file system is full."""

import os

from botscheduler import *
from jobs._values import number, several, size


class DiskUsage(JobBase):
    info = {
        "job_class_name": "Disk usage",
        "notes": "Fails when a file system is fuller than the limit, in bytes or in inodes.",
        "arguments": [
            {"type": "list", "name": "paths", "description": "paths on the file systems"},
            {"type": "number", "name": "limit", "description": "percent that may be used"},
        ],
        "example_arguments": '[["/", "/var"], 90]',
        "report_title": "Disk usage",
        "enabled": True,
    }

    @report
    def run(self, paths="/", limit=90):
        limit = number(limit, "The limit", 0, 100)
        rows, full = [], []
        for path in several(paths):
            space, inodes, total = usage(path)
            rows.append([path, size(total), f"{space:.1f} %", f"{inodes:.1f} %"])
            full += [f"{path} is at {space:.1f} %"] if space > limit else []
            full += [f"{path} has used {inodes:.1f} % of its inodes"] if inodes > limit else []
        yield Table(rows, header=["Path", "Size", "Used", "Inodes used"])
        if full:
            raise JobError(f"Above the limit of {limit} %: {'; '.join(full)}.")


def usage(path):
    """Give percent of space used, percent of inodes used, and the size in bytes."""
    try:
        fs = os.statvfs(path)
    except OSError as error:
        raise JobError(f"{path} cannot be examined: {error.strerror}.") from error
    # Like df: what is kept for root counts as neither used nor free.
    space = percent(fs.f_blocks - fs.f_bfree, fs.f_bavail)
    inodes = percent(fs.f_files - fs.f_ffree, fs.f_favail)  # some file systems count none
    return space, inodes, fs.f_blocks * fs.f_frsize


def percent(used, free):
    return 100 * used / (used + free) if used + free else 0.0
