"""The names of tables that a database was made with: all servers on it have to use the same."""

from collections.abc import Collection

from sqlalchemy import Connection, insert, select

from botsched.errors import StartError
from botsched.store.schema import Schema


def check_names(
    connection: Connection, schema: Schema, present: Collection[str], database: str
) -> None:
    """Raise StartError when the finished database ``database`` was made with other names.

    One that has no note of them yet has all of its tables, at least.
    """
    given, noted = _given(schema), _noted(connection, schema)
    there = {name.lower() for name in present}  # as some databases write all names
    told = []
    for note, name in given.items():
        flag = f"--{note.replace(' ', '-')}"
        if note in noted and noted[note] != name:
            told.append(f"{flag} is {name!r} here, and {noted[note]!r} in the database.")
        elif note not in noted and name.lower() not in there:
            told.append(f"{flag} is {name!r} here, and the database has no such table.")
    if told:
        raise StartError(
            f"The database {database} was made with other table names. {' '.join(told)} "
            "Give the names that it was made with, or use another database."
        )


def write_names(connection: Connection, schema: Schema) -> None:
    """Note those names that are not noted yet."""
    noted = _noted(connection, schema)
    missing = {note: name for note, name in _given(schema).items() if note not in noted}
    if missing:
        rows = [{"name": note, "value": name} for note, name in missing.items()]
        connection.execute(insert(schema.meta), rows)


def _given(schema: Schema) -> dict[str, str]:
    """The chosen names, by what their notes are called; the flags are called the same."""
    return {
        "executions table": schema.executions.name,
        "jobs table": schema.jobs.name,
        "files table": schema.files.name,
        "logs table": schema.audit.name,
    }


def _noted(connection: Connection, schema: Schema) -> dict[str, str]:
    columns = schema.meta.c
    query = select(columns.name, columns.value).where(columns.name.in_(_given(schema)))
    return {row.name: row.value for row in connection.execute(query)}
