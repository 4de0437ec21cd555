import asyncio
import base64
import logging
from collections.abc import Callable

import pytest

from botsched.proxy.child import login as module
from botsched.proxy.child.cache import CredentialCache
from botsched.proxy.child.login import Accepted, Login, Refused, Verdict, parse_basic
from botsched.proxy.child.throttle import LoginThrottle

APR1 = "$apr1$saltsalt$dlYe.Hj2BD6ZPtkWiilfQ1"
PASSWORD = "pass:wörd"


def basic(user: str, password: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{user}:{password}".encode())


class Checks:
    """The real check of passwords, counted."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str]] = []
        self.real = module.matches

    def __call__(self, password: bytes, hashed: str) -> bool:
        self.asked.append((password, hashed))
        return self.real(password, hashed)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    checks = Checks()
    monkeypatch.setattr(module, "matches", checks)
    return checks


def run(*headers: bytes, between: Callable[[Login], None] = lambda _: None) -> list[Verdict]:
    """Verdicts on these headers, one after the other."""

    async def main() -> list[Verdict]:
        login = Login({"çem": APR1}, CredentialCache(), LoginThrottle())
        verdicts = []
        for header in headers:
            verdicts.append(await login.check(header, "192.0.2.1"))
            between(login)
        login.close()
        return verdicts

    return asyncio.run(main())


def test_the_right_password_is_accepted_colon_umlaut_and_all() -> None:
    assert run(basic("çem", PASSWORD)) == [Accepted("çem")]


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Basic",
        b"Basic !!!",
        b"Basic " + base64.b64encode(b"no colon"),
        b"Basic " + base64.b64encode(b"\xff:x"),
        b"Bearer " + base64.b64encode(b"a:b"),
        b"Digest username=a",
    ],
)
def test_malformed_headers_are_refused_without_a_check(header: bytes, checks: Checks) -> None:
    assert parse_basic(header) is None
    assert run(header) == [Refused()]
    assert checks.asked == []


def test_the_scheme_may_be_in_any_case() -> None:
    assert parse_basic(b"bAsIc  " + base64.b64encode(b"a:b:c")) == ("a", b"b:c")


def test_a_second_request_costs_no_check(checks: Checks) -> None:
    header = basic("çem", PASSWORD)
    assert run(header, header, header) == [Accepted("çem")] * 3
    assert len(checks.asked) == 1


def test_wrong_passwords_are_refused_and_never_remembered(checks: Checks) -> None:
    assert run(basic("çem", "x"), basic("çem", "x")) == [Refused(), Refused()]
    assert len(checks.asked) == 2


def test_an_unknown_user_costs_the_same_check_as_a_known_one(checks: Checks) -> None:
    assert run(basic("eve", PASSWORD)) == [Refused()]
    assert checks.asked == [(PASSWORD.encode(), APR1)]


def test_without_any_user_a_decoy_is_checked(checks: Checks) -> None:
    def clear(login: Login) -> None:
        login.users = {}

    assert run(basic("eve", "x"), basic("eve", "x"), between=clear) == [Refused(), Refused()]
    assert checks.asked[1][1].startswith("$2b$12$")


def test_a_removed_user_is_refused_at_once() -> None:
    def remove(login: Login) -> None:
        login.users = {"other": APR1}

    header = basic("çem", PASSWORD)
    assert run(header, header, between=remove) == [Accepted("çem"), Refused()]


def test_a_changed_password_is_effective_at_once_and_others_stay_logged_in(checks: Checks) -> None:
    def change(login: Login) -> None:
        login.users = {**login.users, "other": "{SHA}NMfTLf4kql4x98PMVl16orqGin0="}

    header = basic("çem", PASSWORD)
    assert run(header, header, between=change) == [Accepted("çem")] * 2
    assert len(checks.asked) == 1


def test_a_user_removed_during_the_check_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> Verdict:
        login = Login({"çem": APR1}, CredentialCache(), LoginThrottle())

        def remove_meanwhile(*_: object) -> bool:
            login.users = {}
            return True

        monkeypatch.setattr(module, "matches", remove_meanwhile)
        return await login.check(basic("çem", PASSWORD), "192.0.2.1")

    assert asyncio.run(main()) == Refused()


def test_the_same_credentials_are_checked_once_at_a_time(checks: Checks) -> None:
    async def main() -> list[Verdict]:
        login = Login({"çem": APR1}, CredentialCache(), LoginThrottle())
        header = basic("çem", PASSWORD)
        return await asyncio.gather(*(login.check(header, "192.0.2.1") for _ in range(20)))

    assert asyncio.run(main()) == [Accepted("çem")] * 20
    assert len(checks.asked) == 1


def test_guessing_is_throttled_while_the_logged_in_user_works_on(checks: Checks) -> None:
    good = basic("çem", PASSWORD)
    wrong = [basic("çem", str(n)) for n in range(30)]
    verdicts = run(good, *wrong, good)
    assert verdicts[0] == verdicts[-1] == Accepted("çem")
    assert verdicts[1:11] == [Refused()] * 10
    assert all(isinstance(v, Refused) and v.retry_after > 0 for v in verdicts[11:-1])
    assert len(checks.asked) == 11


def test_no_more_than_so_many_checks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 3)

    async def main() -> list[Verdict]:
        login = Login({"çem": APR1}, CredentialCache(), LoginThrottle())
        tries = [login.check(basic(f"u{n}", "x"), f"192.0.2.{n}") for n in range(8)]
        return await asyncio.gather(*tries)

    verdicts = asyncio.run(main())
    assert verdicts.count(Refused()) == 3
    assert verdicts.count(Refused(retry_after=1.0)) == 5


def test_one_waiting_for_a_check_may_leave_without_ending_it_for_others(checks: Checks) -> None:
    async def main() -> Verdict:
        login = Login({"çem": APR1}, CredentialCache(), LoginThrottle())
        header = basic("çem", PASSWORD)
        first = asyncio.create_task(login.check(header, "192.0.2.1"))
        second = asyncio.create_task(login.check(header, "192.0.2.1"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(main()) == Accepted("çem")


def test_a_refused_login_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        run(basic("eve\nroot", "hunter2"))
    [record] = caplog.records
    assert record.getMessage() == r"Login refused for user 'eve\nroot' from 192.0.2.1."
