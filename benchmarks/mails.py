#!/usr/bin/env python3
"""Mails: thousands owed at once, sent to a mail server on this machine.

    python benchmarks/mails.py [--mails 10000] [--part 500] [--rounds 5]

All ways take turns, each in a process of its own on a new SQLite file:

    kept       as it is: each mail recorded by itself, 100 mails a connection
    opened     the same with a connection for each mail
    bare       what is sent, without the outbox: nothing is read, claimed or recorded

over an encrypted line (SSL) and a plain one. Then all mails once, to see whether their number
matters: to the rate, to the memory of the sender, and to the order in which they arrive.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from program import spread

from botsched.domain.clock import system_clock
from botsched.domain.execution import OutputChunk, State
from botsched.domain.ids import new_id
from botsched.domain.outbox import Mail, MailState
from botsched.notify.channels.smtp import SmtpChannel
from botsched.notify.letter import Letterhead
from botsched.outbox.contents import Contents
from botsched.outbox.outbox import Outbox
from botsched.settings.model import DatabaseSettings, Dbms, MailSettings, Security, SmtpProfile
from botsched.store.session import Session
from botsched.store.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.smtpserver import Received, SmtpServer
from tests.support.values import an_execution

WAYS = ("kept", "opened", "bare")
BATCH = 500
GIVE_UP_SECONDS = 1800


def serve(security: str) -> None:
    """Be the mail server: say the port, then the id of each mail that comes."""
    server = SmtpServer(security)

    def note(received: Received) -> None:
        found = re.search(rb"\nMessage-ID: <([0-9a-z]+)@", received.content)
        print(found[1].decode() if found else "?", flush=True)

    server.on_message = note
    with server:
        print(server.port, flush=True)
        sys.stdin.read()


@contextmanager
def serving(security: str, log: Path) -> Iterator[tuple[int, Path]]:
    """The port of a mail server in a process of its own, and the file of what came."""
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, __file__, "--serve", security], stdin=subprocess.PIPE, stdout=file
        )
        while not (text := log.read_text()).endswith("\n"):
            time.sleep(0.05)
        yield int(text), log
        process.communicate()


def memory() -> float:
    """What this process has in memory, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def fill(session: Session, first: int, count: int) -> None:
    """Executions that failed, and a mail about each."""
    now = datetime.now(UTC)
    runs = [
        an_execution(
            job_id=f"job-{number % 50}", job_name=f"Nightly backup of host {number % 50}",
            state=State.FAILED, reason="It raised BackupError: the disk is full.",
            started_at=now - timedelta(seconds=70), ended_at=now, updated_at=now,
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    session.executions.add(runs)
    lines = "".join(f"copied /var/lib/data/part-{number:04}\n" for number in range(40))
    for run in runs:
        session.output.add(run.id, [OutputChunk(1, "out", now, lines)])
    session.outbox.add(
        [
            Mail(new_id(), run.id, "ops", MailState.QUEUED, 0, now, now, job_id=run.job_id)
            for run in runs
        ]
    )


def send(way: str, profile: SmtpProfile, count: int, folder: str) -> dict[str, float]:
    """Send so many mails; gives seconds, and MB before and at most."""
    contents = Contents(
        Letterhead(ZoneInfo("UTC"), "https://bots.example.org"),
        lambda _job_class: "",
        {"ops": profile.recipients},
    )
    store = Store(DatabaseSettings(Dbms.SQLITE, path=Path(folder, "mails.db")))
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        store.write(lambda s, first=first, size=size: fill(s, first, size))
    before = most = memory()
    begin = time.perf_counter()
    if way == "bare":
        send_bare(store, contents, profile, count)
    else:
        channel = SmtpChannel(profile)
        outbox = Outbox(MailSettings((profile,)), {"ops": channel}, contents, store, system_clock)
        outbox.start()
        while any(each.owed for each in store.read(lambda s: s.outbox.standings())):
            most = max(most, memory())
            time.sleep(0.1)
            if time.perf_counter() - begin > GIVE_UP_SECONDS:
                raise RuntimeError(f"mails are still owed after {GIVE_UP_SECONDS} s")
        outbox.close()
    seconds = time.perf_counter() - begin
    store.close()
    return {"seconds": seconds, "before": before, "most": max(most, memory())}


def send_bare(store: Store, contents: Contents, profile: SmtpProfile, count: int) -> None:
    """The text of one mail again and again, made anew each time."""
    mail = store.write(lambda s: s.mail_queue.claim("ops", datetime.now(UTC)))
    assert mail is not None
    notice = store.read(lambda s: contents.notice(s, mail))
    channel = SmtpChannel(profile)
    for first in range(0, count, profile.per_connection):
        with channel.open() as line:
            for _ in range(min(profile.per_connection, count - first)):
                line.send(notice, ())


def measured(way: str, security: str, count: int) -> dict[str, Any]:
    """One way in a process of its own; with whether all came, once and in order."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(security, Path(folder, "received")) as (port, log),
    ):
        command = [__file__, "--send", way, security, str(port), str(count), folder]
        done = subprocess.run(
            [sys.executable, *command], stdout=subprocess.PIPE, text=True, check=True
        )
        came = log.read_text().split()[1:]
    expected = count if way == "bare" else len(set(came))
    return {
        **json.loads(done.stdout),
        "lost": count - expected,
        "doubled": len(came) - expected,
        "ordered": came == sorted(came),
    }


def profile_of(way: str, security: str, port: int) -> SmtpProfile:
    profile = SmtpProfile(
        "ops", "localhost", port, Security(security), "bots@example.org", ("ann@example.org",),
        verify=False,
    )  # fmt: skip
    return replace(profile, per_connection=1) if way == "opened" else profile


def compare(security: str, count: int, rounds: int) -> None:
    """Print what each way does, and how it compares with the first in the same round."""
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found = measured(way, security, count)
            assert (found["lost"], found["doubled"]) == (0, 0), found
            rates[way].append(count / found["seconds"])
    for way in WAYS:
        ratios = [a / b for a, b in zip(rates[way], rates["kept"], strict=True)]
        print(f"{security:12}{way:10}{spread(rates[way], 0):>20}{spread(ratios):>22}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--part", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--send", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        return serve(given.serve)
    if given.send:
        way, security, port, count, folder = given.send
        profile = profile_of(way, security, int(port))
        return print(json.dumps(send(way, profile, int(count), folder)))
    print(f"Python {sys.version.split()[0]}, {given.rounds} rounds of {given.part} mails")
    print(f"{'line':12}{'way':10}{'mails a second':>20}{'of kept':>22}")
    for security in ("ssl", "unencrypted"):
        compare(security, given.part, given.rounds)
    print(f"\n{'mails':>8}{'a second':>10}{'lost':>6}{'doubled':>9}{'in order':>10}{'MB more':>9}")
    for count in (given.part, given.mails):
        found = measured("kept", "ssl", count)
        rate, more = count / found["seconds"], found["most"] - found["before"]
        order = "yes" if found["ordered"] else "no"
        print(f"{count:8}{rate:10.0f}{found['lost']:6}{found['doubled']:9}{order:>10}{more:9.1f}")
    return None


if __name__ == "__main__":
    main()
