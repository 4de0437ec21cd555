"""Two servers on one database cannot close a circle of jobs between them."""

import threading
from concurrent.futures import wait
from dataclasses import replace

import pytest

from botsched.domain.job import Job, JobPolicy
from botsched.errors import InvalidError
from botsched.scheduling.chains import check_links
from botsched.settings.model import Dbms
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.values import a_job
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database", [Dbms.POSTGRESQL, Dbms.MYSQL], indirect=True)
def test_of_two_links_made_by_two_servers_at_once_one_is_refused(database) -> None:
    a, b = a_job(name="a"), a_job(name="b")
    first, second = Store(database), Store(database)
    first.write(lambda session: [session.jobs.add(job, "ann") for job in (a, b)])
    checked, go_on = threading.Event(), threading.Event()

    def link(session: Session, job: Job, other: Job) -> None:
        linked = replace(job, policy=JobPolicy(then_run=(other.id,)), version=2)
        check_links(session, linked, job.policy)
        checked.set()
        go_on.wait(PATIENCE)
        session.jobs.replace(linked, "ann")

    one = first.submit(lambda session: link(session, a, b))
    assert checked.wait(PATIENCE)
    two = second.submit(lambda session: link(session, b, a))
    wait([two], timeout=0.5)  # it waits for the first, which would else not be seen
    go_on.set()

    one.result(PATIENCE)
    with pytest.raises(InvalidError, match="would run in a circle: 'b' -> 'a' -> 'b'"):
        two.result(PATIENCE)
    first.close()
    second.close()
