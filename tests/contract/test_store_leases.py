"""The lease: which of two servers on one database may schedule, and what becomes of the other."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, text

from botsched.domain.clock import system_clock
from botsched.domain.execution import State
from botsched.domain.ids import new_id
from botsched.domain.instance import Instance
from botsched.domain.outbox import AttemptOutcome, Mail, MailState
from botsched.errors import FencedError, StoreUnavailableError
from botsched.notify.delivery import Delivery
from botsched.outbox.pace import Pace
from botsched.outbox.sender import Sender
from botsched.outbox.way import Way
from botsched.scheduling.instances import InstanceService, Role
from botsched.settings.model import Dbms
from botsched.store import engine, leases, writer
from botsched.store.fence import elapsed
from botsched.store.store import Store
from tests.support.channels import FakeChannel, FakeContents
from tests.support.databases import DatabaseServer
from tests.support.values import NOW, a_job, an_execution
from tests.support.waiting import PATIENCE, until


def instance(host: str) -> Instance:
    return Instance(new_id(), host, 4711, 99, "a boot", "a namespace")


@dataclass
class Rival:
    """One of two servers."""

    store: Store
    instance: Instance

    def take(self, **how) -> int | None:
        """Take the lease as the program does."""
        token = self.store.lease(lambda found: found.take(self.instance, **how))
        if token is not None:
            self.store.fence.grant(token, elapsed() + 60)
        return token

    def renew(self, token: int) -> bool:
        return self.store.lease(lambda found: found.renew(token))

    def release(self, token: int) -> None:
        self.store.lease(lambda found: found.release(token))

    def record(self, **how) -> None:
        self.store.write(lambda session: session.jobs.add(a_job()), **how)

    def count(self) -> int:
        return self.store.read(lambda session: session.jobs.count())


@pytest.fixture(scope="module", params=[Dbms.POSTGRESQL, Dbms.MYSQL])
def server(request: pytest.FixtureRequest) -> DatabaseServer:
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture(scope="module")
def stores(server: DatabaseServer) -> Iterator[tuple[Store, Store]]:
    with server.empty_database() as settings:
        first, second = Store(settings), Store(settings)
        yield first, second
        first.close()
        second.close()


@pytest.fixture
def rivals(stores: tuple[Store, Store], monkeypatch) -> tuple[Rival, Rival]:
    """Two servers, and a lease that nobody has taken yet."""
    monkeypatch.setattr(writer, "_RETRY_SECONDS", 0.1)
    for table in ("scheduler_lease", "scheduler_jobs", "scheduler_execution", "scheduler_outbox"):
        sql(stores[0], f"DELETE FROM {table}")
    stores[0].lease(lambda found: found.prepare())
    for store in stores:
        store.fence.withdraw()
    first, second = stores
    return Rival(first, instance("alpha")), Rival(second, instance("beta"))


def sql(store: Store, statement: str) -> list:
    """Work on the database behind the backs of all."""
    with store._engines.lease.begin() as connection:
        result = connection.execute(text(statement))
        return list(result) if result.returns_rows else []


def expire(rival: Rival, name: str = "scheduler") -> None:
    statement = f"UPDATE scheduler_lease SET expires_at = renewed_at WHERE name = '{name}'"
    sql(rival.store, statement)


# Who has it


def test_of_many_who_reach_for_it_at_once_exactly_one_gets_it(rivals) -> None:
    tokens = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            gate = threading.Barrier(2)
            takes = [pool.submit(_take_at, gate, each) for each in rivals]
            won = [token for take in takes if (token := take.result(PATIENCE)) is not None]
            assert len(won) == 1
            tokens += won
            rivals[0].release(won[0])

    assert tokens == list(range(1, 21))


def _take_at(gate: threading.Barrier, rival: Rival) -> int | None:
    gate.wait(PATIENCE)
    return rival.take()


def test_the_holder_is_told_to_all_with_its_token_and_since_when(rivals) -> None:
    first, second = rivals
    free = second.store.read(lambda session: session.leases.look())
    assert (free.holder, free.expired) == (None, True)

    token = first.take()
    held = second.store.read(lambda session: session.leases.look())
    first.renew(token)
    renewed = second.store.read(lambda session: session.leases.look())

    assert (held.holder, held.token, held.expired) == (first.instance, token, False)
    assert renewed.since == held.since
    assert renewed.renewed_at > held.renewed_at
    assert str(held.holder) == "process 4711 on alpha"


def test_it_expires_by_the_clock_of_the_database(rivals, monkeypatch) -> None:
    first, second = rivals
    monkeypatch.setattr(leases, "LEASE_SECONDS", 3)
    token = first.take()
    assert second.take() is None

    assert until(second.take, "the lease to expire") == token + 1
    assert not first.renew(token)


def test_one_that_expired_and_nobody_took_is_renewed(rivals) -> None:
    first, second = rivals
    token = first.take()
    expire(second)

    assert first.renew(token)
    assert second.take() is None


def test_one_that_is_given_back_is_free_at_once(rivals) -> None:
    first, second = rivals
    token = first.take()

    first.release(token)

    assert not first.store.lease(lambda found: found.look()).holder
    assert second.take() == token + 1
    first.release(token)  # too late to be of any effect
    assert second.renew(token + 1)
    assert first.take() is None


def test_that_of_a_dead_server_is_taken_at_once_and_no_other_one(rivals) -> None:
    first, second = rivals
    token = first.take()

    assert second.take(dead=token - 1) is None
    assert second.take(dead=token) == token + 1
    assert first.take(dead=token) is None


def test_servers_are_seen_until_they_leave(rivals) -> None:
    first, second = rivals
    for each in (first, second, first):
        each.store.lease(lambda found, each=each: found.appear(each.instance))
    expire(first, f"instance {second.instance.id}")

    seen = first.store.read(lambda session: session.leases.sightings())
    assert {(each.instance, each.alive) for each in seen} == {
        (first.instance, True),
        (second.instance, False),
    }

    first.store.lease(lambda found: found.disappear(first.instance))
    [left] = first.store.read(lambda session: session.leases.sightings())
    assert left.instance == second.instance


@pytest.mark.parametrize("way", ["write", "lease"])
def test_of_two_that_wait_for_each_other_both_get_through(rivals, way, caplog) -> None:
    """The database takes one of them back, which nobody is to hear of."""
    names = ("scheduler", "fence")
    begun = {name: threading.Event() for name in names}

    def work(store: Store, mine: str, other: str) -> None:
        def both(found) -> None:
            query = text("UPDATE scheduler_lease SET token = token + 1 WHERE name = :name")
            found._connection.execute(query, {"name": mine})
            begun[mine].set()
            assert begun[other].wait(PATIENCE)
            found._connection.execute(query, {"name": other})

        getattr(store, way)(both)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(work, rivals[0].store, *names)
        second = pool.submit(work, rivals[1].store, *reversed(names))
        first.result(PATIENCE)
        second.result(PATIENCE)

    assert sql(rivals[0].store, "SELECT token FROM scheduler_lease") == [(2,), (2,)]
    assert "deadlock" not in caplog.text.lower()


def test_servers_that_appear_at_the_same_time_do_not_wait_for_each_other(rivals) -> None:
    first, second = rivals

    def appear_while_the_other_does(found) -> None:
        found.appear(first.instance)
        with ThreadPoolExecutor(1) as pool:
            appearing = pool.submit(
                second.store.lease, lambda others: others.appear(second.instance)
            )
            appearing.result(PATIENCE)

    first.store.lease(appear_while_the_other_does)

    seen = first.store.read(lambda session: session.leases.sightings())
    assert {each.instance for each in seen} == {first.instance, second.instance}


def test_a_server_not_heard_of_for_a_day_is_forgotten_when_another_one_appears(rivals) -> None:
    first, second = rivals
    old, recent = instance("old"), instance("recent")
    for each in (old, recent):
        first.store.lease(lambda found, each=each: found.appear(each))
    for name, hours in ((old.id, 25), (recent.id, 23)):
        sql(
            first.store,
            f"UPDATE scheduler_lease SET expires_at = expires_at - interval '{hours}' hour "
            f"WHERE name = 'instance {name}'",
        )

    second.store.lease(lambda found: found.appear(second.instance))

    seen = first.store.read(lambda session: session.leases.sightings())
    assert {each.instance for each in seen} == {recent, second.instance}


# What it fences off


def test_only_the_holder_records_and_others_write_what_users_want(rivals) -> None:
    first, second = rivals
    first.take()

    first.record(fenced=True)
    with pytest.raises(FencedError):
        second.record(fenced=True)
    second.record()

    assert second.count() == 2


def test_a_former_holder_that_knows_nothing_records_nothing(rivals) -> None:
    first, second = rivals
    first.take()
    expire(second)
    second.take()

    durable = first.store.submit(lambda s: s.jobs.add(a_job()), durable=True, fenced=True)
    with first.store.together():
        refused = first.store.submit(lambda s: s.jobs.add(a_job()), fenced=True)
        by_user = first.store.submit(lambda s: s.jobs.add(a_job()))

    for future in (durable, refused):
        with pytest.raises(FencedError, match="has taken over"):
            future.result(PATIENCE)
    by_user.result(PATIENCE)
    second.record(fenced=True)
    assert first.count() == 2


def test_a_transaction_from_before_the_take_over_does_not_pass_the_fence(rivals) -> None:
    first, second = rivals
    token = first.take()
    table = first.store._schema.lease
    with first.store._engines.lease.begin() as connection:
        connection.execute(select(first.store._schema.jobs.c.id)).all()
        expire(second)
        second.store.lease(lambda found: found.take(second.instance))

        assert not leases.Leases(connection, table).confirm(token)


def test_a_take_over_waits_for_what_is_being_recorded(rivals) -> None:
    first, second = rivals
    token = first.take()
    expire(second)
    inside, go_on = threading.Event(), threading.Event()

    def slow(session) -> None:
        session.jobs.add(a_job())
        inside.set()
        assert go_on.wait(PATIENCE)

    written = first.store.submit(slow, fenced=True)
    assert inside.wait(PATIENCE)
    with ThreadPoolExecutor(1) as pool:
        taken = pool.submit(until, lambda: _taken(second), "the take-over")
        with pytest.raises(TimeoutError):
            taken.result(0.3)
        assert first.renew(token)  # nor is the holder held up
        expire(first)
        go_on.set()

        written.result(PATIENCE)
        assert taken.result(PATIENCE) == token + 1
    assert second.count() == 1


@pytest.mark.slow
def test_a_holder_that_froze_while_it_recorded_is_not_waited_for(
    rivals, server, monkeypatch
) -> None:
    first, second = rivals
    monkeypatch.setattr(engine, "_HELD_SECONDS", 1)
    frozen = Rival(Store(server.admin), first.instance)
    try:
        frozen.take()
        inside, thaw = threading.Event(), threading.Event()

        def freeze(session) -> None:
            session.jobs.add(a_job())
            inside.set()
            thaw.wait(PATIENCE)

        written = frozen.store.submit(freeze, fenced=True)
        assert inside.wait(PATIENCE)
        expire(second)

        until(lambda: _taken(second), "the take-over")

        thaw.set()
        with pytest.raises(StoreUnavailableError):
            written.result(PATIENCE)
        assert second.count() == 0
    finally:
        frozen.store.close()


@pytest.mark.parametrize("server", [Dbms.POSTGRESQL], indirect=True)
def test_a_session_of_the_holder_that_is_stuck_in_a_statement_is_ended(rivals) -> None:
    first, second = rivals
    stuck = Rival(first.store, replace(first.instance, id=first.store.id))
    stuck.take()
    inside = threading.Event()

    def hang(session) -> None:
        session.jobs.add(a_job())
        inside.set()
        session._connection.execute(text("SELECT pg_sleep(600)"))

    written = first.store.submit(hang, fenced=True)
    assert inside.wait(PATIENCE)
    expire(second)

    assert until(lambda: _taken(second), "the take-over")

    with pytest.raises(StoreUnavailableError):
        written.result(PATIENCE)
    assert second.count() == 0


def _taken(rival: Rival) -> int | None:
    try:
        return rival.take()
    except StoreUnavailableError:
        return None


def test_a_holder_that_is_not_sure_waits_and_lets_users_write(rivals) -> None:
    first, _ = rivals
    token = first.take()
    first.store.fence.grant(token, elapsed() - 1)
    assert not first.store.fence.open

    with first.store.together():
        durable = first.store.submit(lambda s: s.jobs.add(a_job()), durable=True, fenced=True)
        refused = first.store.submit(lambda s: s.jobs.add(a_job()), fenced=True)
        by_user = first.store.submit(lambda s: s.jobs.add(a_job()))
    by_user.result(PATIENCE)
    with pytest.raises(StoreUnavailableError, match="could not be renewed in time"):
        refused.result(PATIENCE)
    assert not durable.done()
    assert first.count() == 1

    first.store.fence.grant(token, elapsed() + 60)
    durable.result(PATIENCE)
    assert first.count() == 2


def test_what_is_of_an_earlier_term_is_not_recorded_in_a_later_one(rivals) -> None:
    first, _ = rivals
    token = first.take()
    first.store.fence.grant(token, elapsed() - 1)
    durable = first.store.submit(lambda s: s.jobs.add(a_job()), durable=True, fenced=True)
    first.release(token)

    assert first.take() == token + 1

    with pytest.raises(FencedError):
        durable.result(PATIENCE)
    assert first.count() == 0


def test_rows_tell_the_term_in_which_they_were_recorded(rivals) -> None:
    first, second = rivals
    row = an_execution()
    second.store.write(lambda session: session.executions.add([row]))
    assert _tokens(first) == [None]

    token = first.take()
    first.store.write(lambda s: s.executions.move(row.id, State.RUNNING, NOW), fenced=True)
    assert _tokens(first) == [token]
    second.store.write(lambda session: session.executions.move(row.id, State.STOPPING, NOW))
    assert _tokens(first) == [token]


def _tokens(rival: Rival) -> list[int | None]:
    return [row[0] for row in sql(rival.store, "SELECT token FROM scheduler_execution")]


def test_a_server_is_gone_from_when_another_took_over_until_it_is_heard_of(rivals) -> None:
    first, second = rivals

    def roles() -> list[Role]:
        found = InstanceService(second.store, second.instance, system_clock).all()
        order = [first.instance.host, second.instance.host]
        return [each.role for each in sorted(found, key=lambda s: order.index(s.instance.host))]

    for rival in rivals:
        rival.store.lease(lambda found, rival=rival: found.appear(rival.instance))
    token = first.take()
    assert roles() == [Role.ACTIVE, Role.STANDBY]

    second.take(dead=token)
    assert roles() == [Role.GONE, Role.ACTIVE]
    first.store.lease(lambda found: found.appear(first.instance))
    assert roles() == [Role.STANDBY, Role.ACTIVE]


# What it means for mails


def a_sender(rival: Rival, channel: FakeChannel) -> Sender:
    store, clock = rival.store, lambda: NOW
    return Sender(
        Way(channel, Pace(None)), None, (), FakeContents(), store, clock, threading.Event()
    )


def owe(rival: Rival, *ids: str) -> None:
    mails = [Mail(each, "e1", "ops", MailState.QUEUED, 0, NOW, NOW, job_id="j1") for each in ids]
    rival.store.write(lambda session: session.outbox.add(mails))


def the_mail(rival: Rival) -> Mail:
    return rival.store.read(lambda session: session.outbox.of_execution("e1"))[0]


def test_mails_are_sent_by_the_holder_only(rivals) -> None:
    first, second = rivals
    channels = FakeChannel(), FakeChannel()
    second.take()
    owe(first, "m1")

    for rival, channel in zip(rivals, channels, strict=True):
        a_sender(rival, channel).send_due()

    assert [len(channel.sent) for channel in channels] == [0, 1]
    assert the_mail(first).state is MailState.DELIVERED


@pytest.mark.parametrize("is_found", [False, True])
def test_a_mail_under_way_at_a_change_is_recorded_and_not_sent_again(rivals, is_found) -> None:
    """Also when the new holder has found it before, and put it off as interrupted."""
    first, second = rivals
    channel, other = FakeChannel(), FakeChannel()

    def answer(_notice) -> Delivery:
        expire(second)
        second.take()
        if is_found:
            a_sender(second, other).send_due()
        return Delivery(("ann@example.org",))

    channel.answer = answer
    first.take()
    owe(first, "m1", "m2")

    with pytest.raises(FencedError):
        a_sender(first, channel).send_due()

    assert [each.outcome for each in the_mail(first).log] == [AttemptOutcome.DELIVERED]
    assert the_mail(first).state is MailState.DELIVERED
    a_sender(second, other).send_due()
    assert [each[0] for each in channel.sent] == ["m1"]
    assert [each[0] for each in other.sent] == ["m2"]
