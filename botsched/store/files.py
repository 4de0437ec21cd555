"""The table of data files: who put which there; the files themselves lie in the data folder."""

from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select, update

from botsched.domain.datafile import DataFile
from botsched.domain.news import Notes, Topic


class Files:
    """Data files as rows."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def put(self, file: DataFile) -> None:
        """Record a file, in place of an earlier one of that name."""
        values = {
            "filename": file.filename,
            "user": file.user,
            "created_at": file.created_at,
            "entries": file.entries,
            "description": file.description,
        }
        known = self._table.c.filename == file.filename
        if self._connection.execute(update(self._table).where(known), values).rowcount == 0:
            self._connection.execute(insert(self._table), values)
        self._notes[Topic.FILE, ""] = ""

    def all(self) -> list[DataFile]:
        """All recorded files, by name."""
        query = self._query().order_by(self._table.c.filename)
        return [DataFile(*row) for row in self._connection.execute(query)]

    def get(self, filename: str) -> DataFile | None:
        """One recorded file; None for one that was not uploaded."""
        query = self._query().where(self._table.c.filename == filename)
        row = self._connection.execute(query).first()
        return None if row is None else DataFile(*row)

    def delete(self, filename: str) -> None:
        """Forget a file, whether or not it is known."""
        self._connection.execute(delete(self._table).where(self._table.c.filename == filename))
        self._notes[Topic.FILE, ""] = ""

    def _query(self) -> Select[Any]:
        columns = self._table.c
        return select(
            columns.filename, columns.user, columns.created_at, columns.entries, columns.description
        )
