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
def started(folder: Path, *jobs: Path, more: tuple[str, ...] = ()) -> Iterator[Program]:
    """The program in a folder of its own, with these folders of jobs and more flags."""
    prepare(folder, users=USERS)
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
    conf = folder / "conf"
    conf.mkdir()
    (conf / "smtp.ini").write_text(SMTP)
    (conf / "notify.ini").write_text(NOTIFY)
    for file in conf.iterdir():
        file.chmod(0o600)
    with started(folder, SHOP, more=("--smtp-profile", PROFILE)) as program:
        stir(program)
        yield program
