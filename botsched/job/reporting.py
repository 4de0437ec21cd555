"""The decorator that makes a report of what a job's ``run`` returns or yields."""

from collections.abc import Callable, Iterator
from functools import wraps

from botsched.job.base import JobBase
from botsched.reports import Item, Report, as_report


def report(run: Callable[..., object]) -> Callable[..., Report]:
    """Let ``run`` return or yield items, strings and nested lists of them as its report.

    What a generator yielded before it raised stays in the report of the failed run.
    """

    @wraps(run)
    def reporting(self: JobBase, *args: object, **kwargs: object) -> Report:
        items: list[Item] = []
        self.report_items = items
        result = run(self, *args, **kwargs)
        for part in result if isinstance(result, Iterator) else (result,):
            items.extend(as_report(part))
        return tuple(items)

    return reporting
