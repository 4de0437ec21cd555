"""Programs for people with browsers: several users and a certificate of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from botsched.settings.model import DatabaseSettings, Dbms
from tests.browser.demo import SHOP, fill, stir
from tests.browser.demomails import NOTIFY, PROFILE, SMTP
from tests.browser.visits import USERS
from tests.support.certificates import write_self_signed
from tests.support.program import Program, prepare


@contextmanager
def started(
    folder: Path, *jobs: Path, more: tuple[str, ...] = (), **conf: str
) -> Iterator[Program]:
    """The program in a folder of its own, with these folders of jobs, flags and INI files."""
    prepare(folder, users=USERS)
    for name, text in conf.items():
        file = folder / "conf" / f"{name}.ini"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)
    certificate = write_self_signed(folder / "server.pem", host="127.0.0.1")
    flags = [text for path in jobs for text in ("--jobs", str(path))]
    program = Program(
        folder, (*flags, *more, "--certificate", str(certificate), "--threadpool-size", "4")
    )
    try:
        yield program.start()
    finally:
        program.clean_up()


@contextmanager
def shop(folder: Path) -> Iterator[Program]:
    """The program of the demonstration, with its past."""
    database = DatabaseSettings(Dbms.SQLITE, path=folder / "bots-scheduler.db")
    fill(database, datetime.now(UTC))
    profile = ("--smtp-profile", PROFILE)
    with started(folder, SHOP, more=profile, smtp=SMTP, notify=NOTIFY) as program:
        stir(program)
        yield program
