"""What a run is asked to do, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from botsched import reports
from botsched.job.arguments import Arguments
from botsched.reports import Report


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a job; arguments of type ``file`` name files of ``data_dir``.

    ``secrets`` are those that it may ask for; ``why_not`` says why there are no others.
    """

    job_id: str
    execution_id: str
    args: Arguments
    data_dir: Path | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    why_not: str = "there are no secrets."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run.

    ``result`` is JSON data, ``error`` one line, ``traceback`` begins at the author's code, and
    ``description`` is what the class says of it for the list of executions.
    """

    succeeded: bool
    result: Any = None
    report: Report | None = None
    error: str | None = None
    traceback: str | None = None
    description: str = ""

    def to_data(self) -> dict[str, Any]:
        """Give JSON data."""
        data = asdict(replace(self, report=None))
        return data | {"report": None if self.report is None else reports.to_data(self.report)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what ``to_data`` gave."""
        report = data["report"]
        return cls(**{**data, "report": None if report is None else reports.from_data(report)})
