"""The revision of the schema: checked at every start, written when the tables are made."""

from sqlalchemy import Connection, insert, inspect, select

from botsched.errors import RevisionError
from botsched.store.schema import REVISION, Schema


def prepare(connection: Connection, schema: Schema, name: str) -> None:
    """Make the tables that are missing, in an empty database or one of ours.

    Raises RevisionError, and changes nothing, for a database of another program or of a newer
    version of this one.
    """
    present = set(inspect(connection).get_table_names())
    ours = schema.meta.name in present
    revision = _revision(connection, schema) if ours else None
    foreign = sorted(present & set(schema.metadata.tables))
    if foreign and not ours:
        raise RevisionError(
            f"The database {name} has a table {foreign[0]!r} of another program. "
            "Choose other table names, or another database."
        )
    if revision is not None and revision > REVISION:
        raise RevisionError(
            f"The database {name} is of schema revision {revision}, made by a newer version; "
            f"this one knows revision {REVISION}. Upgrade bots-scheduler, or use another database."
        )
    # First, to tell of a database that is left half made that it is ours.
    schema.meta.create(connection, checkfirst=True)
    schema.metadata.create_all(connection)
    _complete_indexes(connection, schema)
    if revision is None:
        connection.execute(insert(schema.meta), {"name": "revision", "value": str(REVISION)})


def _complete_indexes(connection: Connection, schema: Schema) -> None:
    """Make the indexes that are missing: MySQL commits each step, and may be cut off between."""
    for table in schema.metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


def _revision(connection: Connection, schema: Schema) -> int | None:
    query = select(schema.meta.c.value).where(schema.meta.c.name == "revision")
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else int(value)
