"""Figures for collectors of time series."""

import re
from pathlib import Path

from botsched.web.formats.metrics import METRICS, metrics_text

LINE = re.compile(
    r'bots_scheduler_\w+(\{\w+="(?:[^"\\\n]|\\.)*"(,\w+="(?:[^"\\\n]|\\.)*")*\})? \S+'
)
PAGE = (Path(__file__).parents[4] / "docs" / "operation.md").read_text()


def lines_of(figures: dict[str, object]) -> list[str]:
    return metrics_text(figures).decode().splitlines()


def test_a_figure_is_told_with_its_kind_its_labels_and_its_value() -> None:
    counts = {"active": {"running": 2}, "last_hour": {"scheduled error": 4}}

    lines = lines_of({"record": {"jobs": 3, "paused": 1, "failing": 0, "held": True, **counts}})

    assert "# TYPE bots_scheduler_jobs gauge" in lines
    assert "bots_scheduler_jobs 3" in lines
    assert "bots_scheduler_held 1" in lines
    assert 'bots_scheduler_executions_last_hour{state="scheduled error"} 4' in lines
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)


def test_a_part_that_does_not_answer_is_down_and_one_that_is_not_there_is_nothing() -> None:
    lines = lines_of({"workers": {"error": "No answer within 3 seconds."}, "proxy": None})

    assert [line for line in lines if not line.startswith("#")] == [
        'bots_scheduler_part_up{part="workers"} 0'
    ]


def test_no_name_of_a_profile_breaks_its_line() -> None:
    hostile = {"profile": 'a"b\\c\nd', "owed": 1, "failing": 0, "dead": 0, "oldest_time": None}

    lines = lines_of({"outbox": [hostile]})

    assert r'bots_scheduler_mails_owed{profile="a\"b\\c\nd"} 1' in lines
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)
    assert not [line for line in lines if line.startswith("bots_scheduler_mails_oldest")]


def test_instants_are_seconds_since_1970_without_loss() -> None:
    proxy = {"state": "running", "restarts": 0,
             "certificate": {"expires_time": "2026-11-21T12:00:00+00:00"}}  # fmt: skip

    assert "bots_scheduler_certificate_expiry_timestamp_seconds 1795262400" in lines_of(
        {"proxy": proxy}
    )


def test_the_documentation_names_every_figure() -> None:
    told = set(re.findall(r"`(\w+)`", PAGE))

    assert {metric.name for metric in METRICS} | {"part_up"} <= told
