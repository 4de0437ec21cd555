from pathlib import Path

import pytest

from botsched.settings.model import DatabaseSettings, Dbms
from botsched.settings.shipped import shipped
from tests.unit.settings.conftest import FaultsOf, Load

SERVER = """
[postgresql]
user = bots
password = 100%
hostname = db
port = 5432
database = bots
sslmode = require

[reporting]
dbms = mysql
user = bots
hostname = db
database = bots
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "db.ini"
    path.write_text(SERVER)
    return path


@pytest.mark.usefixtures("file")
def test_the_profile_is_named_like_the_system(load: Load) -> None:
    assert load(dbms="postgresql").database == DatabaseSettings(
        Dbms.POSTGRESQL,
        hostname="db",
        port=5432,
        user="bots",
        password="100%",
        database="bots",
        sslmode="require",
    )


@pytest.mark.usefixtures("file")
def test_a_profile_of_another_name_states_the_system(load: Load) -> None:
    database = load(db_profile="reporting").database

    assert database.dbms is Dbms.MYSQL
    assert database.password is None


@pytest.mark.usefixtures("file")
def test_sqlite_does_without_a_section(load: Load, tmp_path: Path) -> None:
    assert load().database.path == tmp_path / "bots-scheduler.db"


@pytest.mark.usefixtures("file")
def test_a_contradicting_flag_is_refused(faults_of: FaultsOf) -> None:
    [fault] = faults_of(dbms="postgresql", db_profile="reporting")

    assert fault.endswith("[reporting]: is a profile for mysql, but --dbms says postgresql.")


@pytest.mark.usefixtures("file")
def test_an_unknown_profile_is_answered_with_those_there_are(faults_of: FaultsOf) -> None:
    [fault] = faults_of(db_profile="nowhere")

    assert fault.endswith(
        "there is no profile 'nowhere'; profiles there: 'postgresql', 'reporting'."
    )


def test_a_server_without_any_file_names_the_template(faults_of: FaultsOf) -> None:
    [fault] = faults_of(dbms="mysql")

    assert f"[mysql] is in no file: copy {shipped('conf') / 'db.ini.template'} to" in fault


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[postgresql]\n", ["user is missing.", "hostname is missing.", "database is missing."]),
        (
            SERVER.replace("5432", "70000"),
            ["port '70000': a whole number from 1 to 65535 is accepted."],
        ),
        (SERVER.replace("require", "yes"), ["sslmode 'yes': one of disable, allow, prefer"]),
        (SERVER.replace("user", "usr", 1), ["unknown field usr;", "user is missing."]),
        (SERVER.replace("[reporting]\n", "").replace("dbms = mysql", "", 1), None),
    ],
)
def test_faulty_fields_are_named(
    faults_of: FaultsOf, file: Path, text: str, faults: list[str] | None
) -> None:
    file.write_text(text)

    found = faults_of(dbms="postgresql")

    if faults is None:
        assert "is there twice in [postgresql]" in found[0]
    else:
        assert len(found) == len(faults)
        for fault, start in zip(found, faults, strict=True):
            assert fault.startswith(f"{file} [postgresql]: {start}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[sqlite]\nfile_path = conf\n", "is a folder; the path of a file is accepted."),
        ("[sqlite]\ndbms = mysql\n", "dbms 'mysql': sqlite is accepted."),
        ("[sqlite]\nport = 1\n", "unknown field port; known are dbms, file_path."),
    ],
)
def test_a_faulty_sqlite_profile_is_named(
    faults_of: FaultsOf, file: Path, text: str, fault: str
) -> None:
    file.write_text(text)

    assert faults_of()[0].endswith(fault)


def test_a_profile_that_states_no_system_is_refused(faults_of: FaultsOf, file: Path) -> None:
    file.write_text("[mine]\nfile_path = x.db\n")

    assert faults_of(db_profile="mine")[0].endswith(
        "[mine]: dbms is missing; sqlite, postgresql, mysql are accepted."
    )
