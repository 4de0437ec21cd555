"""How many mails a minute are sent."""

from botsched.outbox.pace import Pace


def test_no_more_go_out_than_in_any_minute() -> None:
    now = [0.0]
    pace = Pace(2, lambda: now[0])

    log = []
    for at in (0, 10, 20, 59.9, 60, 65, 70, 80):
        now[0] = at
        log.append((at, pace.has_room))
        if pace.has_room:
            pace.use()

    assert [at for at, has_room in log if has_room] == [0, 10, 60, 70]


def test_without_a_limit_there_is_always_room() -> None:
    pace = Pace(None)

    for _ in range(1000):
        pace.use()

    assert pace.has_room
