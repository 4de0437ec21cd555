import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.domain.execution import State
from botsched.domain.mailrules import Occasion
from botsched.domain.why import RuleSource, Why
from botsched.notify.letter import Letterhead
from botsched.notify.told import Recipients
from botsched.reports import Code, Data, Image, List, Plot, Table, Text, Title, to_data
from botsched.reports import File as ReportFile
from botsched.reports.html import data_uri
from tests.looks.samples import GOLDEN, SAMPLES, normal
from tests.unit.notify.conftest import LETTERHEAD


@pytest.mark.parametrize("name", list(GOLDEN))
def test_mails_look_as_they_were_last_seen(name):
    """After a change that is meant: look at the pictures, then
    ``python -m tests.looks.mails --golden``.
    """
    notice = SAMPLES[name]()
    assert notice.text() == GOLDEN[name].with_suffix(".txt").read_text()
    assert normal(notice.html(data_uri)) == GOLDEN[name].with_suffix(".html").read_text()


def test_the_subject_is_made_by_the_template(notice):
    template = "{job} {outcome} {reason} {host} {attempt} {failures}"
    why = Why((Occasion.STILL_FAILING,), 1, RuleSource.JOB, 4)
    made = notice(
        letterhead=replace(LETTERHEAD, subject=template), why=why, reason="It\n broke.", attempt=2
    )
    assert made.subject == "backup still failing It broke. web1 2 4"


@pytest.mark.parametrize("state", list(State))
def test_the_usual_subject_names_every_outcome(state, notice):
    assert notice(state=state).subject == f"[bots-scheduler] backup: {state.value}"


def test_a_huge_name_is_shortened_so_that_the_outcome_stays_in_sight(notice):
    assert notice(job_name="x" * 500).subject.endswith("xxx…: failed")


def test_without_a_public_address_there_are_no_links(notice):
    made = notice(letterhead=Letterhead(LETTERHEAD.timezone))
    assert "http" not in made.text()
    assert "<a " not in made.html(data_uri)
    assert made.data()["links"] == {}


def test_ids_cannot_leave_the_address_of_their_link(notice):
    assert notice(job_id="../x?y#z&").data()["links"]["job"] == (
        "https://bots.example.org/jobs/..%2Fx%3Fy%23z%26"
    )


def test_the_title_of_a_report_is_its_own_or_that_of_its_class(notice):
    report = (Text("a"),)
    assert "\nBackup\n------\n" in notice(report=to_data(report), report_title="Backup").text()
    own = notice(report=to_data((Title("Own"), *report)), report_title="Backup").text()
    assert "\nOwn\n---\n" in own
    assert "Backup" not in own


def test_a_report_that_cannot_be_read_does_not_keep_the_mail_back(notice):
    text = notice(report=[{"type": "hologram"}], output="still here").text()
    assert "The report cannot be shown: Unknown type of report item" in " ".join(text.split())
    assert "still here" in text


def test_a_run_that_told_nothing_says_so(notice):
    assert "The run printed nothing." in notice().text()
    assert "printed nothing" not in notice(result=1).text()
    assert "Output" not in notice(started_at=None, state=State.MISSED).text()


def test_long_tables_are_files_too_and_named_as_the_page_numbers_them(notice, profile):
    small, large = Table([(1,)], ("n",)), Table([(n,) for n in range(3_000)], ("n",))
    made = notice(report=to_data((small, large)))
    message = made.email(profile)
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["report.txt", "table-2.csv"]
    assert "This is the beginning of the report; all of it is attached." in made.text()
    assert "\nFiles\n-----\n\nreport.txt (15.0 kB)\ntable-2.csv (16.9 kB)\n" in made.text()


def test_a_long_result_is_cut(notice):
    text = notice(result=["<" * 50] * 1000).text()
    assert "This is its beginning; all of it is on the page." in text


def test_files_and_pictures_together_stay_below_what_servers_take(notice, profile):
    chance = random.Random(1)
    pictures = [Image(chance.randbytes(900_000)) for _ in range(6)]
    rows = [(chance.randbytes(300).hex(),) for _ in range(3_000)]
    made = notice(
        report=to_data((*pictures, Table(rows))), output=chance.randbytes(4_000_000).hex()
    )
    size = len(made.email(profile).as_bytes())
    assert 5_000_000 < size < 7_100_000
    assert "Not attached: " in made.text()


def test_data_tells_the_same(notice):
    why = Why((Occasion.FAILURE,), 2, RuleSource.JOB, 3)
    data = notice(why=why, thread="t1", output="one\n", result={"a": 1}).data()
    assert data.pop("text").startswith("FAILED: backup\n")
    assert data == {
        "id": "m1",
        "kind": "run",
        "subject": "[bots-scheduler] backup: failed",
        "outcome": "failed",
        "job": {"id": "j1", "name": "backup", "class": "jobs.shell.Shell"},
        "execution": {
            "id": "e1",
            "state": "failed",
            "cause": "raised",
            "reason": "JobError: tar ended with exit code 2.",
            "host": "web1",
            "due": "2026-03-01T03:00:00+00:00",
            "started": "2026-03-01T03:00:00+00:00",
            "ended": "2026-03-01T03:01:05+00:00",
            "seconds": 65.0,
            "attempt": 1,
            "user": None,
            "arguments": [],
            "result": {"a": 1},
        },
        "usual_seconds": None,
        "output": "one",
        "incident": {"id": "t1", "failures": 3, "since": None},
        "why": {
            "occasions": ["failure"],
            "rule": 2,
            "source": "job",
            "failures": 3,
            "since": None,
            "held": None,
            "words": "Mail rule 2 of this job asks for a mail when it fails.",
        },
        "links": {
            "execution": "https://bots.example.org/executions/e1",
            "job": "https://bots.example.org/jobs/j1",
            "rules": "https://bots.example.org/jobs/j1/edit#mail",
        },
    }


HOSTILE = st.text(st.sampled_from("<>&\"'\n ü日\x00\u202ea"), max_size=4000)
PARTS = st.lists(
    st.one_of(
        st.builds(Text, HOSTILE),
        st.builds(Code, HOSTILE),
        st.builds(Title, HOSTILE),
        st.builds(Data, HOSTILE),
        st.builds(lambda text: Table([(text, n) for n in range(60)], (text, "n")), HOSTILE),
        st.builds(lambda text: List([text] * 9, ordered=True), HOSTILE),
        st.builds(lambda text: Plot([1, 2], [text, "b"], "bars"), HOSTILE),
    ),
    max_size=4,
)


@settings(suppress_health_check=list(HealthCheck), max_examples=25, deadline=None)
@given(PARTS, HOSTILE, st.integers(1, 40))
def test_no_mail_is_larger_than_is_shown(notice, parts, text, times):
    why = Why(tuple(Occasion), 50, RuleSource.SERVER, 10**9)
    made = notice(
        job_name=text, reason=text * times, hostname=text, user=text, job_class=text,
        arguments=[text * times], result=[text] * times, output=text * times,
        report=to_data(tuple(parts) * times), report_title=text, why=why,
        good=notice(report=to_data(tuple(parts)), arguments={text: text}).told.execution,
    )  # fmt: skip
    assert len(made.html(lambda image: "cid:x" * 10).encode()) < 102_000


def test_a_mail_with_all_that_is_large_is_shown_whole(notice):
    """The report has the room that the rest leaves, and of many files not all are named."""
    quotes = '"' * 3000
    files = [ReportFile(b"x", f"{number:03}{'&' * 197}") for number in range(300)]
    table = Table([(quotes[:99], number) for number in range(900)], (quotes[:99], "n"))
    others = [Recipients("'" * 50, tuple(f"{n}{'a' * 99}" for n in range(9)))] * 20
    made = notice(
        job_name=quotes, reason=quotes, hostname=quotes, user=quotes, job_class=quotes,
        arguments=quotes, result=quotes, output=f"{quotes}\n" * 90, others=tuple(others),
        report=to_data((table, *files)), why=Why(tuple(Occasion), 50, RuleSource.SERVER, 10**9),
        good=notice(report=to_data((table,) * 2), arguments=[quotes * 2]).told.execution,
    )  # fmt: skip
    assert 80_000 < len(made.html(lambda image: "cid:x" * 10).encode()) < 102_000
    assert "\n… and 283 more\n" in made.text()
