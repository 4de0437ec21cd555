#!/usr/bin/env python3
"""What each view of the page costs a browser, through the program's real proxy.

    python benchmarks/page.py [--jobs 10000] [--executions 100000] [--rounds 10]

Fills a SQLite database, starts the program over it and opens each view in Chromium: with an empty
cache (first) and once more (again): a browser keeps no files of a server whose certificate it does
not trust, and so fetches them a second time. Of each it prints the requests that went over the
network, what came back as it came (compressed, with heads), and the time to interactive: from the
beginning of the navigation until the view shows its data and the browser has drawn it and waits;
median, least and most of the rounds, in milliseconds. Browser, proxy, server and database share one
machine.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lists import execution, job
from playwright.sync_api import Browser
from program import PASSWORD, TREE, USER, Program, program

from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.browser.chromium import chromium

_AHEAD = timedelta(hours=12)  # nothing becomes due while we measure

# Looks after each change of the document; the time is that since the navigation began.
_WATCH = """
window.ready = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    const shown = document.querySelector("#view h1, .opblock");
    if (!shown || document.querySelector("#view .waiting")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true });
});
"""
_COST = """
(end) => performance.getEntries()
  .filter((entry) => entry.startTime <= end && entry.transferSize > 0)
  .reduce((cost, entry) => [cost[0] + 1, cost[1] + entry.transferSize], [0, 0])
"""


@dataclass(frozen=True)
class Cost:
    """What one look at a view took."""

    requests: int
    size: int
    milliseconds: float


def fill(path: Path, jobs: int, executions: int) -> tuple[str, str]:
    """Make a database; return the ids of a job and of an execution."""
    now = datetime.now(UTC)
    stored = [
        replace(job(number, now), next_due=now + _AHEAD + timedelta(seconds=number))
        for number in range(jobs)
    ]
    store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
    store.write(lambda session: [session.jobs.add(each) for each in stored])
    for start in range(0, executions, 5000):
        numbers = range(start, min(start + 5000, executions))
        rows = [execution(number, stored[number % jobs], now) for number in numbers]
        store.write(lambda session, rows=rows: session.executions.add(rows))
    store.close()
    return stored[0].id, rows[-1].id


@contextmanager
def running(jobs: int, executions: int) -> Iterator[tuple[Program, list[str]]]:
    """The program over a filled database, and the addresses of its views."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job_id, execution_id = fill(folder / "page.db", jobs, executions)
        config = folder / "db.ini"
        config.write_text(f"[sqlite]\nfile_path = {folder / 'page.db'}\n")
        views = ["/", "/jobs", f"/jobs/{job_id}", "/jobs/new", "/executions"]
        views += [f"/executions/{execution_id}", "/files", "/logs", "/system", "/api"]
        with program("--db-config", str(config), "--jobs", str(TREE / "jobs")) as started:
            yield started, views


def look(browser: Browser, port: int, view: str) -> list[Cost]:
    """Open a view with an empty cache, and once more."""
    with browser.new_context(ignore_https_errors=True) as context:
        context.add_init_script(_WATCH)
        page = context.new_page()
        # An address with a name: the browser keeps the login, and uses its cache.
        page.goto(f"https://{USER}:{quote(PASSWORD)}@127.0.0.1:{port}/healthz")
        return [_opened(page, f"https://127.0.0.1:{port}{view}") for _ in range(2)]


def _opened(page: Any, address: str) -> Cost:
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    milliseconds = page.evaluate("() => window.ready")
    return Cost(*page.evaluate(_COST, milliseconds), milliseconds)


def told(costs: list[Cost]) -> str:
    """A part of a line of the table."""
    times = [cost.milliseconds for cost in costs]
    return (
        f"{costs[-1].requests:6} {costs[-1].size / 1000:8.1f} kB"
        f"{statistics.median(times):8.0f} ({min(times):.0f} to {max(times):.0f})".ljust(42)
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--executions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    print(f"{given.jobs} jobs, {given.executions} executions, {given.rounds} rounds")
    print(f"{'view':18}{'first: requests, size, ms':42}again")
    with running(given.jobs, given.executions) as (started, views), chromium() as browser:
        look(browser, started.port, "/")  # the first of all warms the server up
        for view in views:
            rounds = [look(browser, started.port, view) for _ in range(given.rounds)]
            first, again = (list(costs) for costs in zip(*rounds, strict=True))
            print(f"{view[:16]:18}{told(first)}{told(again)}", flush=True)


if __name__ == "__main__":
    main()
