"""The revision of the schema: checked at every start, and carried to the present one."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Index, Inspector, insert, inspect, select, update

from botsched.errors import RevisionError
from botsched.store.changes import Change, all_changes
from botsched.store.schema import REVISION, Schema
from botsched.store.tablenames import check_names, write_names

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What a start would change: ``revision`` is the present one, None without our tables."""

    revision: int | None
    tables: tuple[str, ...]
    changes: tuple[tuple[int, Change], ...]
    indexes: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether a database of ours is not as it should be."""
        return self.revision is not None and (self.revision < REVISION or bool(self.changes))

    def in_words(self) -> list[str]:
        """Each change on a line."""
        return [
            *(f"make the table {name}" for name in self.tables),
            *(str(change) for _, change in self.changes),
            *(f"make the index {name}" for name in self.indexes),
        ]


def examine(connection: Connection, schema: Schema, name: str) -> Upgrade:
    """What is to be changed; nothing is.

    Raises RevisionError for a database of another program or of a newer version of this one,
    StartError for one that was made with other table names.
    """
    found = inspect(connection)
    present = set(found.get_table_names())
    ours = schema.meta.name in present
    foreign = sorted(present & set(schema.metadata.tables))
    if foreign and not ours:
        raise RevisionError(
            f"The database {name} has a table {foreign[0]!r} of another program. "
            "Choose other table names, or another database. What an ndscheduler keeps there, "
            '"bots-scheduler import ndscheduler" takes over into it.'
        )
    revision = _revision(connection, schema) if ours else None
    if revision is not None and revision > REVISION:
        raise RevisionError(
            f"The database {name} is of schema revision {revision}, made by a newer version; "
            f"this one knows revision {REVISION}. Upgrade bots-scheduler, or use another database."
        )
    if revision is not None:
        check_names(connection, schema, present, name)
    return Upgrade(
        revision,
        tuple(sorted(set(schema.metadata.tables) - present)),
        tuple(
            (since, change)
            for since, change in all_changes(schema)
            if not change.is_made(connection, found)
        ),
        tuple(str(index.name) for index in _missing_indexes(schema, found)),
    )


def prepare(connection: Connection, schema: Schema, name: str, save: Callable[[int], None]) -> None:
    """Make what is missing, in an empty database or one of ours.

    ``save`` is called with the present revision before an older database is changed.

    Raises RevisionError or StartError, and changes nothing, as ``examine`` does.
    """
    upgrade = examine(connection, schema, name)
    if upgrade and upgrade.revision is not None:
        log.warning(
            "The database %s is of schema revision %d; it is carried to %d.",
            *(name, upgrade.revision, REVISION),
        )
        save(upgrade.revision)
    # First, to tell of a database that is left half made that it is ours.
    schema.meta.create(connection, checkfirst=True)
    schema.metadata.create_all(connection)
    for revision, change in upgrade.changes:
        log.info("Revision %d: %s.", revision, change)
        change.make(connection)
    # MySQL commits each step, and may be cut off between; tables made just now have theirs.
    for index in _missing_indexes(schema, inspect(connection)):
        log.info("Making the index %s, which takes a while in a large table.", index.name)
        index.create(connection)
    write_names(connection, schema)
    _write_revision(connection, schema, upgrade.revision)
    if upgrade:
        log.warning("The database %s is of schema revision %d now.", name, REVISION)


def _missing_indexes(schema: Schema, found: Inspector) -> Iterator[Index]:
    """The indexes that tables lack which are there."""
    for table in schema.metadata.sorted_tables:
        if table.indexes and found.has_table(table.name):
            present = {index["name"] for index in found.get_indexes(table.name)}
            yield from (index for index in table.indexes if index.name not in present)


def _revision(connection: Connection, schema: Schema) -> int | None:
    query = select(schema.meta.c.value).where(schema.meta.c.name == "revision")
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else int(value)


def _write_revision(connection: Connection, schema: Schema, present: int | None) -> None:
    meta, value = schema.meta, str(REVISION)
    if present is None:
        connection.execute(insert(meta), {"name": "revision", "value": value})
    elif present < REVISION:
        connection.execute(update(meta).where(meta.c.name == "revision").values(value=value))
