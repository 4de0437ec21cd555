"""The table of what holds for all jobs: one row each, by name."""

from datetime import datetime

from sqlalchemy import Connection, Table, delete, insert, select

from botsched.domain.controls import Controls
from botsched.domain.news import Notes, Topic


class ControlRows:
    """Controls as rows; what is not set has none."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def get(self) -> Controls:
        """The present ones."""
        rows = self._connection.execute(select(self._table.c.name, self._table.c.value))
        return Controls.from_data({row.name: row.value for row in rows})

    def put(self, controls: Controls, at: datetime, user: str) -> None:
        """Store them in place of the present ones; what stays the same is left as it is."""
        before, after = self.get().to_data(), controls.to_data()
        self._notes[Topic.HOLD, ""] = ""
        for name in before | after:
            if before.get(name) == after.get(name):
                continue
            self._connection.execute(delete(self._table).where(self._table.c.name == name))
            if name in after:
                row = {"name": name, "value": after[name], "updated_at": at, "updated_by": user}
                self._connection.execute(insert(self._table), row)
