import base64
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger

from botsched.moving.ndscheduler.jobs import JobReader, SourceJob, kept_id, kept_job_id
from botsched.moving.ndscheduler.pickles import RefusedError
from botsched.scheduling.timing import Timing
from tests.support.ndscheduler import (
    BETWEEN,
    JOB_IDS,
    NEW_RUN,
    PASSWORD,
    PROFILE,
    TABLES,
    job_state,
    later_args,
    pickled,
)

# Written by ndscheduler 0.3.0 with APScheduler 3.10.4 and pytz.
REAL = zlib.decompress(
    base64.b64decode(
        "eNp9VFtPE0EUhnahpcgl6gOYgI3xUl9aWmME3qSiiaXVAInxgWxmd087C9vZzc6MUBITfTGYnDfGX+mP0DOFttx3s9"
        "nZ2fNdZvKd+THx558z1r++mxLmvkEqw1iYxjhmwsBgcc2D1YDVGLxeXatW21XmsbWVWttfObuqBp22Fr7BdRFIn0Og"
        "I0jLfpxCefTpMQnrO6HoRKBisTOcT7Vw92PPYE6lYacDqcFFloxw57Oy7KfkCafr9No9rzw1L38a8szHGxnMq7ALx7"
        "EAspP01LHBjJtQSQnnNnUaJ1DZSLWUEEnTXHUaY5jdau4aZbYNFqRiqXIDpsC0MA8iGIwn2yFEgTR7RFO81Vb5vAqn"
        "NmiV7+3H0Bs6gnWtpx4wWlshlG4AbaYjZU5wGo6SFKTdbquBz26XuFiJM2+jaHM4MdBCRypITEt6THt8AQvNWCh+2Q"
        "5fwomunTb88W9e3DP8CT7s120z0YHrpCX+ooUT7TCVyibCiZgdZPW5xtw71vvUvlkoG7DeQKZEOgtbhB3VX9ciKelR"
        "4eIXgAMCf45lqOj/La4KcWL/ukJ3rbXc4RnKNBztQd/dlCW65suxhWTspL/+pyPpsyXN9i3eiJwmejduu3cRPBrp8F"
        "inF/Z57o4t5rVGhr9qZPQVjsluKDRFccDy9SJimRDL1xAS/FgEQ3uXEGOEGOsjACf3Q6Woi1rao8wfga9VTAnNDeKJ"
        "Dks7khL8XIbdJAJ3FE1qWIqlTiPbuuU6DT5SC/MsPuBKJeuVSrX2prxCd3W9WjGY/bBpOw0nDw77lLRbS3ivFXa4in"
        "pFy2PwfjeUlDJwOynzwbXNbJrzs5j3YxaB9IHaZabLjtxQULcKHySlEGcEHCnXniF9AOZt314dnpp6Ifd3PJ9Ztmec"
        "4XMlPk/U9giob54dAb/o0eX/qITpXA=="
    )
)
SHELL = "simple_scheduler.jobs.shell_job.ShellJob"
NEXT = datetime(2030, 1, 1, tzinfo=UTC)


def job_of(**changes: Any) -> SourceJob:
    return JobReader().read(JOB_IDS[0], NEXT.timestamp(), pickled(job_state(**changes)))


def test_a_job_that_ndscheduler_wrote() -> None:
    job = JobReader().read("9be8da2ae58911f1aba902fc00000001", 1799371800.0, REAL)

    assert job.name == "Nightly curl"
    assert job.job_class == "simple_scheduler.jobs.curl_job.CurlJob"
    assert job.arguments == ["http://127.0.0.1:1/", "GET"]
    assert job.trigger.timing == Timing(
        cron={"month": "jan-mar", "day": "last,2nd fri", "hour": "2", "minute": "30"}
    )
    assert job.trigger.zone is not None
    assert job.trigger.zone.key == "Europe/Brussels"
    assert (job.coalesce, job.max_instances, job.misfire) == (True, 3, timedelta(hours=1))
    assert job.next_run == datetime(2027, 1, 8, 1, 30, tzinfo=UTC)


def test_a_job_keeps_what_it_said() -> None:
    job = job_of(coalesce=False, max_instances=7, misfire_grace_time=None, name=" a\n b ")

    assert (job.coalesce, job.max_instances, job.misfire) == (False, 7, None)
    assert job.name == "a b"
    assert job.next_run == NEXT


def test_a_paused_job_has_no_next_run() -> None:
    assert JobReader().read(JOB_IDS[0], None, pickled(job_state())).next_run is None


def test_arguments_by_name_are_kept_where_there_are_none_by_position() -> None:
    named = job_of(args=(SHELL, JOB_IDS[0]), kwargs={"a": [1, ("b",)]})

    assert named.arguments == {"a": [1, ["b"]]}
    with pytest.raises(RefusedError, match="by position and by name"):
        job_of(kwargs={"a": 1})


@pytest.mark.parametrize(
    "args",
    [
        later_args("x", None),
        (SHELL, JOB_IDS[0], *BETWEEN, None, "x", None),
        (SHELL, JOB_IDS[0], *BETWEEN, "x", None),
        (SHELL, JOB_IDS[0], *BETWEEN, TABLES, *BETWEEN, TABLES, "x", None),
        [SHELL, JOB_IDS[0], BETWEEN[0], None, None, "x", None],
        (SHELL, JOB_IDS[0], "x", None),  # as a change by the page left them in one version
    ],
)
def test_the_profile_of_the_database_is_no_argument(args: Any) -> None:
    assert job_of(func=NEW_RUN, args=args).arguments == ["x", None]


def test_the_password_is_remembered_and_shown_nowhere() -> None:
    reader = JobReader()

    job = reader.read(JOB_IDS[0], None, pickled(job_state(func=NEW_RUN, args=later_args("x"))))

    assert reader.passwords == {PASSWORD}
    assert PASSWORD not in repr(job)
    assert PROFILE["hostname"] not in str(job.arguments)


def test_the_password_is_remembered_of_a_job_that_is_refused() -> None:
    reader = JobReader()
    state = job_state(func=NEW_RUN, args=later_args({1, 2}.__len__()), trigger=None)

    with pytest.raises(RefusedError) as refused:
        reader.read(JOB_IDS[0], None, pickled(state))

    assert reader.passwords == {PASSWORD}
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"func": "os:system"}, "'os:system'"),
        ({"func": "mine.module:run"}, "by APScheduler alone"),
        ({"func": None}, "where a text belongs"),
        ({"args": ()}, "by APScheduler alone"),
        ({"args": "ab"}, "no arguments as APScheduler"),
        ({"args": (SHELL, "other")}, "another job"),
        ({"args": ("no class", JOB_IDS[0])}, "no job class"),
        ({"args": (SHELL, JOB_IDS[0], datetime(2026, 1, 1, tzinfo=UTC))}, "datetime.datetime"),
        ({"args": (SHELL, JOB_IDS[0], b"x")}, "type bytes"),
        ({"args": (SHELL, JOB_IDS[0], float("nan"))}, "number out of range"),
        ({"args": (SHELL, JOB_IDS[0], 1 << 70)}, "number out of range"),
        ({"args": (SHELL, JOB_IDS[0], "\ud800")}, "no Unicode"),
        ({"kwargs": 5}, "no arguments as APScheduler"),
        ({"name": 5}, "where a text belongs"),
        ({"max_instances": 0}, "from 1 to"),
        ({"misfire_grace_time": -1}, "from 1 to"),
        ({"trigger": CronTrigger}, "none that APScheduler makes"),
    ],
)
def test_jobs_of_other_shapes_are_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        job_of(**changes)


@pytest.mark.parametrize("other", [None, [], "x", {"version": 1}])
def test_what_is_no_job_is_refused(other: Any) -> None:
    with pytest.raises(RefusedError, match="no job of APScheduler 3"):
        JobReader().read("a", None, pickled(other))


@pytest.mark.parametrize("seconds", [1e300, float("nan"), float("inf")])
def test_a_next_run_that_there_is_not_is_refused(seconds: float) -> None:
    with pytest.raises(RefusedError, match="a time that there is not"):
        JobReader().read(JOB_IDS[0], seconds, pickled(job_state()))


def test_arguments_that_are_huge_written_out_are_refused() -> None:
    value: Any = ["x"]
    for _ in range(40):
        value = [value, value]
    with pytest.raises(RefusedError, match="nested deeper"):
        job_of(args=(SHELL, JOB_IDS[0], value))

    deep: Any = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(RefusedError, match="nested deeper"):
        job_of(args=(SHELL, JOB_IDS[0], deep))

    deep.append(deep)
    with pytest.raises(RefusedError, match="nested deeper"):
        job_of(args=(SHELL, JOB_IDS[0], deep))


def test_ids_are_kept_where_they_can_be() -> None:
    assert kept_job_id(JOB_IDS[0]) == kept_id(JOB_IDS[0]) == JOB_IDS[0]
    assert kept_job_id("nightly-backup") == "nightly-backup"
    assert kept_id("nightly-backup") != "nightly-backup"
    for made in (kept_job_id("a b"), kept_id("x" * 191)):
        assert len(made) == 32
        assert made == kept_id(made)
    assert kept_job_id("a b") == kept_job_id("a b") != kept_job_id("a c")
