"""Mails about runs, by a real mail server that comes and goes."""

import io
import signal
import time
import zipfile
from pathlib import Path

import pytest

from tests.support.program import Program, until
from tests.support.smtpserver import Faults, SmtpServer

pytestmark = pytest.mark.slow

WEEKLY = "own.tests_of_it.Weekly"
FAIL = "own.tests_of_it.Fail"
GREET = "own.tests_of_it.Greet"

PROFILES = """
[ops]
hostname = localhost
port = {ops}
security = unencrypted
from = bots@example.org
to = one@example.org, two@example.org

[night]
hostname = localhost
port = {night}
security = unencrypted
from = night@example.org
to = three@example.org
"""


@pytest.fixture
def servers():
    with SmtpServer() as ops, SmtpServer() as night:
        yield ops, night


@pytest.fixture
def program(make_program, servers) -> Program:
    ops, night = servers
    flags = ("--smtp-config", "smtp.ini", "--smtp-profile", "ops", "night", "--stop-grace", "1")
    program = make_program(*flags)
    text = PROFILES.format(ops=ops.port, night=night.port)
    Path(program.folder, "smtp.ini").write_text(text)
    return program


def states(program: Program, execution: str) -> dict[str, str]:
    """What became of the mails about an execution, by profile."""
    query = "SELECT profile, state FROM scheduler_outbox WHERE execution_id = ?"
    return {row["profile"]: row["state"] for row in program.rows(query, execution)}


def test_output_and_failures_are_mailed_through_each_profile(program, servers):
    ops, night = servers
    program.start()
    assert "through ops, night" in program.output
    program.ran(program.add_job(WEEKLY, 20_000, name="Figures <b>"))
    program.ran(program.add_job(FAIL, name="Backup"))
    program.ran(program.add_job("jobs.shell_command.ShellCommand", "true", name="Quiet"))

    received = ops.wait_for(2)
    assert night.wait_for(2)[0].recipients == ("three@example.org",)
    assert all(mail.sender == "bots@example.org" for mail in received)
    assert all(mail.recipients == ("one@example.org", "two@example.org") for mail in received)
    by_name = {
        name: mail.message
        for mail in received
        for name in ("Figures", "Backup")
        if name in mail.message["Subject"]
    }
    figures, backup = by_name["Figures"], by_name["Backup"]
    assert "succeeded" in figures["Subject"].lower()
    assert "failed" in backup["Subject"].lower()
    plain = figures.get_body(("plain",)).get_content()
    page = figures.get_body(("html",)).get_content()
    assert "Weekly figures" in plain
    assert "mails" in plain
    assert "<td" in page
    assert "Figures <b>" not in page
    assert "&lt;b&gt;" in page
    assert "Mails a day\n" in plain
    assert " ┤" in plain
    (picture,) = (part for part in figures.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page
    attachment, file = figures.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("figures.csv", "what;count")
    with zipfile.ZipFile(io.BytesIO(attachment.get_content())) as archive:
        (attached,) = map(archive.read, archive.namelist())
    assert attached.decode().splitlines()[-1] == "line 19999"
    assert "The disk is full." in backup.get_body(("plain",)).get_content()
    assert "The disk is full." in backup.get_body(("html",)).get_content()
    assert list(backup.iter_attachments()) == []
    time.sleep(1.2)  # a look of the outbox later, nothing came of the run without output
    assert len(ops.messages) == 2


def test_mails_wait_for_their_server_and_outlive_a_restart(program, servers):
    ops, night = servers
    ops.stop()
    program.start()
    execution = program.ran(program.add_job(GREET, name="Patient"))["execution_id"]
    night.wait_for(1)
    until(lambda: states(program, execution) == {"ops": "deferred", "night": "delivered"})
    (mail,) = (m for m in program.execution(execution)["mails"] if m["profile"] == "ops")
    assert "it refuses connections" in mail["last_error"]
    program.send(signal.SIGKILL)
    program.wait()
    # time passes
    program.change("UPDATE scheduler_outbox SET next_attempt_at = created_at WHERE "
                   "state = 'deferred'")  # fmt: skip

    ops.start()
    program.start()
    assert "Patient" in ops.wait_for(1)[0].message["Subject"]
    until(lambda: states(program, execution) == {"ops": "delivered", "night": "delivered"})
    assert len(ops.messages) == len(night.messages) == 1


def test_a_mail_server_that_hangs_holds_up_nothing(program, servers):
    ops, night = servers
    ops.faults = Faults(hang="mail")
    program.start()
    first = program.ran(program.add_job(GREET, name="First"))
    until(lambda: ops.transports)
    for _ in range(3):
        assert program.ran(first["job"]["job_id"])["state"] == "succeeded"
    night.wait_for(4)
    began = time.monotonic()
    assert program.stop() == 0
    assert time.monotonic() - began < 20
    assert program.is_gone()
    assert states(program, first["execution_id"])["ops"] in {"sending", "deferred"}
