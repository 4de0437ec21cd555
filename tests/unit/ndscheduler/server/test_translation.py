"""Settings of ndscheduler, as ours."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from botsched.errors import SettingsError
from ndscheduler import ENVIRONMENT_VARIABLE, Settings
from ndscheduler.core.scheduler.base import BaseScheduler
from ndscheduler.server.translation import Translation, translated

Translate = Callable[..., Translation]


class Around(BaseScheduler):
    """A scheduler class of a user."""

    @classmethod
    def is_okay_to_run(cls, datastore: Any) -> bool:
        return True


@pytest.fixture
def translate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Translate]:
    """``translate("HTTP_PORT = 80")``, with variables of the environment by keyword."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "their_settings")
    known = set(sys.modules)

    def translate(source: str, **environ: str) -> Translation:
        (tmp_path / "their_settings.py").write_text(source)
        return translated(Settings(), environ)

    yield translate
    for name in sys.modules.keys() - known:
        del sys.modules[name]


def package(folder: Path, name: str) -> Path:
    for part in name.split("."):
        folder /= part
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    return folder


def test_defaults_are_those_of_ndscheduler(translate: Translate) -> None:
    result = translate("")

    assert result.settings == {
        "port": 7777,
        "local": True,
        "threadpool_size": 4,
        "max_workers": 8,
        "job_max_instances": 3,
        "job_coalesce": True,
        "job_misfire": 3600,
        "timezone": "UTC",
        "jobs_table": "scheduler_jobs",
        "executions_table": "scheduler_execution",
        "logs_table": "scheduler_jobauditlog",
    }
    assert result.database == {"dbms": "sqlite", "file_path": "datastore.db"}
    assert [note.partition(":")[0] for note in result.notes] == ["HTTP_PORT"]


def test_each_constant_has_its_place(translate: Translate, tmp_path: Path) -> None:
    folder = package(tmp_path, "simple.jobs")
    result = translate(
        "HTTP_PORT = 8888; HTTP_ADDRESS = '0.0.0.0'; THREAD_POOL_SIZE = 9; JOB_COALESCE = False\n"
        "JOB_CLASS_PACKAGES = ['simple.jobs']; STATIC_DIR_PATH = '/srv/page'\n"
        "APP_INDEX_PAGE = 'start.html'; DATABASE_TABLENAMES = {'jobs_tablename': 'j'}\n"
        "DATABASE_CLASS = 'ndscheduler.core.datastore.providers.postgresql.DatastorePostgresql'\n"
        "DATABASE_CONFIG_DICT = {'user': 'u', 'port': 5432}\n"
        "DEBUG = True; MINE = 1"
    )

    expected = {
        "port": 8888,
        "local": False,
        "threadpool_size": 9,
        "job_coalesce": False,
        "jobs": [str(folder)],
        "static_dir": "/srv/page",
        "jobs_table": "j",
    }
    assert expected.items() <= result.settings.items()
    assert result.index_page == Path("/srv/page/start.html")
    assert result.database == {"dbms": "postgresql", "user": "u", "port": 5432}
    assert [note.partition(":")[0] for note in result.notes] == ["HTTP_PORT", "DEBUG"]


def test_variables_of_the_environment_go_before_them(translate: Translate) -> None:
    result = translate(
        "HTTP_PORT = 8888",
        BOTS_SCHEDULER_PORT="99",
        BOTS_SCHEDULER_DB_PROFILE="big",
        BOTS_SCHEDULER_TIMEZONE="Europe/Berlin",
    )

    assert not {"port", "timezone"} & set(result.settings)
    assert result.database is None


def test_without_the_proxy_the_port_is_the_one_that_they_say(translate: Translate) -> None:
    result = translate("HTTP_PORT = 8888", BOTS_SCHEDULER_NO_PROXY="1")

    assert result.settings["port"] == 8887
    assert result.notes == []
    assert translate("HTTP_PORT = 8888", BOTS_SCHEDULER_NO_PROXY="0").settings["port"] == 8888


def test_no_address_opens_the_port_wider_than_it_says(translate: Translate) -> None:
    result = translate("HTTP_ADDRESS = '192.0.2.1'")

    assert result.settings["local"] is True
    assert "192.0.2.1 cannot be chosen" in result.notes[-1]


def test_of_a_scheduler_class_the_hooks_are_used_and_the_rest_is_told(
    translate: Translate,
) -> None:
    result = translate(f"SCHEDULER_CLASS = '{__name__}.Around'")

    assert result.settings["run_hooks"] == f"{__name__}.Around"
    assert result.notes[-1].startswith("SCHEDULER_CLASS: is_okay_to_run is not called: of several")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("JOB_CLASS_PACKAGES = ['none.such']", "JOB_CLASS_PACKAGES: there is no package"),
        ("JOB_CLASS_PACKAGES = ['bare.jobs']", "needs an __init__.py in each folder"),
        ("DATABASE_CLASS = 'mine.Mssql'", "DATABASE_CLASS: mine.Mssql is none of those"),
        ("SCHEDULER_CLASS = 'mine.None'", "SCHEDULER_CLASS: The hooks mine.None could not be"),
        ("import nothing_of_that_name", "NDSCHEDULER_SETTINGS_MODULE=their_settings: No module"),
        ("HTTP_PORT = ", "NDSCHEDULER_SETTINGS_MODULE=their_settings: SyntaxError: invalid syntax"),
        ("HTTP_PORT = 'abc'", "HTTP_PORT: 'abc': a whole number is accepted."),
        ("HTTP_PORT = None", "HTTP_PORT: None: a whole number is accepted."),
        ("HTTP_ADDRESS = ['a']", "HTTP_ADDRESS: is of type list; a text is accepted."),
        ("JOB_CLASS_PACKAGES = 'my.jobs'", "JOB_CLASS_PACKAGES: is of type str; a list of"),
        ("JOB_CLASS_PACKAGES = [7]", "JOB_CLASS_PACKAGES: 7: a list of packages is accepted"),
        ("JOB_CLASS_PACKAGES = ['broken.jobs']", "'broken.jobs': ZeroDivisionError: division by"),
        ("DATABASE_CLASS = None", "DATABASE_CLASS: is of type NoneType; a text is accepted."),
        ("DATABASE_CONFIG_DICT = 'x.db'", "DATABASE_CONFIG_DICT: is of type str; a dictionary is"),
        ("DATABASE_TABLENAMES = ['a']", "DATABASE_TABLENAMES: is of type list; a dictionary is"),
        ("SCHEDULER_CLASS = object", "SCHEDULER_CLASS: is of type type; a text is accepted."),
        ("STATIC_DIR_PATH = 7", "STATIC_DIR_PATH: is of type int; the path of a folder is"),
    ],
)
def test_what_cannot_be_is_told_with_its_constant(
    translate: Translate, tmp_path: Path, source: str, told: str
) -> None:
    (tmp_path / "bare" / "jobs").mkdir(parents=True)
    (package(tmp_path, "broken") / "__init__.py").write_text("1 / 0")
    with pytest.raises(SettingsError) as caught:
        translate(source, **{ENVIRONMENT_VARIABLE: "their_settings"})

    assert told in str(caught.value)
