"""Engines for databases on servers, before anything is asked of them."""

import shlex
import sys
from pathlib import Path

import pytest

from botsched.errors import StartError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.engine import open_engines


def settings(dbms: Dbms) -> DatabaseSettings:
    return DatabaseSettings(dbms, hostname="db", port=5, user="bots", password="s", database="d")


@pytest.mark.parametrize(
    ("dbms", "driver"), [(Dbms.POSTGRESQL, "psycopg"), (Dbms.MYSQL, "pymysql")]
)
def test_a_missing_driver_is_told_with_the_command_that_installs_it(
    dbms: Dbms, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)

    with pytest.raises(StartError) as caught:
        open_engines(settings(dbms))

    told, command = str(caught.value).split("Install it with: ")
    assert told.startswith(f"The driver for {dbms} is not installed (")
    *pip, pins = shlex.split(command)
    assert pip == [sys.executable, "-m", "pip", "install", "-r"]
    assert f"\n{driver}==" in "\n" + Path(pins).read_text().lower()
