"""The table of what holds for all jobs."""

from dataclasses import replace

from botsched.domain.controls import Controls, Hold
from botsched.domain.window import windows_kind
from tests.support.values import NOW

ALL = Controls(
    Hold("ann", NOW, "ü ☃ 'quoted'"),
    windows_kind().read(
        [
            {"name": "nightly", "crontab": "0 2 * * *", "duration": 60, "timezone": "Asia/Tokyo"},
            {"name": "once", "from": "2027-03-01T10:00+00:00", "to": "2027-03-02T08:00+00:00"},
        ]
    ),
)


def test_nothing_holds_at_first(store) -> None:
    assert store.read(lambda s: s.controls.get()) == Controls()


def test_what_holds_reads_back_and_is_taken_away(store) -> None:
    for controls in (ALL, replace(ALL, hold=None), replace(ALL, windows=()), Controls()):
        store.write(lambda s, controls=controls: s.controls.put(controls, NOW, "ann"))

        assert store.read(lambda s: s.controls.get()) == controls
