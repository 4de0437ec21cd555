"""Injects faults between the real program and a real mail server, and counts what became of mails.

    python -m tests.faults.mails --security starttls --security ssl

Each line of the table is a kind of fault, done at each step of a session in turn. Each time some
mails are owed; one of them is struck, then the fault is over. Mails count once for each recipient.
``doubled`` has to be 0 but where the server had kept a mail and could not say so, or the program
was killed before it had noted that: these are ``in doubt``.
"""

import argparse
import logging
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botsched.settings.model import Security
from tests.faults.trial import RUNNER
from tests.support.program import Program, prepare, until
from tests.support.smtpserver import Faults, Received, SmtpServer

JOBS = """
class Speaks(JobBase):
    def run(self):
        print("Something to be told.")
"""

PROFILES = """
[ops]
hostname = localhost
port = {port}
security = {security}
user = bots
password = secret
from = bots@example.org
to = one@example.org, two@example.org
fallback = spare

[spare]
hostname = localhost
port = {spare}
security = unencrypted
from = bots@example.org
to = one@example.org, two@example.org
"""

LOGIN = ("bots", "secret")
RECIPIENTS = ("one@example.org", "two@example.org")
AT_ONCE = 3
"""Mails that are owed when a fault strikes."""

KEPT = "accepted"
"""The step at which the server has kept a mail, and did not say so yet."""

STEPS = (
    *("connect", "helo", "starttls", "auth", "mail", "rcpt", "data", "message", KEPT),
    *("rset", "quit"),
)
LATER, NEVER = "450 4.3.0 later", "554 5.7.1 never"

Injection = Callable[["Post", str, str], None]


POINTS = {
    "a mail's claim written, not committed": False,
    "a mail's claim committed, nobody told": False,
    "a mail's outcome written, not committed": True,
    "a mail's outcome committed, nobody told": False,
}
"""Points of the program at which it is killed, and whether a mail is in doubt then."""


@dataclass
class Tally:
    """What was counted: mails times recipients."""

    faults: int = 0
    due: int = 0
    delivered: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    in_doubt: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.faults += other.faults
        self.due += other.due
        self.delivered += other.delivered
        self.refused += other.refused
        self.lost += other.lost
        self.doubled += other.doubled
        self.in_doubt += other.in_doubt
        self.wrong += other.wrong


class Post:
    """The program, the mail server that misbehaves, and one that stands in for it."""

    def __init__(self, folder: Path, server: SmtpServer, spare: SmtpServer) -> None:
        prepare(folder, jobs=JOBS)
        (folder / "smtp.ini").write_text(
            PROFILES.format(port=server.port, security=server.security, spare=spare.port)
        )
        self.server = server
        self.spare = spare
        self.orders = folder / "orders"
        self.program = Program(
            folder,
            ("--jobs", "own", "--no-proxy", "--smtp-config", "smtp.ini", "--smtp-profile", "ops"),
            {
                "FAULTS": f'{{"orders": "{self.orders}"}}',
                "SSL_CERT_FILE": str(server.certificate),
            },
            direct=True,
            command=RUNNER,
        )
        self.program.start()
        self.job = self.program.add_job("own.tests_of_it.Speaks", name="Speaks")
        self.tallies: dict[str, Tally] = {}

    # Time

    def owe(self) -> list[str]:
        """Have mails owed that cannot be sent yet; the executions they are about."""
        self.server.on_step = _ignored
        self.server.faults = Faults(replies={"connect": "450 4.3.2 not now"})
        found = [self.program.ran(self.job)["execution_id"] for _ in range(AT_ONCE)]
        until(lambda: self.states(found) == {"deferred": AT_ONCE})
        return found

    def hasten(self) -> None:
        """Let the time pass that the program waits between attempts."""
        self.program.change(
            "UPDATE scheduler_outbox SET next_attempt_at = created_at, attempts = 1"
            " WHERE state = 'deferred'"
        )

    def settle(self, executions: list[str]) -> None:
        """Wait until nothing is to be tried any more."""

        def is_settled() -> bool:
            self.hasten()
            return set(self.states(executions)) <= {"delivered", "dead"}

        until(is_settled)

    def come_back(self) -> None:
        """Start the program that was killed."""
        self.program.wait()
        self.orders.unlink(missing_ok=True)
        self.program.start()

    def kill(self) -> None:
        assert self.program.process is not None
        os.kill(self.program.process.pid, signal.SIGKILL)

    # Counting

    def states(self, executions: list[str]) -> Counter[str]:
        return Counter(row["state"] for row in self.rows(executions))

    def rows(self, executions: list[str]) -> list[Any]:
        marks = ", ".join("?" * len(executions))
        return self.program.rows(
            "SELECT id, execution_id, state, last_error FROM scheduler_outbox"
            f" WHERE execution_id IN ({marks})",
            *executions,
        )

    def count(self, kind: str, executions: list[str], in_doubt: int = 0) -> None:
        """Compare what was owed with what the servers have."""
        found = Tally(faults=1, due=len(executions) * len(RECIPIENTS))
        had = Counter(_told(self.server.messages + self.spare.messages))
        rows = {row["execution_id"]: row for row in self.rows(executions)}
        for execution in executions:
            row = rows.get(execution)
            for recipient in RECIPIENTS:
                times = had[row["id"], recipient] if row else 0
                is_refused = row is not None and _is_refused(row, recipient)
                found.delivered += times > 0
                found.doubled += max(times - 1, 0)
                found.refused += times == 0 and is_refused
                found.lost += times == 0 and not is_refused
        found.in_doubt = in_doubt
        if found.lost or found.doubled > in_doubt:
            found.wrong.append(f"{kind}: {found}, {[dict(row) for row in rows.values()]}")
        self.tallies.setdefault(kind, Tally()).add(found)


def _is_refused(row: Any, recipient: str) -> bool:
    """Whether the server's word, shown with the mail, is why somebody did not get it."""
    return "554" in (row["last_error"] or "") and (
        row["state"] == "dead" or recipient in row["last_error"]
    )


def _told(messages: list[Received]) -> Iterator[tuple[str, str]]:
    for received in messages:
        mail = str(received.message["Message-ID"]).strip("<>").partition("@")[0]
        for recipient in received.recipients:
            yield mail, recipient


class Trap:
    """Does something when a step is reached for the first time, and brings all back to order."""

    def __init__(self, post: Post, step: str, faults: Faults, act: Callable[[], None]) -> None:
        self._post = post
        self._step = step
        self._faults = faults
        self._act = act
        self.is_sprung = False

    def set(self) -> None:
        self._post.server.faults = Faults()
        self._post.server.on_step = self._look

    def _look(self, step: str) -> None:
        if step == self._step and not self.is_sprung:
            self._act()
            self._post.server.faults = self._faults
            self.is_sprung = True
        else:
            self._post.server.faults = Faults()


def _nothing() -> None:
    pass


def _ignored(_step: str) -> None:
    pass


def strike(post: Post, kind: str, step: str) -> None:
    """Have one fault of the server at a step."""
    executions = post.owe()
    trap = Trap(post, step, ANSWERS[kind](step), _nothing)
    trap.set()
    post.settle(executions)
    until(lambda: trap.is_sprung)  # the farewell comes last
    post.count(kind, executions, len(RECIPIENTS) if step == KEPT else 0)


def send_again(post: Post, kind: str, step: str) -> None:
    """Have a mail refused for good, and sent again when the cause is mended."""
    executions = post.owe()
    trap = Trap(post, step, Faults(replies={step: NEVER}), _nothing)
    trap.set()
    post.settle(executions)
    (dead,) = (row["id"] for row in post.rows(executions) if row["state"] == "dead")
    answer = post.program.ask("POST", f"/api/v1/mails/{dead}/resend", {})
    assert answer.json == {"mail_id": dead}, answer.text
    post.settle(executions)
    post.count(kind, executions)


def stop_at_step(post: Post, kind: str, step: str) -> None:
    """Stop the program in order when the server hears of a step, and start it anew."""
    executions = post.owe()
    trap = Trap(post, step, Faults(), post.program.send)
    trap.set()
    post.hasten()
    until(lambda: trap.is_sprung)
    assert post.program.wait() == 0, post.program.told
    post.come_back()
    post.settle(executions)
    post.count(kind, executions)


def kill_at_step(post: Post, kind: str, step: str) -> None:
    """Kill the program when the server hears of a step, and start it anew."""
    executions = post.owe()
    trap = Trap(post, step, Faults(drop=step), post.kill)
    trap.set()
    post.hasten()
    until(lambda: trap.is_sprung)
    post.come_back()
    post.settle(executions)
    post.count(kind, executions, len(RECIPIENTS) if step == KEPT else 0)


def kill_at_point(post: Post, kind: str, label: str) -> None:
    """Have the program kill itself at a point between its transactions."""
    executions = post.owe()
    post.server.on_step = _ignored
    post.server.faults = Faults()
    post.orders.write_text(label)
    post.hasten()
    post.come_back()
    post.settle(executions)
    post.count(kind, executions, len(RECIPIENTS) if POINTS[label] else 0)


def stay_away(post: Post, kind: str, _step: str) -> None:
    """Have the server away for three attempts, so that the other one stands in."""
    executions = post.owe()
    post.server.stop()
    post.program.change(
        "UPDATE scheduler_outbox SET next_attempt_at = created_at, attempts = 2"
        " WHERE state = 'deferred'"
    )
    until(lambda: post.states(executions) == {"delivered": AT_ONCE})
    post.server.start()
    post.count(kind, executions)


@contextmanager
def posted(security: str, folder: Path) -> Iterator[Post]:
    """The program with its servers, running."""
    folder.mkdir(parents=True, exist_ok=True)
    with SmtpServer(security, login=LOGIN) as server, SmtpServer() as spare:
        post = Post(folder, server, spare)
        try:
            yield post
            assert post.program.stop() == 0, post.program.told
        finally:
            post.program.clean_up()


ANSWERS: dict[str, Callable[[str], Faults]] = {
    "refused for now": lambda step: Faults(replies={step: LATER}),
    "refused for good": lambda step: Faults(replies={step: NEVER}),
    "line cut": lambda step: Faults(drop=step),
    "silent, then line cut": lambda step: Faults(delay=1.5, drop=step),
}
_WORDS = tuple(step for step in STEPS if step != KEPT)  # what it kept it does not refuse

KINDS: dict[str, tuple[Injection, tuple[str, ...]]] = {
    "refused for now": (strike, _WORDS),
    "refused for good": (strike, _WORDS),
    "line cut": (strike, STEPS),
    "silent, then line cut": (strike, STEPS),
    "server away, another one stands in": (stay_away, ("",)),
    "refused for good, then sent again": (send_again, ("mail", "data", "message")),
    "program stopped at a step of the session": (stop_at_step, STEPS),
    "program killed at a step of the session": (kill_at_step, STEPS),
    "program killed at its own transactions": (kill_at_point, tuple(POINTS)),
}


def inject(post: Post, kinds: Mapping[str, Collection[str]]) -> dict[str, Tally]:
    """Do each kind of fault at its steps, and give what was counted."""
    for kind, steps in kinds.items():
        for step in steps:
            if step != "starttls" or post.server.security == "starttls":
                KINDS[kind][0](post, kind, step)
    return post.tallies


def main() -> int:
    """Do all that was asked for; 1 when a mail was lost, or doubled without doubt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--security", action="append", choices=list(Security), help="default: all")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="default: all")
    asked = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of logins as they are wanted
    warnings.simplefilter("ignore", UserWarning)
    folder = Path(tempfile.mkdtemp(prefix="mail-faults-"))
    total = Tally()
    _print_row("security", "fault", COLUMNS)
    for security in asked.security or list(Security):
        kinds = {kind: KINDS[kind][1] for kind in asked.kind or KINDS}
        with posted(security, folder / security) as post:
            for kind, steps in kinds.items():
                found = inject(post, {kind: steps})[kind]
                _print_row(security, kind, _figures(found))
                total.add(found)
    _print_row("all", "all", _figures(total))
    for fault in total.wrong:
        print(fault)
    if total.wrong:
        print(f"what the programs left is in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


COLUMNS = ("faults", "due", "delivered", "refused", "lost", "doubled", "in doubt")


def _figures(found: Tally) -> tuple[int, ...]:
    return (
        *(found.faults, found.due, found.delivered, found.refused),
        *(found.lost, found.doubled, found.in_doubt),
    )


def _print_row(security: str, kind: str, figures: Iterable[object]) -> None:
    told = " ".join(f"{figure:>9}" for figure in figures)
    print(f"{security:12} {kind:42} {told}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
