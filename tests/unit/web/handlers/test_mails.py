"""The outbox over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest

from botsched.domain.ids import new_id
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import AttemptOutcome, Mail, MailAttempt, MailKind, MailState
from botsched.domain.why import RuleSource, Why

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
WHY = Why((Occasion.FAILURE,), 2, RuleSource.JOB, 3, AT)
Owe = Callable[..., str]


@pytest.fixture
def ran(ask: Any) -> dict[str, Any]:
    """A run that has ended, with a report that holds a picture."""
    job_id = ask.added(name="told", job_class_string="web_jobs.greet.Tell", pub_args=["50 < 60"])
    execution: dict[str, Any] = ask.ran(job_id)
    return execution


@pytest.fixture
def owe(services: Any, ran: Any) -> Owe:
    """Owes a mail about that run; gives its id."""

    def owed(**changes: Any) -> str:
        mail = Mail(
            new_id(), ran["execution_id"], "ops", MailState.QUEUED, 0, AT, AT,
            job_id=ran["job"]["job_id"], why=WHY,
        )  # fmt: skip
        mail = replace(mail, **changes)
        services.jobs._store.write(lambda session: session.outbox.add([mail]))
        return mail.id

    return owed


def ids(ask: Any, query: str) -> list[str]:
    return [mail["mail_id"] for mail in ask("GET", f"/api/v1/mails?{query}").json["mails"]]


def test_a_mail_is_shown_with_why_it_came_and_how_its_attempts_went(
    ask: Any, owe: Owe, ran: Any
) -> None:
    attempt = MailAttempt(AT, "ops", AttemptOutcome.REFUSED, "550 no such user <ann>")
    mail_id = owe(
        state=MailState.DEAD, attempts=1, next_attempt_at=None, ended_at=AT, to=["ann@x.example"],
        last_error="550", log=(attempt,), subject="[bots] told: failed", thread="1" * 32,
    )  # fmt: skip

    mail = ask("GET", f"/api/v1/mails/{mail_id}").json

    assert mail["state"] == "dead"
    assert (mail["job_id"], mail["job_name"]) == (ran["job"]["job_id"], "told")
    assert mail["outcome"] == "succeeded"
    assert mail["to"] == ["ann@x.example"]
    assert mail["why"]["occasions"] == ["failure"]
    assert (mail["why"]["rule"], mail["why"]["failures"]) == (2, 3)
    assert "it fails" in mail["why_text"]
    assert mail["log"] == [
        {
            "time": AT.isoformat(),
            "profile": "ops",
            "outcome": "refused",
            "words": "550 no such user <ann>",
        }
    ]
    assert ask("GET", "/api/v1/mails?text=%5BBOTS%5D").json["mails"] == [mail]
    assert ask("GET", f"/api/v1/executions/{ran['execution_id']}").json["mails"] == [mail]


def test_mails_are_listed_newest_first_filtered_and_paged(ask: Any, owe: Owe, ran: Any) -> None:
    job = ran["job"]["job_id"]
    old = owe(created_at=AT - timedelta(days=3), state=MailState.DEAD, last_error="550 weg!")
    held = owe(state=MailState.HELD, next_attempt_at=None, held_until=AT, profile="dev")
    new = owe(created_at=AT + timedelta(hours=1), recipients=["josé@x.example"], digest_id="d" * 32)

    of_job = f"job_id={job}"
    assert ids(ask, of_job) == [new, held, old]
    assert ids(ask, f"{of_job}&state=dead,held") == [held, old]
    assert ids(ask, f"{of_job}&profile=dev") == [held]
    assert ids(ask, f"{of_job}&profile=dev&state=dead") == []
    assert ids(ask, f"{of_job}&text=weg!") == [old]
    assert ids(ask, f"{of_job}&text=jos%C3%A9@x") == [new]
    assert ids(ask, f"{of_job}&text=TOLD") == [new, held, old]
    assert ids(ask, f"execution_id={ran['execution_id']}") == [new, held, old]
    assert ids(ask, f"execution_id={'0' * 32}") == []
    assert ids(ask, f"digest_id={'d' * 32}&{of_job}") == [new]
    assert ids(ask, f"{of_job}&time_range_start=2027-03-01") == [new, held]
    assert ids(ask, f"{of_job}&time_range_end=2027-03-01") == [old]
    first = ask("GET", f"/api/v1/mails?{of_job}&limit=2").json
    second = ask("GET", f"/api/v1/mails?{of_job}&limit=2&cursor={first['next_cursor']}").json
    assert [mail["mail_id"] for mail in first["mails"] + second["mails"]] == [new, held, old]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("query", ["state=gone", "limit=0", "txt=x", "time_range_end=x"])
def test_a_wrong_parameter_is_refused(ask: Any, query: str) -> None:
    assert ask("GET", f"/api/v1/mails?{query}").status == 400


def test_mails_are_counted_by_profile_and_state(ask: Any, owe: Owe) -> None:
    owe(profile="counted", state=MailState.DEAD)
    owe(profile="counted", state=MailState.DEAD)
    owe(profile="counted")

    counts = ask("GET", "/api/v1/mails/counts").json

    (own,) = [each["states"] for each in counts["profiles"] if each["profile"] == "counted"]
    assert own == {**dict.fromkeys(MailState, 0), "dead": 2, "queued": 1}
    assert set(counts["states"]) == set(MailState)
    assert counts["states"]["dead"] >= 2


def test_what_a_mail_tells_is_given_in_each_form(ask: Any, owe: Owe) -> None:
    mail_id = owe(to=["josé@x.example"])
    path = f"/api/v1/mails/{mail_id}/content"

    text = ask("GET", path)
    assert text.headers["content-type"].startswith("text/plain")
    assert "50 < 60" in text.text
    data = ask("GET", f"{path}?format=json").json
    assert data["id"] == mail_id
    raw = ask("GET", f"{path}?format=raw")
    assert raw.headers["content-disposition"] == f'attachment; filename="mail-{mail_id}.eml"'
    message = message_from_bytes(raw.body)
    assert mail_id in message["Message-ID"]
    assert message["To"] is not None
    assert ask("GET", f"{path}?format=pdf").status == 400


def test_the_html_of_a_mail_may_stand_in_a_frame_of_the_page_and_can_do_nothing_there(
    ask: Any, owe: Owe
) -> None:
    path = f"/api/v1/mails/{owe()}/content?format=html"

    shown = ask("GET", path)

    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'n")
    assert "script" not in policy
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in shown.text
    assert "50 &lt; 60" in shown.text
    assert 'src="data:image/gif;base64,' in shown.text
    assert "cid:" not in shown.text
    missing = ask("GET", f"/api/v1/mails/{'0' * 32}/content?format=html")
    assert missing.status == 404
    assert "sandbox" not in missing.headers["content-security-policy"]


def test_there_is_no_message_without_its_profile(ask: Any, owe: Owe) -> None:
    mail_id = owe(profile="a hook")

    refused = ask("GET", f"/api/v1/mails/{mail_id}/content?format=raw")

    assert refused.status == 409
    assert "'a hook' is no SMTP profile" in refused.told
    assert ask("GET", f"/api/v1/mails/{mail_id}/content?format=html").status == 200


def test_a_digest_is_shown_with_what_it_tells(ask: Any, owe: Owe, ran: Any) -> None:
    digest = owe(kind=MailKind.DIGEST, why=None, job_id=None)
    told = owe(state=MailState.DIGESTED, digest_id=digest, next_attempt_at=None, ended_at=AT)

    mail = ask("GET", f"/api/v1/mails/{digest}").json

    assert (mail["kind"], mail["why"], mail["why_text"]) == ("digest", None, "")
    assert mail["job_id"] == ran["job"]["job_id"]
    assert ids(ask, f"digest_id={digest}") == [told]
    assert ask("GET", f"/api/v1/mails/{digest}/content?format=json").json["total"] == 1


@pytest.mark.parametrize("state", ["dead", "deferred", "held"])
def test_a_mail_that_did_not_arrive_is_queued_anew(ask: Any, owe: Owe, state: str) -> None:
    mail_id = owe(
        state=MailState(state), attempts=7, ended_at=AT, held_until=AT, next_attempt_at=None,
        recipients=["b@x.example"],
    )  # fmt: skip

    answer = ask("POST", f"/api/v1/mails/{mail_id}/resend", {})

    assert (answer.status, answer.json) == (200, {"mail_id": mail_id})
    mail = ask("GET", f"/api/v1/mails/{mail_id}").json
    assert (mail["state"], mail["attempts"], mail["recipients"]) == ("queued", 0, ["b@x.example"])
    assert mail["next_attempt_time"] == mail["requeued_time"] is not None
    assert mail["held_until"] is mail["ended_time"] is None
    (event, *_) = ask("GET", "/api/v1/logs?event=mail_resent").json["logs"]
    assert (event["user"], event["job_name"]) == ("ann", "told")
    assert mail_id in event["description"]


@pytest.mark.parametrize("state", ["delivered", "digested"])
def test_of_a_mail_that_arrived_another_one_is_made(ask: Any, owe: Owe, state: str) -> None:
    mail_id = owe(
        state=MailState(state), attempts=1, ended_at=AT, next_attempt_at=None, digest_id="d" * 32,
        to=["ann@x.example"], recipients=[],
    )  # fmt: skip

    other = ask("POST", f"/api/v1/mails/{mail_id}/resend").json["mail_id"]

    assert other != mail_id
    assert ask("GET", f"/api/v1/mails/{mail_id}").json["state"] == state
    mail = ask("GET", f"/api/v1/mails/{other}").json
    assert (mail["state"], mail["resent_of"], mail["attempts"]) == ("queued", mail_id, 0)
    assert (mail["to"], mail["recipients"], mail["digest_id"]) == (["ann@x.example"], None, None)
    assert mail["why"]["rule"] == 2


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_what_is_sent_anyway_is_not_sent_twice(ask: Any, owe: Owe, state: str) -> None:
    mail_id = owe(state=MailState(state))

    refused = ask("POST", f"/api/v1/mails/{mail_id}/resend")

    assert refused.status == 409
    assert f"is {state}" in refused.told
    assert ask("POST", f"/api/v1/mails/{'0' * 32}/resend").status == 404


def test_a_mail_that_waits_is_discarded(ask: Any, owe: Owe) -> None:
    for state in (MailState.QUEUED, MailState.DEFERRED, MailState.HELD):
        mail_id = owe(state=state, held_until=AT)
        assert ask("POST", f"/api/v1/mails/{mail_id}/discard").json == {"mail_id": mail_id}
        mail = ask("GET", f"/api/v1/mails/{mail_id}").json
        assert (mail["state"], mail["last_error"]) == ("dead", "Discarded by ann.")
        assert mail["next_attempt_time"] is None
    (event, *_) = ask("GET", "/api/v1/logs?event=mail_discarded").json["logs"]
    assert mail_id in event["description"]
    for state in (MailState.SENDING, MailState.DELIVERED, MailState.DIGESTED, MailState.DEAD):
        refused = ask("POST", f"/api/v1/mails/{owe(state=state)}/discard")
        assert refused.status == 409
        assert refused.json["error"].endswith(f"is {state}: only one that waits can be discarded.")


def test_many_are_sent_once_more_in_one_go(ask: Any, owe: Owe, ran: Any) -> None:
    job = ran["job"]["job_id"]
    dead = [owe(state=MailState.DEAD, profile="many") for _ in range(3)]
    held = owe(state=MailState.HELD, profile="many", held_until=AT)
    other = owe(state=MailState.DEAD, profile="other")
    waits = owe(profile="many")

    resend = "/api/v1/mails/resend"
    chosen = {"states": ["dead"], "profile": "many", "job_id": job}
    assert ask("POST", resend, chosen).json == {"resent": 3}
    assert set(ids(ask, "profile=many&state=queued")) == {*dead, waits}
    assert ask("POST", resend, {"mail_ids": [held, other, waits, "0" * 32]}).json == {"resent": 2}
    assert ids(ask, "profile=other&state=queued") == [other]
    events = ask("GET", "/api/v1/logs?event=mail_resent").json["logs"]
    assert [event["description"] for event in events[:2]] == [
        "2 mails: chosen one by one",
        f"3 mails: dead, through many, about job {job}",
    ]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "states"),
        ({"states": ["dead"], "mail_ids": ["1"]}, 422, "states"),
        ({"mail_ids": ["1"], "profile": "ops"}, 422, "profile"),
        ({"mail_ids": []}, 422, "mail_ids"),
        ({"states": ["delivered"]}, 422, "states"),
        ({"states": "dead"}, 400, "states"),
        ({"states": ["dead"], "profil": "ops"}, 400, "profil"),
    ],
)
def test_what_makes_no_sense_is_refused(ask: Any, body: Any, status: int, field: str) -> None:
    refused = ask("POST", "/api/v1/mails/resend", body)

    assert refused.status == status
    assert field in refused.json["fields"]
