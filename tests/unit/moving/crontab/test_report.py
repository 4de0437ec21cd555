from botsched.moving.crontab.drafting import Drafting
from botsched.moving.crontab.report import crontab_report, general_remarks
from botsched.moving.crontab.sources import Source
from botsched.moving.report import Report
from tests.unit.moving.crontab.test_drafting import MACHINE


def report(*sources: Source, paused: bool = False) -> Report:
    return crontab_report(sources, Drafting(MACHINE, "root" if paused else None), ("And so on.",))


SYSTEM = Source("/etc/crontab", b"A=1\n* * * * * root a\n@reboot root b\n@daily root c\n",
                user_column=True, owner=None, how="system.")  # fmt: skip
DROPPED = Source("/etc/cron.d/my jobs", b"* * * * * root a\r\n", True, None, "d.")
OWN = Source("/var/spool/cron/crontabs/ann", b"* * * * * a\n", False, "ann", "ann's.")
PIPED = Source("standard input", b"* * * * * a\n", False, None, "piped.")


def test_all_files_are_one_report() -> None:
    found = report(SYSTEM, DROPPED, OWN)

    assert [item.place for item in found.items] == [
        "/etc/crontab:2", "/etc/crontab:3", "/etc/crontab:4", "/etc/cron.d/my jobs:1",
        "/var/spool/cron/crontabs/ann:1",
    ]  # fmt: skip
    assert found.read[0] == "system."
    assert found.read[1].startswith("d. It has the line ends of Windows.")
    assert found.read[2:] == ("ann's.", "And so on.")
    assert [job.name for job in found.new_jobs] == ["a", "c", "a (2)", "a (3)"]


def test_how_to_take_the_lines_out_of_cron_is_told() -> None:
    assert report(SYSTEM, DROPPED, OWN, PIPED).afterwards[1:] == (
        "  /etc/crontab: put # in front of lines 2, 4",
        "  mv '/etc/cron.d/my jobs' .",
        "  crontab -u ann -l > ann.crontab && crontab -u ann -r",
        "  its source: put # in front of line 1",
    )


def test_of_a_crontab_that_is_not_imported_as_a_whole_lines_are_named() -> None:
    own = Source(OWN.name, b"* * * * * a\n@reboot b\n@daily c\n", False, "ann", "")
    assert report(own).afterwards[1:] == ("  crontab -u ann -e: put # in front of lines 1, 3",)


def test_paused_jobs_are_to_be_resumed() -> None:
    assert report(OWN, paused=True).afterwards[-1].startswith("Then resume the jobs: on the page,")


def test_where_nothing_is_imported_nothing_is_to_be_taken_out() -> None:
    refused = Source("/etc/crontab", b"@reboot root b\n", True, None, "")
    assert report(refused).afterwards == ()


def test_what_holds_for_all_jobs_names_the_settings() -> None:
    first, second, *_ = general_remarks(slots=4, instances=5, misfire=60)
    assert "Here 4 run at a time" in first.text
    assert "of one job at most 5 run" in first.text
    assert "not later than 60 seconds" in second.text
