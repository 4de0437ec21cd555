"""Settings given in Python."""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from botsched.errors import InvalidError, SettingsError, StartError
from botsched.library import Server
from botsched.library.jobs import Jobs
from botsched.settings.model import Dbms


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_settings_are_flags_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "start.html").touch()
    settings = Server(
        port=9443, no_proxy=True, job_coalesce=False, timezone="Europe/Paris", static_dir=tmp_path,
        index_page="start.html", database={"file_path": "mine.db"}, jobs_table="mine",
    ).settings()  # fmt: skip

    assert (settings.web.port, settings.proxy) == (9444, None)
    assert settings.web.index_page == tmp_path / "start.html"
    assert (settings.scheduling.coalesce, settings.scheduling.timezone.key) == (
        False,
        "Europe/Paris",
    )
    assert (settings.database.path, settings.database.tables.jobs) == (tmp_path / "mine.db", "mine")


def test_a_database_is_given_by_the_fields_of_its_section() -> None:
    fields = {"user": "u", "password": "p", "hostname": "h", "port": 5433, "database": "d"}
    database = (
        Server(database={"dbms": "postgresql", "sslmode": None, **fields}).settings().database
    )

    assert (database.dbms, database.hostname, database.port) == (Dbms.POSTGRESQL, "h", 5433)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"prot": 80}, "prot: there is no such setting; did you mean port?"),
        ({"port": 0}, "--port 0: accepted is"),
        ({"database": {"dbms": "oracle"}}, "database [oracle]: dbms 'oracle'"),
        ({"database": {"dbms": "mysql", "sslmode": "x"}}, "unknown field sslmode"),
        ({"database": "mysql://u:pw@h"}, "database: a value of type str was given; a dictionary"),
        ({"static_dir": ".", "index_page": 7}, "index_page 7: the path of a file is accepted."),
        ({"static_dir": ".", "index_page": "no.html"}, "no.html: there is no such file."),
        ({"index_page": "no.html"}, "no.html: give static_dir, too"),
    ],
)
def test_wrong_settings_are_told_as_those_of_the_program(
    given: dict[str, object], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        Server(**given).settings()  # type: ignore[arg-type]
    assert told in "; ".join(caught.value.faults)

    assert Server(**given).run() == 2  # type: ignore[arg-type]
    assert told in capsys.readouterr().err


def test_a_value_that_json_does_not_have_is_told_with_its_key() -> None:
    jobs = Jobs(Mock(), "me")
    with pytest.raises(InvalidError) as caught:
        jobs.add(name="x", start_date=datetime(2030, 1, 2, tzinfo=UTC), tags={"a"}, minute="5")

    assert set(caught.value.fields) == {"start_date", "tags"}
    assert "isoformat() gives the text" in caught.value.fields["start_date"]
    assert "a set with what JSON does not have" in caught.value.fields["tags"]


def test_what_code_of_ones_own_raises_is_told_with_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Mine(Server):
        def after_stop(self) -> None:
            raise ValueError("my own mistake")

    with pytest.raises(StartError, match=r"^Mine.after_stop\(\) failed: ValueError: my own mis"):
        Mine().stopped()
    assert "in after_stop" in caplog.text
    assert "in _call" not in caplog.text


def test_leaving_from_within_is_an_error_like_any_other() -> None:
    class Mine(Server):
        def after_stop(self) -> None:
            sys.exit("enough")

    with pytest.raises(StartError, match=r"^Mine.after_stop\(\) failed: SystemExit: enough"):
        Mine().stopped()


def test_it_runs_in_the_main_thread_alone(capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(Server().run()))
    thread.start()
    thread.join()

    assert codes == [3]
    told = capsys.readouterr().err
    assert "Server.run() was called in a thread; call it in the main thread" in told
    assert "Traceback" not in told


def test_there_are_no_jobs_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="has not started"):
        _ = Server().jobs
