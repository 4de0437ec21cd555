"""The table of what executions print."""

from typing import Any

from sqlalchemy import Connection, Table, select

from botsched.domain.execution import OutputChunk
from botsched.store.statements import insertion


class Output:
    """Chunks of output in the order in which they came."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

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

    def get(self, execution_id: str, after: int = 0, limit: int | None = None) -> list[OutputChunk]:
        """Chunks with a higher sequence number than ``after``, at most ``limit`` of them."""
        columns = self._table.c
        query: Any = (
            select(columns.sequence, columns.stream, columns.at, columns.text)
            .where(columns.execution_id == execution_id, columns.sequence > after)
            .order_by(columns.sequence)
        )
        if limit is not None:
            query = query.limit(limit)
        return [OutputChunk(*row) for row in self._connection.execute(query)]
