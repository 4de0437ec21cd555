"""The shipped jobs, loaded as the scheduler loads them and run as it runs them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from botsched.catalog import Catalogue, load
from botsched.catalog.importing import close_packages
from botsched.job.invoke import invoke
from botsched.job.outcome import Call, Outcome
from botsched.reports import render_html, render_text

RunJob = Callable[..., Outcome]


@pytest.fixture(scope="session")
def shipped() -> Path:
    return Path(__file__).parents[3] / "jobs"


@pytest.fixture
def catalogue(shipped: Path) -> Iterator[Catalogue]:
    yield load([shipped])
    close_packages()


@pytest.fixture
def run_job(catalogue: Catalogue, tmp_path: Path) -> RunJob:
    """Run a job by ``module.Class``; the data folder is ``tmp_path``."""

    def run(name: str, *args: Any, **kwargs: Any) -> Outcome:
        assert not (args and kwargs), "arguments are a list or a dictionary"
        call = Call("job", "run", kwargs or list(args), tmp_path)
        outcome = invoke(catalogue.find(f"jobs.{name}"), call)
        assert outcome.traceback is None, outcome.traceback
        render_html(outcome.report or ())
        return outcome

    return run


def shown(outcome: Outcome) -> str:
    """Give the report as text."""
    return render_text(outcome.report or (), 200)
