from pathlib import Path

import pytest

from botsched.errors import InvalidError
from botsched.moving.crontab.zone import MachineZone, machine_zone

BRUSSELS = "Europe/Brussels"


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    """Where a system keeps its zones."""
    folder = tmp_path / "zoneinfo"
    for name in ("Europe/Brussels", "posix/Asia/Tokyo", "Asia/Tokyo", "Etc/UTC"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.rpartition("/")[2].encode())
    return folder


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc"


def test_the_link_names_it(etc: Path, zones: Path) -> None:
    (etc / "localtime").symlink_to(zones / BRUSSELS)

    assert machine_zone({}, etc, zones) == MachineZone(
        BRUSSELS, f"Times are on the clock of {BRUSSELS} ({etc}/localtime)."
    )


def test_copies_of_all_zones_have_the_names_of_the_others(etc: Path, zones: Path) -> None:
    (etc / "localtime").symlink_to(zones / "posix/Asia/Tokyo")

    assert machine_zone({}, etc, zones).name == "Asia/Tokyo"


@pytest.mark.parametrize("said", [BRUSSELS, "Asia/Tokyo", "Nowhere/Else", None])
def test_a_copy_is_recognised_whatever_a_file_says(
    etc: Path, zones: Path, said: str | None
) -> None:
    (etc / "localtime").write_bytes(b"Brussels")
    if said:
        (etc / "timezone").write_text(f"{said}\n")

    assert machine_zone({}, etc, zones).name == BRUSSELS


def test_an_unknown_copy_is_not_guessed(etc: Path, zones: Path) -> None:
    (etc / "localtime").write_bytes(b"something else")

    with pytest.raises(InvalidError, match=r"unknown zone\. Give the zone .* --timezone"):
        machine_zone({}, etc, zones)


def test_without_any_file_it_is_utc(etc: Path, zones: Path) -> None:
    assert machine_zone({}, etc, zones).name == "UTC"


def test_the_environment_goes_before_and_is_told(etc: Path, zones: Path) -> None:
    (etc / "localtime").symlink_to(zones / BRUSSELS)

    assert machine_zone({"TZ": ":Asia/Tokyo"}, etc, zones) == MachineZone(
        "Asia/Tokyo",
        f"Times are on the clock of Asia/Tokyo (TZ in the environment); {etc}/localtime says "
        f"{BRUSSELS}. If cron goes by that, give --timezone {BRUSSELS}.",
    )
    assert machine_zone({"TZ": BRUSSELS}, etc, zones).how.endswith(f"({etc}/localtime).")
    assert machine_zone({"TZ": ""}, etc, zones).name == BRUSSELS


def test_a_zone_that_is_no_name_is_asked_for(etc: Path, zones: Path) -> None:
    with pytest.raises(InvalidError, match="TZ='CET-1CEST' in the environment names no known"):
        machine_zone({"TZ": "CET-1CEST"}, etc, zones)
