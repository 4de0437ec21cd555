"""What is found in a database at the start, and what is made of it."""

from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from botsched.errors import RevisionError, StartError
from botsched.settings.model import TableNames
from botsched.store.reader import Reader
from botsched.store.schema import REVISION, Schema
from botsched.store.store import Store
from tests.support.values import a_job

OURS = {
    *("scheduler_meta", "scheduler_jobs", "scheduler_execution", "scheduler_output"),
    *("scheduler_outbox", "scheduler_jobauditlog", "scheduler_files"),
    *("scheduler_job_history", "scheduler_removed", "scheduler_lease", "scheduler_controls"),
}


def tables(connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def revision(connection) -> str:
    query = text("SELECT value FROM scheduler_meta WHERE name = 'revision'")
    return connection.execute(query).scalar_one()


def test_an_empty_database_gets_its_tables_and_revision(database, in_sql) -> None:
    Store(database).close()

    assert in_sql(tables) == OURS
    assert in_sql(revision) == str(REVISION)


def test_our_own_database_is_taken_up_again(database) -> None:
    store, job = Store(database), a_job()
    store.write(lambda s: s.jobs.add(job))
    store.close()

    store = Store(database)

    assert store.read(lambda s: s.jobs.get(job.id)) == job
    store.close()


def test_the_tables_are_named_as_the_user_wants(database, in_sql) -> None:
    names = TableNames("my_runs", "my_jobs", "my_files", "my_audit")

    Store(replace(database, tables=names)).close()

    assert {"my_runs", "my_jobs", "my_files", "my_audit", "scheduler_meta"} < in_sql(tables)


@pytest.mark.parametrize("noted", [True, False])
def test_other_names_than_those_it_was_made_with_are_refused(database, in_sql, noted) -> None:
    Store(database).close()
    if not noted:  # as an earlier version left it
        in_sql(forget_names)
    other = replace(database, tables=TableNames("my_runs", logs="my_audit"))

    with pytest.raises(StartError, match=r"--executions-table is 'my_runs' here, and .*--logs-t"):
        Store(other)
    with pytest.raises(StartError, match="made with other table names"), Reader(other) as reader:
        reader.require_present_revision()

    assert in_sql(tables) == OURS
    Store(database).close()


def test_names_that_an_earlier_version_did_not_note_are_noted(database, in_sql) -> None:
    """Where there are tables of several names, those of the first start count."""
    Store(database).close()
    in_sql(forget_names)
    in_sql(lambda c: c.execute(text("CREATE TABLE my_runs (id INTEGER)")))
    Store(database).close()

    with pytest.raises(StartError, match="'my_runs' here, and 'scheduler_execution' in the data"):
        Store(replace(database, tables=TableNames("my_runs")))


def forget_names(connection) -> None:
    connection.execute(text("DELETE FROM scheduler_meta WHERE name LIKE '% table'"))


def test_a_newer_revision_is_refused_and_left_as_it_is(database, in_sql) -> None:
    Store(database).close()
    in_sql(lambda c: c.execute(text("UPDATE scheduler_meta SET value = '99'")))
    in_sql(lambda c: c.execute(text("DROP TABLE scheduler_files")))

    with pytest.raises(RevisionError) as caught:
        Store(database)

    assert "of schema revision 99, made by a newer version" in str(caught.value)
    assert in_sql(tables) == OURS - {"scheduler_files"}
    assert in_sql(revision) == "99"


def test_a_table_of_another_program_is_refused_and_left_as_it_is(database, in_sql) -> None:
    in_sql(lambda c: c.execute(text("CREATE TABLE scheduler_jobs (id INTEGER, secret TEXT)")))

    with pytest.raises(RevisionError) as caught:
        Store(database)

    assert "has a table 'scheduler_jobs' of another program" in str(caught.value)
    assert in_sql(tables) == {"scheduler_jobs"}


def test_tables_that_are_in_nobodys_way_are_let_be(database, in_sql) -> None:
    in_sql(lambda c: c.execute(text("CREATE TABLE customers (id INTEGER)")))

    Store(database).close()

    assert in_sql(tables) == OURS | {"customers"}


@pytest.mark.parametrize("made", [{"scheduler_meta"}, {"scheduler_meta", "scheduler_jobs"}])
def test_a_database_that_was_left_half_made_is_completed(database, in_sql, made) -> None:
    schema = Schema(database.tables)
    half = [schema.metadata.tables[name] for name in sorted(made)]
    in_sql(lambda c: schema.metadata.create_all(c, tables=half))

    Store(database).close()

    assert in_sql(tables) == OURS
    assert in_sql(revision) == str(REVISION)
