"""Starts that cannot succeed: one clear message, the right exit code, nothing changed."""

import hashlib
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.support.certificates import write_self_signed
from tests.support.program import Program

pytestmark = pytest.mark.slow

SETTINGS, START, STORE = 2, 3, 4


@pytest.fixture(scope="module")
def used(make_program_once) -> Program:
    """A program that was used, and has stored something."""
    program = make_program_once().start()
    program.add_job("own.tests_of_it.Greet", name="Kept")
    program.ran(program.add_job("own.tests_of_it.Greet"))
    program.stop()
    return program


@pytest.fixture
def program(used, make_program) -> Program:
    program = make_program()
    shutil.copy(used.database, program.database)
    return program


def refuse(program: Program, *flags: str, code: int, says: list[str], lines: int = 1) -> None:
    """The start ends with this code and one message, and changes nothing."""
    before = _hash(program.database)
    found, message = program.refused(*flags)
    assert found == code, message
    assert "Traceback" not in message
    for text in says:
        assert text in message
    assert message.count("\n") == lines, message
    assert all(line.startswith("bots-scheduler: ") for line in message.splitlines())
    assert program.is_gone()
    assert _hash(program.database) == before


@pytest.mark.parametrize("above", [0, 1])
def test_a_port_in_use(program, above):
    with socket.socket() as other:
        other.bind(("127.0.0.1", program.port + above))
        other.listen()
        port = str(program.port + above)
        refuse(program, code=START, says=[port, "in use", "--port"])


def test_a_certificate_that_is_not_there(program):
    refuse(program, "--certificate", "no.pem", code=SETTINGS, says=["no.pem"])


def test_a_certificate_that_is_none(program):
    (program.folder / "bad.pem").write_text("not a certificate\n")
    refuse(program, "--certificate", "bad.pem", code=SETTINGS, says=["bad.pem", "certificate"])


def test_a_certificate_without_its_key(program):
    path = write_self_signed(program.folder / "server.pem")
    certificate = path.read_text().partition("-----BEGIN CERTIFICATE-----")
    path.write_text(certificate[1] + certificate[2])
    refuse(program, "--certificate", "server.pem", code=SETTINGS, says=["server.pem", "key"])


def test_a_malformed_line_among_the_users(program):
    with (program.folder / ".htpasswd").open("a") as file:
        file.write("nobody\n")
    refuse(program, code=SETTINGS, says=[".htpasswd", "line 2"])


def test_a_users_file_that_was_named_and_is_not_there(program):
    refuse(program, "--htpasswd", "people", code=SETTINGS, says=["people"])
    assert not (program.folder / "people").exists()


def test_a_job_folder_that_is_not_there(program):
    refuse(program, "--jobs", "nightly", code=SETTINGS, says=["--jobs", "nightly"])


def test_a_mail_file_that_is_not_there(program):
    flags = ("--smtp-config", "no.ini", "--smtp-profile", "ops")
    refuse(program, *flags, code=SETTINGS, says=["no.ini"])


def test_a_mail_file_that_cannot_be_read(program):
    (program.folder / "smtp.ini").write_text("hostname = here\n[ops\n")
    flags = ("--smtp-config", "smtp.ini", "--smtp-profile", "ops")
    refuse(program, *flags, code=SETTINGS, says=["smtp.ini", "line"])


def test_a_mail_profile_that_nobody_wrote(program):
    text = "[ops]\nhostname = here\nport = 25\nfrom = a@example.org\nto = b@example.org\n"
    (program.folder / "smtp.ini").write_text(text)
    flags = ("--smtp-config", "smtp.ini", "--smtp-profile", "night")
    refuse(program, *flags, code=SETTINGS, says=["night", "ops", "smtp.ini"])


def test_a_database_profile_that_nobody_wrote(program):
    (program.folder / "db.ini").write_text("[sqlite]\nfile_path = x.db\n")
    flags = ("--db-config", "db.ini", "--db-profile", "big")
    refuse(program, *flags, code=SETTINGS, says=["big", "db.ini"])


def test_all_faults_of_the_settings_are_told_at_once(program):
    flags = ("--jobs", "nightly", "--timezone", "Mars/Olympus", "--threadpool-size", "many")
    says = ["nightly", "Mars/Olympus", "many"]
    refuse(program, *flags, code=SETTINGS, says=says, lines=3)


def test_a_database_of_a_newer_revision(program):
    with sqlite3.connect(program.database) as connection:
        connection.execute("UPDATE scheduler_meta SET value = '99' WHERE name = 'revision'")
    connection.close()
    refuse(program, code=STORE, says=["bots-scheduler.db", "revision 99"])


def test_a_file_that_is_no_database(program):
    program.database.write_bytes(b"These are my notes, and no database at all.\n" * 200)
    refuse(program, code=STORE, says=["bots-scheduler.db", "no database"])


def test_a_database_that_is_damaged(program):
    content = bytearray(program.database.read_bytes())
    content[100:8192] = b"\xa5" * (8192 - 100)
    program.database.write_bytes(content)
    refuse(program, code=STORE, says=["bots-scheduler.db", "damaged"])


def test_a_database_folder_that_is_not_there(program):
    (program.folder / "db.ini").write_text("[sqlite]\nfile_path = nowhere/x.db\n")
    refuse(program, "--db-config", "db.ini", code=STORE, says=["nowhere/x.db", "folder"])


def test_a_database_of_another_program(program):
    program.database.unlink()
    with sqlite3.connect(program.database) as connection:
        connection.execute("CREATE TABLE scheduler_jobs (id INTEGER)")
    connection.close()
    refuse(program, code=STORE, says=["scheduler_jobs", "another program"])


def test_a_second_server_on_the_same_database(program, make_program):
    program.start()
    other = make_program()
    (other.folder / "db.ini").write_text(f"[sqlite]\nfile_path = {program.database}\n")
    code, message = other.refused("--db-config", "db.ini")
    assert (code, message.count("\n")) == (START, 1)
    assert f"process {program.process.pid}" in message
    assert str(program.database) in message
    assert other.is_gone()
    assert program.ask("GET", "/api/v1/jobs").status == 200


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
