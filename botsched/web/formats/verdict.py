"""What came out of a verification, as JSON."""

from typing import Any

from botsched.domain.execution import Fate
from botsched.domain.verification import Finding, Kind, Verdict
from botsched.web.formats.times import time_text


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """The numbers of all, and the findings that are listed."""
    return {
        "clean": verdict.clean,
        "from": time_text(verdict.start),
        "to": time_text(verdict.end),
        "jobs": verdict.jobs,
        "partly": verdict.partly,
        "due": verdict.due,
        "fates": {fate: verdict.fates[fate] for fate in Fate},
        "skipped": dict(verdict.causes),
        **{kind: verdict.counts[kind] for kind in Kind},
        "findings": [_finding_data(finding) for finding in verdict.findings],
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "job_id": finding.job_id,
        "job_name": finding.job_name,
        "first": time_text(finding.first),
        "last": time_text(finding.last),
        "count": finding.count,
        "why": finding.why,
        "execution_id": finding.execution_id,
    }
