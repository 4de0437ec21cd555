"""SMTP profiles, for whoever says who is to get mails."""

from typing import Any


def test_profiles_are_listed_without_what_is_secret(ask: Any) -> None:
    answer = ask("GET", "/api/v1/profiles")

    each = {"from": "bots@example.com", "to": ["a@x.example"], "kind": "smtp", "fallback": None}
    hook = {"name": "chat", "from": None, "to": [], "kind": "webhook", "fallback": "ops"}
    assert answer.json == {"profiles": [hook, {"name": "dev"} | each, {"name": "ops"} | each]}
    assert "hidden" not in answer.text
