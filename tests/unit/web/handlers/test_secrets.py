"""Names of secrets are told, and nothing else of them."""

from typing import Any


def test_names_are_told_and_no_value(ask: Any) -> None:
    answer = ask("GET", "/api/v1/secrets")

    assert answer.json == {"secrets": ["token"], "fault": None}
    assert "sesame" not in answer.text
