"""Checks all web addresses that a data file lists."""

from pathlib import Path

from botscheduler import *
from jobs._values import number
from jobs.http_check import expect_status, fetch


class HttpList(JobBase):
    info = {
        "job_class_name": "HTTP check of a list",
        "notes": "Checks each address of a data file: one a line, optionally followed by the\n"
        "expected status (200). Empty lines and lines that begin with # are left out.",
        "arguments": [
            {
                "type": "file",
                "name": "path",
                "description": "data file with the addresses",
                "required": True,
            },
            {"type": "number", "name": "timeout", "description": "seconds at most for each"},
        ],
        "example_arguments": '["urls.txt", 10]',
        "report_title": "HTTP check of a list",
        "enabled": True,
    }

    @report
    def run(self, path, timeout=10):
        lines = [line.split() for line in Path(path).read_text().splitlines()]
        targets = [line for line in lines if line and not line[0].startswith("#")]
        if not targets:
            raise JobError(f"{Path(path).name} lists no address.")
        timeout = number(timeout, "The time limit", 0.001)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(8) as pool:
            faults = list(pool.map(lambda target: fault(*target[:2], timeout=timeout), targets))
        yield Table(
            [
                [url, found or "as expected"]
                for (url, *_), found in zip(targets, faults, strict=True)
            ],
            header=["Address", "Answer"],
        )
        failed = len(faults) - faults.count(None)
        if failed:
            raise JobError(f"{failed} of {len(faults)} addresses did not answer as expected.")


def fault(url, status=200, *, timeout):
    """Say what is wrong with an address, or None."""
    try:
        expect_status(fetch(url, timeout), status)
    except JobError as error:
        return str(error)
    return None
