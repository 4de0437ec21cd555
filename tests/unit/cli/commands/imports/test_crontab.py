import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from botsched.cli.commands.imports.printing import lines
from botsched.domain.job import Job
from botsched.domain.paging import AuditFilter, JobFilter, Paging
from botsched.moving.crontab.drafting import Drafting
from botsched.moving.crontab.lines import Dialect
from botsched.moving.crontab.report import crontab_report, general_remarks
from botsched.moving.crontab.sources import Reading
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from botsched.web.body import Fields
from botsched.web.formats.jobs import read_draft
from tests.support.values import NOW
from tests.unit.cli.conftest import Bots, Ended
from tests.unit.moving.crontab.test_drafting import MACHINE

HERE = Path(__file__).parent
USERS = {"root", "www-data", "daemon", "nobody", "backup"}
TEXT = "MAILTO=ops@example.com\n# Every night\n30 2 * * *\tcat%Hello\n*/5 * * * * echo often\n"


@pytest.fixture
def crontab(tmp_path: Path) -> Path:
    """A crontab that cron keeps for ann, as a copy elsewhere."""
    file = tmp_path / "var/spool/cron/crontabs/ann"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    return file


def database(tmp_path: Path) -> Store:
    return Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "bots-scheduler.db"))


def stored(tmp_path: Path) -> list[Job]:
    store = database(tmp_path)
    try:
        return store.read(lambda s: s.jobs.find(JobFilter(), Paging())).items
    finally:
        store.close()


def done(ended: Ended) -> str:
    assert (ended.code, ended.err) == (0, "")
    assert [each for each in ended.out.splitlines() if len(each) > 80 and " " in each] == []
    return ended.out


def test_the_report_of_a_crontab_of_many_kinds_of_lines() -> None:
    """To be written anew: python -m tests.unit.cli.commands.imports.test_crontab"""
    assert told() == (HERE / "sample.report").read_text()


def told() -> str:
    machine = replace(MACHINE, knows_user=USERS.__contains__, dialect=Dialect.DEBIAN)
    content = (HERE / "sample.crontab").read_bytes()
    source = Reading(Dialect.DEBIAN).source("/etc/crontab", content)
    report = crontab_report([source], Drafting(machine), ["On a clock."], general_remarks(2, 3, 60))
    return "\n".join((*lines(report, NOW), "", *report.afterwards, ""))


def test_the_jobs_are_added(bots: Bots, crontab: Path, tmp_path: Path) -> None:
    out = done(bots("import", "crontab", str(crontab), "--timezone", "Europe/Brussels", "--yes"))

    assert f"{crontab}:3\n" in out
    assert "\nAdded 2 jobs.\nSo that nothing is run twice," in out
    night, often = stored(tmp_path)
    assert (night.name, night.arguments) == (
        "Every night", {"command": "cat", "user": "ann", "stdin": "Hello\n"},
    )  # fmt: skip
    assert night.schedule.timezone.key == "Europe/Brussels"
    assert (often.name, often.paused) == ("echo often", False)
    store = database(tmp_path)
    page = store.read(lambda s: s.audit.find(AuditFilter(), Paging()))
    store.close()
    assert [(each.event, each.job_name) for each in page.items] == [
        ("added", "echo often"), ("added", "Every night"),
    ]  # fmt: skip
    assert page.items[0].user.endswith(" (import)")


def test_a_second_import_adds_only_what_is_new(bots: Bots, crontab: Path, tmp_path: Path) -> None:
    arguments = ("import", "crontab", str(crontab), "--timezone", "UTC")
    done(bots(*arguments, "--yes"))

    again = done(bots(*arguments, "--yes"))
    assert "    2 there already, as they would be now\n" in again
    assert "\nThere is nothing to add.\n" in again
    crontab.write_text(f"A=1\n# moved\n{TEXT}@daily echo new\n")
    more = done(bots(*arguments, "--yes"))
    assert "    1 new\n    2 there already, and changed since: left as they are\n" in more
    assert "\nAdded 1 job.\n" in more
    assert len(stored(tmp_path)) == 3


def test_a_file_that_is_named_twice_is_read_once(bots: Bots, crontab: Path) -> None:
    report = done(bots("import", "crontab", str(crontab.parent), str(crontab), "--dry-run"))

    assert "2 found" in report


def test_where_nothing_becomes_a_job_nothing_changes_in_meaning(bots: Bots, crontab: Path) -> None:
    crontab.write_text("@reboot echo up\n")

    ended = bots("import", "crontab", str(crontab), "--dry-run")
    report = ended.out

    assert ended.code == 1
    assert "1 cannot be imported" in report
    assert "What changes in meaning" not in report


def test_it_is_asked_first(bots: Bots, crontab: Path, tmp_path: Path) -> None:
    no = bots("import", "crontab", str(crontab), stdin="n\n")
    assert (no.code, no.out.endswith("\nAdd 2 jobs? [y/N]: Nothing was added.\n")) == (130, True)
    assert not (tmp_path / "bots-scheduler.db").exists()

    assert bots("import", "crontab", str(crontab), stdin="y\n").code == 0
    assert len(stored(tmp_path)) == 2


@pytest.mark.parametrize("flags", [["--dry-run"], ["--json"], ["--dry-run", "--yes"]])
def test_looking_changes_nothing(
    bots: Bots, crontab: Path, tmp_path: Path, flags: list[str]
) -> None:
    assert bots("import", "crontab", str(crontab), *flags).code == 0
    assert not (tmp_path / "bots-scheduler.db").exists()


def test_json_can_do_it_too(bots: Bots, crontab: Path, tmp_path: Path) -> None:
    ended = bots("import", "crontab", str(crontab), "--json", "--yes", "--paused")

    data = json.loads(ended.out)
    assert data["totals"]["new"] == 2
    assert data["items"][0]["job"]["pub_args"]["stdin"] == "Hello\n"
    assert {job.id for job in stored(tmp_path)} == {item["job"]["job_id"] for item in data["items"]}
    assert all(job.paused for job in stored(tmp_path))


def test_the_jobs_of_the_json_are_such_as_the_rest_api_takes(bots: Bots, crontab: Path) -> None:
    data = json.loads(bots("import", "crontab", str(crontab), "--json").out)

    for item in data["items"]:
        draft = read_draft(Fields(item["job"]))
        assert draft.job_id == item["job"]["job_id"]
        assert draft.arguments == item["job"]["pub_args"]
        assert draft.timing.crontab == item["job"]["crontab"]


def test_standard_input_is_read(
    bots: Bots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = bots("import", "crontab", "-")
    assert (refused.code, "give --yes or --dry-run" in refused.err) == (2, True)

    piped = io.TextIOWrapper(io.BytesIO(TEXT.encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    from botsched.cli.program import outcome  # noqa: PLC0415

    assert outcome(["import", "crontab", "-", "--yes", "--user", "ann"]) == 0
    assert [job.id.rpartition(":")[0] for job in stored(tmp_path)] == ["crontab:standard.input"] * 2


def test_a_server_that_keeps_the_database_is_to_be_stopped(
    bots: Bots, crontab: Path, tmp_path: Path
) -> None:
    store = database(tmp_path)
    try:
        ended = bots("import", "crontab", str(crontab), "--yes")
        assert ended.code == 3
        assert "a SQLite file belongs to one program at a time: stop it to import." in ended.err
        assert "2 new" in done(bots("import", "crontab", str(crontab), "--dry-run"))
    finally:
        store.close()


def test_what_is_wrong_is_told(bots: Bots, tmp_path: Path) -> None:
    for arguments, code, told in (
        (["/no/such/file"], 2, "/no/such/file cannot be read: No such file or directory."),
        (["/etc/cron.daily"], 2, "/etc/cron.daily holds scripts and no crontab"),
        ([os.devnull, "--timezone", "Mars"], 2, "'Mars' is no known time zone"),
        ([], 2, "Missing argument 'FILE...'"),
    ):
        ended = bots("import", "crontab", *arguments)
        assert (ended.code, told in ended.err) == (code, True), ended.err


def test_a_folder_without_the_class_says_what_to_copy(
    bots: Bots, crontab: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()

    ended = bots("import", "crontab", str(crontab), "--jobs", "mine", "--dry-run")
    assert ended.code == 2
    assert "No job folder has the class that runs lines of a crontab: copy " in ended.err
    file = Path(ended.err.split("copy ")[1].split(" to ")[0])
    (tmp_path / "mine" / file.name).write_text(file.read_text())
    shown = done(bots("import", "crontab", str(crontab), "--jobs", "mine", "--dry-run"))
    assert "2 new" in shown


if __name__ == "__main__":
    (HERE / "sample.report").write_text(told())
