"""What monitoring sees."""

from typing import Any

from botsched.errors import StoreUnavailableError
from botsched.web.handlers.health import ask as ask_check


def test_a_server_that_answers_is_healthy(ask: Any) -> None:
    answer = ask("GET", "/healthz")

    assert (answer.status, answer.json) == (200, {"status": "ok", "role": "active"})


def test_a_server_whose_parts_work_is_ready(ask: Any) -> None:
    answer = ask("GET", "/readyz")

    assert answer.status == 200
    assert answer.json == {
        "status": "ok",
        "role": "active",
        "checks": {"database": "ok"},
        "held": False,
    }


def test_a_check_may_raise() -> None:
    def away() -> None:
        raise StoreUnavailableError("The database is away.")

    def broken() -> None:
        raise KeyError("password")

    assert ask_check(away) == "The database is away."
    assert ask_check(broken) == "its check failed; the log says more"
    assert ask_check(lambda: None) is None
    assert ask_check(lambda: "it sleeps") == "it sleeps"


def test_figures_are_text_that_collectors_read(ask: Any) -> None:
    answer = ask("GET", "/metrics")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text.startswith("# HELP bots_scheduler_part_up ")
    assert ask("GET", "/metrics?name=x").status == 400
