"""The table of what executions print."""

from typing import Any

from sqlalchemy import Connection, Table, func, select

from botsched.domain.execution import OutputChunk
from botsched.domain.news import Notes, Topic
from botsched.domain.paging import OutputPart
from botsched.store.statements import insertion


class Output:
    """Chunks of output in the order in which they came."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def add(self, execution_id: str, chunks: list[OutputChunk]) -> None:
        """Store more output of an execution."""
        rows = [
            {
                "execution_id": execution_id,
                "sequence": chunk.sequence,
                "stream": chunk.stream,
                "at": chunk.at,
                "text": chunk.text,
            }
            for chunk in chunks
        ]
        if rows:
            self._connection.execute(insertion(self._table), rows)
            self._notes[Topic.OUTPUT, execution_id] = chunks[-1].sequence

    def get(self, execution_id: str, after: int = 0, limit: int | None = None) -> list[OutputChunk]:
        """Chunks with a higher sequence number than ``after``, at most ``limit`` of them."""
        return self.part(execution_id, OutputPart(after=after, limit=limit))

    def part(self, execution_id: str, wanted: OutputPart) -> list[OutputChunk]:
        """The chunks that are wanted, whatever their size; those ``before`` come last first."""
        columns = self._table.c
        query: Any = (
            select(columns.sequence, columns.stream, columns.at, columns.text)
            .where(columns.execution_id == execution_id, columns.sequence > wanted.after)
            .limit(wanted.limit)
        )
        if wanted.stream is not None:
            query = query.where(columns.stream == wanted.stream)
        if wanted.before is not None:
            query = query.where(columns.sequence < wanted.before)
        backwards = wanted.before is not None
        query = query.order_by(columns.sequence.desc() if backwards else columns.sequence)
        return [OutputChunk(*row) for row in self._connection.execute(query)]

    def last(self, execution_id: str) -> int:
        """The highest sequence number that is stored, 0 when there is none."""
        columns = self._table.c
        query = select(func.max(columns.sequence)).where(columns.execution_id == execution_id)
        return self._connection.execute(query).scalar() or 0
