"""The revision of the schema: checked at every start, written when the tables are made."""

from sqlalchemy import Connection, insert, inspect, select

from botsched.errors import RevisionError
from botsched.store.schema import REVISION, Schema


def prepare(connection: Connection, schema: Schema, name: str) -> None:
    """Make the tables in an empty database, and see that those of any other are ours.

    Raises RevisionError, and changes nothing, for a database of another program or of a newer
    version of this one.
    """
    present = set(inspect(connection).get_table_names())
    revision = _revision(connection, schema) if schema.meta.name in present else None
    if revision is None:
        foreign = sorted(present & set(schema.metadata.tables) - {schema.meta.name})
        if foreign:
            raise RevisionError(
                f"The database {name} has a table {foreign[0]!r} of another program. "
                "Choose other table names, or another database."
            )
        schema.metadata.create_all(connection)
        connection.execute(insert(schema.meta), {"name": "revision", "value": str(REVISION)})
        return
    if revision > REVISION:
        raise RevisionError(
            f"The database {name} is of schema revision {revision}, made by a newer version; "
            f"this one knows revision {REVISION}. Upgrade bots-scheduler, or use another database."
        )


def _revision(connection: Connection, schema: Schema) -> int | None:
    query = select(schema.meta.c.value).where(schema.meta.c.name == "revision")
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else int(value)
