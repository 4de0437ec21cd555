"""When a request is the first of a login."""

from botsched.web.logins import SILENCE_SECONDS, Logins


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_only_the_first_request_is_a_login() -> None:
    seen: list[tuple[str, str]] = []
    logins = Logins(lambda *who: seen.append(who), Clock())
    for user, address in [("ann", "1"), ("ann", "1"), ("bob", "1"), ("ann", "2"), ("ann", "1")]:
        logins.seen(user, address)

    assert seen == [("ann", "1"), ("bob", "1"), ("ann", "2")]


def test_after_a_long_silence_it_is_a_login_again() -> None:
    seen: list[tuple[str, str]] = []
    clock = Clock()
    logins = Logins(lambda *who: seen.append(who), clock)
    for wait in (0, SILENCE_SECONDS, SILENCE_SECONDS, SILENCE_SECONDS + 1):
        clock.now += wait
        logins.seen("ann", "1")

    assert len(seen) == 2


def test_memory_stays_bounded() -> None:
    logins = Logins(lambda user, address: None)
    for number in range(20_000):
        logins.seen("ann", str(number))

    assert len(logins._last) == 10_000
