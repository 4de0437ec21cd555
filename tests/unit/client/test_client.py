"""All that the client does, against a real server."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from botsched.client import (
    Client,
    ConflictError,
    InvalidError,
    NotFoundError,
    StillRunningError,
)
from botsched.domain.ids import new_id
from botsched.domain.outbox import Mail, MailState
from tests.support.values import NOW, an_execution
from tests.support.waiting import PATIENCE
from tests.unit.client.conftest import GREET

TELL = "web_jobs.greet.Tell"
SLEEP = "web_jobs.greet.Sleep"


def test_a_job_is_added_found_changed_and_deleted(client: Client) -> None:
    job = client.add_job("greet ann", GREET, ["Ann"], crontab="0 3 * * *", tags=["nightly"])
    assert (job.name, job.job_class, job.arguments) == ("greet ann", GREET, ["Ann"])
    assert (job.tags, job.paused, job.schedule) == (("nightly",), False, "every day at 03:00 (UTC)")
    assert job["crontab"] == "0 3 * * *"
    assert job in client.jobs(tag=["nightly"])
    assert client.jobs_named("greet ann") == [job]
    assert client.jobs_named("greet") == []

    changed = client.update_job(job, name="greet bob", arguments={"name": "Bob"}, version=1)
    assert (changed.name, changed.arguments, changed.version) == ("greet bob", {"name": "Bob"}, 2)
    with pytest.raises(ConflictError) as refused:
        client.update_job(job, name="late", version=1)
    assert refused.value.status == 409

    client.delete_job(changed)
    with pytest.raises(NotFoundError):
        client.job(job.job_id)


def test_values_can_be_compared_hashed_and_not_changed(client: Client) -> None:
    job = client.add_job("frozen", GREET, hour=3)
    assert {job, client.job(job)} == {job}
    with pytest.raises(AttributeError):
        job.name = "x"  # type: ignore[misc]


def test_what_makes_no_sense_is_told_by_its_fields(client: Client) -> None:
    with pytest.raises(InvalidError) as refused:
        client.add_job("wrong", GREET, minute=99)
    assert refused.value.status == 422
    assert "out of range" in refused.value.fields["minute"]


def test_a_job_is_paused_until_a_time_and_resumed(client: Client) -> None:
    job = client.add_job("pausing", GREET, hour=3)
    client.pause(job, until=datetime(2030, 1, 1, tzinfo=UTC))
    assert client.job(job).paused
    assert client.job(job)["paused_until"] == "2030-01-01T00:00:00+00:00"
    client.resume(job.job_id)
    assert not client.job(job).paused


def test_a_run_is_waited_for_and_told(client: Client) -> None:
    job = client.add_job("running", GREET, ["Ann"], hour=3)
    ran = client.run(job, wait=True, timeout=PATIENCE)
    assert (ran.state, ran.succeeded, ran.ended) == ("succeeded", True, True)
    assert ran.result == {"greeted": "Ann"}
    assert ran.ended_time is not None
    assert client.output(ran) == "Hello, Ann!\n"
    other = client.run(job, {"name": "Bob", "times": 2}, wait=True, timeout=PATIENCE)
    assert client.output(other) == "Hello, Bob!\n" * 2
    assert [each.execution_id for each in client.executions(job)] == [
        other.execution_id,
        ran.execution_id,
    ]


def test_a_run_that_goes_on_is_told_and_stopped(client: Client) -> None:
    run = client.run(client.add_job("sleeping", SLEEP, hour=3))
    with pytest.raises(StillRunningError, match="'sleeping' is still"):
        client.wait(run, timeout=0.2)
    printed = client.follow(run)
    assert str(next(printed)) == "zzz\n"  # while it sleeps

    client.stop(run)
    assert list(printed) == []
    assert client.wait(run, timeout=PATIENCE).state == "stopped"
    with pytest.raises(ConflictError):
        client.stop(run)


def test_all_of_a_long_output_is_followed_once(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("botsched.client.client._OUTPUT_PAGE", 500)
    run = client.run(client.add_job("telling", TELL, ["Ann", 300], hour=3))
    text = "".join(map(str, client.follow(run)))
    assert text == client.output(run)
    assert text.count("line ") == 300


def test_a_report_is_read_in_each_form(client: Client) -> None:
    run = client.run(client.add_job("reporting", TELL, ["Änn"], hour=3), wait=True)
    assert client.report(run).startswith("Änn\n===\n")
    assert client.report(run, "csv", 1) == "what,count\nÄnn,12\n"
    assert client.report(run.execution_id, "html").startswith("<!doctype html>")
    assert json.loads(client.report(run, "json"))["report"] == run["report"]
    with pytest.raises(NotFoundError, match="no table 2"):
        client.report(run, "csv", 2)


def test_lists_are_read_page_by_page(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("botsched.client.session._PAGE", 2)
    for number in range(5):
        client.add_job(f"paged {number}", GREET, hour=3)
    names = [f"paged {number}" for number in range(5)]
    assert [job.name for job in client.jobs(text="paged", sort="name")] == names
    assert [job.name for job in client.jobs(text="paged", sort="name", limit=3)] == names[:3]
    assert [job.name for job in client.jobs(text="paged", sort="name", offset=1)] == names[1:]


def test_files_are_stored_read_and_deleted(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "hosts.txt"
    file.write_text("# hosts\none\ntwo\n")
    assert client.upload(file) == "hosts.txt"
    assert client.upload(b"\0\xff", name='ü "quoted".bin') == 'ü "quoted".bin'
    found = {each.filename: each for each in client.files()}
    assert (found["hosts.txt"].entries, found["hosts.txt"].description) == (2, "hosts")
    assert client.download('ü "quoted".bin') == b"\0\xff"
    for name in found:
        client.delete_file(name)
    with pytest.raises(NotFoundError):
        client.download("hosts.txt")
    with pytest.raises(TypeError, match="name"):
        client.upload(b"nameless")


def test_the_audit_log_is_read(client: Client) -> None:
    job = client.add_job("audited", GREET, hour=3)
    [entry] = client.logs(job_id=job.job_id)
    assert (entry.event, entry.job_name) == ("added", "audited")


def test_everything_else_can_be_asked_for(client: Client) -> None:
    assert client.request("GET", "hold")["held"] is False
    with pytest.raises(NotFoundError):
        client.request("GET", "nothing")


def test_threads_may_share_a_client(client: Client) -> None:
    jobs = [client.add_job(f"shared {number}", GREET, hour=3) for number in range(4)]
    seen: list[str] = []

    def look(job) -> None:
        seen.extend(client.job(job).name for _ in range(10))

    threads = [threading.Thread(target=look, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted([job.name for job in jobs] * 10)


def test_mails_are_read_sent_once_more_and_given_up(client: Client, services) -> None:
    run = an_execution(job_name="mailed", job_id="mailed")
    dead = Mail(new_id(), run.id, "ops", MailState.DEAD, 1, NOW, None, job_id="mailed")

    def operation(session) -> None:
        session.executions.add([run])
        session.outbox.add([dead])

    services.jobs._store.write(operation)

    (mail,) = client.mails("mailed", state="dead")
    assert (mail.mail_id, mail.job_name, mail["log"]) == (dead.id, "mailed", [])
    assert "mailed" in client.mail_content(mail)
    assert client.resend(mail).state == "queued"
    client.discard(mail)
    assert client.mail(mail).last_error.startswith("Discarded by ")
    assert client.resend_all(profile="ops", job="mailed") == 1
    with pytest.raises(ConflictError):
        client.resend(mail)
    with pytest.raises(TypeError, match="is no mail"):
        client.mail(None)  # type: ignore[arg-type]
