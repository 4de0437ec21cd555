"""The table of executions and that of their output."""

import base64
import json
from datetime import timedelta

import pytest

from botsched.domain.execution import Cause, Execution, OutputChunk, State, may_come_from
from botsched.domain.paging import ExecutionFilter, OutputPart, Paging
from botsched.errors import ConflictError, InvalidError, NotFoundError
from botsched.settings.model import TableNames
from botsched.store import paging
from botsched.store.errors import DuplicateError
from tests.support.values import NOW, an_execution

LATER = NOW + timedelta(minutes=3, microseconds=7)


def add(store, *executions: Execution) -> None:
    store.write(lambda session: session.executions.add(list(executions)))


def get(store, execution_id: str) -> Execution:
    return store.read(lambda session: session.executions.get(execution_id))


def find(store, limit=None, cursor=None, **wanted):
    return store.read(lambda s: s.executions.find(ExecutionFilter(**wanted), Paging(limit, cursor)))


def test_an_execution_reads_back_as_it_was_written(store) -> None:
    execution = an_execution(
        state=State.SUCCEEDED,
        cause=Cause.RETURNED,
        reason="Très bien ☃",
        due=NOW,
        due_last=LATER,
        due_count=2**40,
        user="ann",
        started_at=LATER,
        ended_at=LATER,
        hostname="web1",
        boot_id="b" * 36,
        pid=2**22,
        pid_started=2**50,
        result={"a": [1, None, "ü"]},
        report=[{"type": "text", "text": "☃"}],
        output_bytes=2**40,
        output_dropped=2**39,
        cpu_seconds=0.125,
        max_rss=2**41,
        progress=0.375,
        progress_text="à moitié ☃",
        attempt=3,
        retry_of="r" * 32,
        caused_by="c" * 32,
        not_before=LATER,
    )

    add(store, execution)

    assert get(store, execution.id) == execution


@pytest.mark.parametrize("result", [None, 0, "", False, [], {}, "null", "ü" * 100_000])
def test_any_json_value_is_a_result(store, result) -> None:
    execution = an_execution(result=result)

    add(store, execution)

    read = get(store, execution.id).result
    assert read == result
    assert type(read) is type(result)


def test_an_unknown_execution_is_named(store) -> None:
    with pytest.raises(NotFoundError, match="There is no execution 'e9'"):
        get(store, "e9")


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_a_state_changes_along_the_transitions_only(store, before: State, after: State) -> None:
    execution, other = an_execution(state=before), an_execution(state=before)
    add(store, execution, other)

    moved = store.write(
        lambda s: s.executions.move(execution.id, after, LATER, reason="moved", pid=7)
    )

    assert moved is (before in may_come_from(after))
    read = get(store, execution.id)
    if moved:
        assert (read.state, read.updated_at, read.reason, read.pid) == (after, LATER, "moved", 7)
    else:
        assert read == execution
    assert get(store, other.id) == other


def test_a_move_that_must_be_says_why_it_cannot(store) -> None:
    execution = an_execution(state=State.FAILED)
    add(store, execution)

    with pytest.raises(ConflictError, match=rf"{execution.id!r} has ended \(failed\)"):
        store.write(lambda s: s.executions.require_move(execution.id, State.STOPPING, LATER))
    with pytest.raises(NotFoundError, match="'gone'"):
        store.write(lambda s: s.executions.require_move("gone", State.STOPPING, LATER))


def test_an_instant_of_a_job_is_recorded_once(store) -> None:
    first = an_execution(due=NOW)
    add(store, first)

    with pytest.raises(DuplicateError):
        add(store, an_execution(due=NOW + timedelta(seconds=1)), an_execution(due=NOW))

    assert find(store).items == [first]
    add(
        store, an_execution(due=NOW, job_id="j2"), an_execution(due=NOW + timedelta(microseconds=1))
    )
    assert len(find(store).items) == 3


def test_runs_asked_for_by_hand_have_no_instant_to_share(store) -> None:
    add(store, an_execution(due=None), an_execution(due=None))

    assert len(find(store).items) == 2


def test_which_instants_are_recorded_already(store) -> None:
    dues = [NOW + timedelta(seconds=number) for number in range(5)]
    add(
        store,
        an_execution(due=dues[1]),
        an_execution(due=dues[3]),
        an_execution(job_id="j2", due=NOW),
    )

    def existing(job_id: str, asked: list) -> set:
        return store.read(lambda s: s.executions.existing(job_id, asked))

    assert existing("j1", dues) == {dues[1], dues[3]}
    assert existing("j2", dues) == {NOW}
    assert existing("j3", dues) == existing("j1", []) == set()
    assert existing("j1", [dues[1] + timedelta(microseconds=1)]) == set()


def test_how_many_of_each_job_have_not_ended(store) -> None:
    for state in State:
        add(store, an_execution(state=state), an_execution(job_id="j2", state=State.FAILED))
    add(store, an_execution(job_id="j3", state=State.RUNNING))

    assert store.read(lambda s: s.executions.active_counts(NOW)) == {"j1": 3, "j3": 1}


def test_what_waits_for_a_moment_to_come_does_not_count_as_active(store) -> None:
    add(store, an_execution(not_before=LATER), an_execution(job_id="j2", not_before=NOW))

    assert store.read(lambda s: s.executions.active_counts(NOW)) == {"j2": 1}
    assert store.read(lambda s: s.executions.active_counts(LATER)) == {"j1": 1, "j2": 1}


def test_an_attempt_is_recorded_once(store) -> None:
    add(store, an_execution(retry_of="r1", attempt=2), an_execution(retry_of="r1", attempt=3))
    add(store, an_execution(retry_of="r2", attempt=2))

    with pytest.raises(DuplicateError):
        add(store, an_execution(retry_of="r1", attempt=3))


def test_an_end_has_one_run_of_each_job_follow(store) -> None:
    add(store, an_execution(caused_by="c1"), an_execution(caused_by="c2"))
    add(store, an_execution(caused_by="c1", job_id="j2"))

    with pytest.raises(DuplicateError):
        add(store, an_execution(caused_by="c1"))


def test_all_attempts_and_all_that_followed_are_found(store) -> None:
    first, other = an_execution(), an_execution()
    second = an_execution(retry_of=first.id, caused_by=first.id, attempt=2, updated_at=LATER)
    follower = an_execution(caused_by=second.id, job_id="j2", updated_at=LATER)
    add(store, first, other, second, follower)

    assert find(store, retry_of=first.id).items == [second, first]
    assert find(store, caused_by=first.id).items == [second]
    assert find(store, caused_by=second.id).items == [follower]
    following = store.read(lambda s: s.executions.caused_by(second.id))
    assert following == [follower]
    assert store.read(lambda s: s.executions.caused_by(other.id)) == []


def test_those_in_a_state_are_given_in_the_order_of_their_instants(store) -> None:
    second = an_execution(scheduled_at=LATER)
    first = an_execution(scheduled_at=NOW)
    running = an_execution(state=State.RUNNING, scheduled_at=NOW - timedelta(days=1))
    add(store, second, first, running, an_execution(state=State.FAILED))

    assert store.read(lambda s: s.executions.in_state(State.SCHEDULED)) == [first, second]
    both = store.read(lambda s: s.executions.in_state(State.SCHEDULED, State.RUNNING))
    assert both == [running, first, second]


def test_progress_is_added_without_touching_the_rest(store) -> None:
    execution = an_execution(state=State.RUNNING)
    add(store, execution)

    store.write(lambda s: s.executions.amend(execution.id, {"pid": 5, "output_bytes": 9}))

    read = get(store, execution.id)
    assert (read.pid, read.output_bytes, read.updated_at) == (5, 9, NOW)


def test_pages_follow_each_other_the_newest_first_also_through_equal_moments(store) -> None:
    executions = [
        an_execution(updated_at=NOW + timedelta(microseconds=number % 3)) for number in range(10)
    ]
    add(store, *executions)

    pages = [find(store, 3)]
    while pages[-1].next_cursor is not None:
        pages.append(find(store, 3, pages[-1].next_cursor))

    assert [len(page.items) for page in pages] == [3, 3, 3, 1]
    listed = [execution for page in pages for execution in page.items]
    assert listed == sorted(executions, key=lambda each: (each.updated_at, each.id), reverse=True)
    assert find(store).items == listed


def test_filters(store) -> None:
    old = an_execution(job_name="old", updated_at=NOW - timedelta(days=1))
    now = an_execution(job_name="Now 50%", state=State.FAILED)
    other = an_execution(job_name="other", job_id="j2", updated_at=LATER, state=State.LOST)
    add(store, old, now, other)

    def names(**wanted) -> list[str]:
        return [each.job_name for each in find(store, **wanted).items]

    assert names() == ["other", "Now 50%", "old"]
    assert names(start=NOW) == ["other", "Now 50%"]
    assert names(end=NOW) == ["Now 50%", "old"]
    assert names(start=NOW, end=NOW) == ["Now 50%"]
    assert names(job_id="j2") == ["other"]
    assert names(states=frozenset({State.FAILED, State.LOST})) == ["other", "Now 50%"]
    assert names(text="NOW") == names(text="%") == ["Now 50%"]
    assert names(text="o", job_id="j1") == ["Now 50%", "old"]


def test_a_text_is_found_wherever_the_list_shows_one(store) -> None:
    rows = {
        "name": an_execution(job_name="Copy the CELLAR"),
        "class": an_execution(job_class="jobs.cellar.Door"),
        "arguments": an_execution(arguments={"from": ["Größe", "cellar"]}),
        "reason": an_execution(reason="Exit code 1: no cellar there."),
        "none": an_execution(result="cellar"),
    }
    add(store, *rows.values())

    found = {each.id for each in find(store, text="cellar").items}

    assert found == {rows[name].id for name in ("name", "class", "arguments", "reason")}
    assert [each.id for each in find(store, text="Größe").items] == [rows["arguments"].id]


def of_everything(store, number: int) -> list[Execution]:
    """Executions of two jobs in three states, two at each moment, the newest first."""
    states = State.SUCCEEDED, State.FAILED, State.LOST
    rows = [
        an_execution(
            job_id=f"j{each % 2}",
            state=states[each % 3],
            reason=f"reason {each % 5}",
            updated_at=NOW - timedelta(seconds=each // 2),
        )
        for each in range(number)
    ]
    add(store, *rows)
    return sorted(rows, key=lambda row: (row.updated_at, row.id), reverse=True)


SELECTIONS = [
    {},
    {"states": frozenset({State.FAILED})},
    {"states": frozenset({State.FAILED, State.LOST})},
    {"states": frozenset({State.FAILED, State.LOST}), "job_id": "j1"},
    {"text": "reason 3"},
    {"text": "reason 3", "job_id": "j0"},
    {"text": "reason 3", "states": frozenset({State.FAILED})},
    {"text": "reason 3", "states": frozenset({State.FAILED, State.SUCCEEDED})},
    {"start": NOW - timedelta(seconds=20), "end": NOW - timedelta(seconds=5)},
    {"start": NOW - timedelta(seconds=20), "end": NOW - timedelta(seconds=5), "text": "reason"},
]


def matches(row: Execution, wanted) -> bool:
    return (
        row.job_id == wanted.get("job_id", row.job_id)
        and row.state in wanted.get("states", State)
        and wanted.get("text", "") in row.reason
        and wanted.get("start", row.updated_at) <= row.updated_at
        and row.updated_at <= wanted.get("end", row.updated_at)
    )


@pytest.mark.parametrize("wanted", SELECTIONS)
@pytest.mark.parametrize("hurried", [False, True])
def test_pages_of_any_selection_hold_each_match_once(store, monkeypatch, wanted, hurried) -> None:
    monkeypatch.setattr(paging, "STRETCH", 4)
    monkeypatch.setattr(paging, "SEARCH_SECONDS", -1 if hurried else 60)
    rows = of_everything(store, 60)
    expected = [row for row in rows if matches(row, wanted)]

    pages = [find(store, 3, **wanted)]
    while pages[-1].next_cursor is not None:
        pages.append(find(store, 3, pages[-1].next_cursor, **wanted))

    assert [row for page in pages for row in page.items] == expected
    assert find(store, **wanted).items == expected
    assert max(len(page.items) for page in pages) <= 3
    if not hurried:
        assert {len(page.items) for page in pages[:-1]} <= {3}


def test_a_later_page_begins_no_earlier_than_its_list(store) -> None:
    rows = of_everything(store, 60)
    first = find(store, 3)

    page = find(store, 3, first.next_cursor, end=NOW - timedelta(seconds=10))

    assert page.items == [row for row in rows if row.updated_at <= NOW - timedelta(seconds=10)][:3]


def test_a_search_ends_in_time_and_goes_on_where_it_ended(store, monkeypatch) -> None:
    monkeypatch.setattr(paging, "STRETCH", 10)
    monkeypatch.setattr(paging, "SEARCH_SECONDS", -1)
    of_everything(store, 60)
    add(
        store,
        an_execution(reason="the needle", updated_at=NOW - timedelta(seconds=12, microseconds=1)),
    )

    pages = [find(store, 3, text="needle")]
    while pages[-1].next_cursor is not None:
        pages.append(find(store, 3, pages[-1].next_cursor, text="needle"))

    assert [len(page.items) for page in pages] == [0, 0, 1, 0, 0, 0, 0]


def strange(value: object) -> str:
    if isinstance(value, list):
        value = [TableNames().executions, *value]
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "", "é", strange(["yesterday", "id"]), strange([1, 2]), strange("ab")),
        *(strange({"a": 1, "b": 2}), strange([NOW.isoformat()]), strange([None, None])),
        strange(["0001-01-01T00:00:00+14:00", "id"]),
        base64.urlsafe_b64encode(b"[" * 60_000).decode(),
    ],
)
def test_a_strange_cursor_is_refused(store, cursor: str) -> None:
    with pytest.raises(InvalidError) as caught:
        find(store, 2, cursor)

    assert list(caught.value.fields) == ["cursor"]


def test_output_is_kept_in_order_and_read_from_any_place(store) -> None:
    chunks = [
        OutputChunk(number, stream, LATER, f"{number} ☃\n")
        for number, stream in enumerate(["out", "err", "out", "out"], 1)
    ]
    store.write(lambda s: s.output.add("e1", chunks[2:]))
    store.write(lambda s: s.output.add("e1", chunks[:2]))
    store.write(lambda s: s.output.add("e2", chunks[:1]))
    store.write(lambda s: s.output.add("e2", []))

    def output(*arguments) -> list[OutputChunk]:
        return store.read(lambda s: s.output.get(*arguments))

    assert output("e1") == chunks
    assert output("e1", 2) == chunks[2:]
    assert output("e1", 1, 2) == chunks[1:3]
    assert output("e2") == chunks[:1]
    assert output("e3") == []


def test_a_chunk_may_be_long(store) -> None:
    chunk = OutputChunk(1, "out", NOW, "ü" * 200_000)

    store.write(lambda s: s.output.add("e1", [chunk]))

    assert store.read(lambda s: s.output.get("e1")) == [chunk]


def test_parts_of_an_output_are_read_from_both_ends(store) -> None:
    chunks = [OutputChunk(n, "err" if n % 3 == 0 else "out", NOW, f"{n}") for n in range(1, 8)]
    store.write(lambda session: session.output.add("e1", chunks))
    store.write(lambda session: session.output.add("e2", chunks[:2]))

    def part(**wanted) -> list[int]:
        found = store.read(lambda s: s.output.part("e1", OutputPart(**wanted)))
        return [chunk.sequence for chunk in found]

    assert part() == [1, 2, 3, 4, 5, 6, 7]
    assert part(after=2, limit=3) == [3, 4, 5]
    assert part(before=6, limit=2) == [5, 4]
    assert part(after=2, before=6) == [5, 4, 3]
    assert part(stream="err") == [3, 6]
    assert part(stream="out", before=7, limit=2) == [5, 4]
    assert store.read(lambda s: (s.output.last("e1"), s.output.last("e3"))) == (7, 0)


def test_executions_are_found_by_how_long_they_took(store) -> None:
    for name, seconds in [("a", 0.5), ("b", 90), ("c", 90.000002), ("d", 86400 * 40)]:
        ended = NOW + timedelta(seconds=seconds)
        add(store, an_execution(id=name, state=State.FAILED, started_at=NOW, ended_at=ended))
    add(store, an_execution(id="e", started_at=NOW), an_execution(id="f"))

    def longer(seconds: float) -> set[str]:
        return {each.id for each in find(store, longer_than=seconds).items}

    assert longer(0) == {"a", "b", "c", "d"}
    assert longer(1) == {"b", "c", "d"}
    assert longer(91) == {"d"}
    assert longer(86400 * 40) == set()


def test_lists_leave_out_what_may_be_large(store) -> None:
    add(store, an_execution(id="a", report=[{"type": "text", "text": "x"}], result="y"))

    (listed,) = find(store).items
    (brief,) = store.read(
        lambda s: s.executions.find(ExecutionFilter(), Paging(), results=False)
    ).items

    assert (listed.report, listed.result) == (None, "y")
    assert (brief.report, brief.result) == (None, None)


def test_the_runs_around_one_are_those_of_its_job_in_order(store) -> None:
    rows = [
        an_execution(id=name, state=State.SUCCEEDED, updated_at=at, started_at=NOW, ended_at=end)
        for name, at, end in [
            ("b", NOW, NOW + timedelta(seconds=1)),
            ("c", NOW, NOW + timedelta(seconds=9)),
            ("a", LATER, NOW + timedelta(seconds=2)),
        ]
    ]
    ran = {"started_at": NOW, "ended_at": LATER}
    failures = [an_execution(id=n, state=State.FAILED, updated_at=LATER, **ran) for n in "wx"]
    other = an_execution(id="bb", job_id="other", updated_at=NOW)
    add(store, *rows, *failures, other)

    def around(name: str) -> list[str | None]:
        def operation(session) -> list[Execution | None]:
            run = session.executions.get(name)
            return [session.job_runs.previous(run), session.job_runs.next(run)]

        return [each and each.id for each in store.read(operation)]

    assert [around(name) for name in "bcax"] == [
        [None, "c"],
        ["b", "a"],
        ["c", "w"],
        ["w", None],
    ]

    def durations(count: int) -> list[float]:
        return store.read(
            lambda s: s.job_runs.durations_before(s.executions.get("x"), count),
        )

    assert durations(9) == [2, 9, 1]
    assert durations(2) == [2, 9]

    def last_good(name: str) -> str | None:
        good = store.read(lambda s: s.job_runs.last_good(s.executions.get(name)))
        return good and good.id

    assert [last_good(name) for name in "bcaxw"] == [None, "b", "c", "a", "a"]
