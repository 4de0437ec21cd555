from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.execution import State
from botsched.domain.mailrules import Occasion
from botsched.domain.outcome import Glance
from botsched.domain.why import HeldBy, RuleSource, Why
from botsched.notify.digest import DigestNotice
from botsched.notify.letter import Letterhead
from botsched.notify.told import Told
from botsched.reports.html import data_uri
from tests.unit.notify.conftest import ENDED, LETTERHEAD

HELD = Why((Occasion.FAILURE,), 1, RuleSource.JOB, held=HeldBy.CAP)


@pytest.fixture
def digest(execution):
    def make(*ends: dict, total: int | None = None) -> DigestNotice:
        told = tuple(Told(execution(**end), end.pop("why", HELD)) for end in ends)
        return DigestNotice("m1", None, LETTERHEAD, told, ENDED, total or len(told))

    return make


def test_jobs_that_fare_badly_come_first(digest):
    made = digest(
        {"job_id": "a", "job_name": "fine", "state": State.SUCCEEDED, "reason": ""},
        {"job_id": "a", "job_name": "fine"},
        {"job_id": "b", "job_name": "broken", "state": State.TIMEOUT, "reason": "Too long."},
    )
    assert made.subject == "[bots-scheduler] 2 jobs: 3 mails held back"
    text = made.text()
    assert text.startswith("DIGEST: 3 mails about 2 jobs\n")
    assert "1 of 2 jobs fared badly last: broken." in text
    assert "There had been as many mails that day as may be." in " ".join(text.split())
    assert text.index("TOOK TOO LONG: broken") < text.index("SUCCEEDED: fine")
    assert "  1 succeeded and 1 failed; last Sun 2026-03-01 04:01\n" in text


def test_a_job_that_fared_well_since_is_no_bad_news(digest):
    made = replace(digest({}), since={"j1": Glance("e9", State.SUCCEEDED, ENDED)})
    text = made.text()
    assert "All of these jobs fared well last." in text
    assert "SUCCEEDED: backup\n" in text
    assert "exit code 2. Since then: succeeded, Sun 2026-03-01 04:01" in " ".join(text.split())


def test_ends_that_are_alike_are_one_line(digest):
    earlier = ENDED - timedelta(hours=1)
    made = digest({}, {}, {"ended_at": earlier}, {"reason": "Other."})
    assert "3 times, Sun 2026-03-01 03:01 to Sun 2026-03-01 04:01: JobError" in made.text()
    assert "Other." in made.text()


def test_ends_of_one_minute_are_told_without_a_span(digest):
    text = digest({}, {}).text()
    assert "  2 times, Sun 2026-03-01 04:01: JobError" in text


def test_all_is_well_when_it_is(digest):
    made = digest({"state": State.SUCCEEDED, "reason": ""})
    assert "All of these jobs fared well last." in made.text()
    assert "newest first" not in made.text()


def test_a_digest_of_thousands_is_short_and_says_what_it_left_out(digest):
    made = digest(
        *({"job_id": str(n), "job_name": f"job {n}"} for n in range(200)),
        total=9_000,
    )
    assert "… and 150 jobs more." in made.text()
    assert "… and 8,950 earlier ends." in made.text()


def test_no_digest_is_larger_than_is_shown(digest):
    hostile = {"job_name": "<&>" * 90, "reason": "&" * 500, "id": "ü" * 90}
    made = digest(*(hostile | {"job_id": f"{n}ü" * 20} for n in range(200)), total=9_000)
    assert 60_000 < len(made.html(data_uri).encode()) < 102_000
    assert "earlier ends." in made.text()


def test_its_mail_has_headers_of_its_own(digest, profile):
    message = digest({}).email(profile)
    assert message["Message-ID"] == "<m1@example.org>"
    assert message["List-Id"] == "<digest.bots-scheduler.example.org>"
    assert message["List-Unsubscribe"] == "<https://bots.example.org/jobs>"
    assert message["References"] is None


def test_without_a_public_address_there_are_no_links(digest):
    made = replace(digest({}), letterhead=Letterhead(LETTERHEAD.timezone))
    assert "http" not in made.text()
    assert "<a " not in made.html(data_uri)


def test_data_tells_the_same(digest):
    data = digest({"state": State.LOST}, total=7).data()
    assert (data["kind"], data["total"]) == ("digest", 7)
    (end,) = data["ends"]
    assert end["outcome"] == "lost"
    assert end["job"] == {"id": "j1", "name": "backup", "class": "jobs.shell.Shell"}
    assert end["execution"]["id"] == "e1"
