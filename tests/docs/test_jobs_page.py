"""The examples of docs/jobs.md are run, and its tables held against the code."""

import inspect
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import botscheduler
from botsched.catalog import Catalogue, load
from botsched.catalog.importing import close_packages
from botsched.domain.words import in_words
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome
from botsched.reports import render_html, render_text
from botsched.scheduling.schedules import made
from botsched.web.body import Fields
from botsched.web.formats.schedules import read_wanted

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "jobs.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ITEMS = re.findall(r"^\| `((?:[A-Z][a-z]+)\(.*?\))` \|", PAGE, re.MULTILINE)


@pytest.fixture
def examples(tmp_path: Path) -> Iterator[Catalogue]:
    for number, source in enumerate(EXAMPLES):
        (tmp_path / "examples").mkdir(exist_ok=True)
        (tmp_path / "examples" / f"example{number}.py").write_text(source)
    (tmp_path / "lines.txt").write_text("one\ntwo\n")
    yield load([tmp_path / "examples"])
    close_packages()


def run(examples: Catalogue, tmp_path: Path, name: str, *args: Any) -> Outcome:
    (found,) = (
        info.job_class_string
        for info in examples.description().classes
        if info.job_class_string.endswith(f".{name}")
    )
    return invoke(examples.find(found), Call("j", "e", list(args), tmp_path))


def test_every_example_loads(examples: Catalogue) -> None:
    assert examples.description().failures == ()
    assert len(examples.description().classes) == len(EXAMPLES)


def test_the_examples_do_what_the_page_says(
    examples: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(examples, tmp_path, "Hello", "world", 2).result == {"greeted": "world"}
    assert capsys.readouterr().out == "Hello, world!\n" * 2
    assert run(examples, tmp_path, "CountLines", "lines.txt").result == 2
    assert run(examples, tmp_path, "Fails").error == "The disk is full."
    assert run(examples, tmp_path, "OldJob", "x").result == ["x", "x"]
    half_way = run(examples, tmp_path, "Sends", "ann", "")
    assert (half_way.error, half_way.result) == ("There is a name missing.", {"sent": ["ann"]})
    failed = run(examples, tmp_path, "Weekly")
    assert failed.error == "More mails than allowed."
    assert failed.report is not None
    assert "mails" in render_text(failed.report)


def test_every_item_is_shown_with_an_example_that_works() -> None:
    nested = re.findall(r"^`(List\(.*\))`\.", PAGE, re.MULTILINE)
    assert len(nested) == 1
    shown = {example.partition("(")[0] for example in ITEMS}
    assert shown == set(botscheduler.__all__) - {"JobBase", "JobError", "report"}
    for example in [*ITEMS, *nested]:
        item = eval(example, vars(botscheduler))
        assert render_html((item,))
        assert render_text((item,))


def test_a_plot_looks_in_plain_text_as_the_page_shows_it() -> None:
    (shown,) = re.findall(r"```text\n(Mails today\n.*?)\n```", PAGE, re.DOTALL)
    (example,) = (each for each in ITEMS if "Mails today" in each)
    assert render_text((eval(example, vars(botscheduler)),), 60) == shown


def test_the_table_of_shipped_jobs_is_true() -> None:
    catalogue = load([ROOT / "jobs"])
    try:
        rows = dict(re.findall(r"^\| `(jobs\.\S+)` \| (.*?) \|", PAGE, re.MULTILINE))
        assert set(rows) == {info.job_class_string for info in catalogue.description().classes}
        for name, cell in rows.items():
            assert_parameters(catalogue.find(name).run, cell)
    finally:
        close_packages()


def assert_parameters(run: Any, cell: str) -> None:
    parameters = [p for p in inspect.signature(run).parameters.values() if p.name != "self"]
    named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert re.findall(r"`(\w+)`", cell) == [p.name for p in named]
    for parameter in named:
        optional = re.search(rf"\[`{parameter.name}`(?: ([^\]]+))?\]", cell)
        assert bool(optional) == (parameter.default is not parameter.empty)
        if optional and optional[1]:
            assert optional[1].strip('"').lower() == str(parameter.default).lower()


SCHEDULES = re.findall(r"^\| `(\{.*\})` \| (.*) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("keys", "words"), SCHEDULES)
def test_a_schedule_means_what_its_words_say(keys: str, words: str) -> None:
    fields = Fields(json.loads(keys))
    wanted = read_wanted(fields)
    fields.done()
    schedule = made(wanted, None, "UTC", datetime(2026, 1, 1, tzinfo=UTC), random.Random(0))

    assert in_words(schedule).replace(" (UTC)", "") == words
