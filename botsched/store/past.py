"""What happened elsewhere, before it was known here."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, select

from botsched.domain.audit import AuditEvent
from botsched.domain.execution import Execution
from botsched.store.audit import event_values
from botsched.store.executionrows import values_of
from botsched.store.outcomes import Outcomes, note_first
from botsched.store.schema import Schema
from botsched.store.statements import insertion, portions


class Past:
    """Adds ended executions and events under ids that they brought; nobody is told of them.

    With executions, the last outcomes of their jobs are noted.
    """

    def __init__(self, connection: Connection, schema: Schema, outcomes: Outcomes) -> None:
        self._connection = connection
        self._schema = schema
        self._outcomes = outcomes

    def known_executions(self, ids: Collection[str]) -> set[str]:
        """Those of these executions that are there."""
        return self._known(self._schema.executions.c.id, ids)

    def known_events(self, ids: Collection[str]) -> set[str]:
        """Those of these events that are there."""
        return self._known(self._schema.audit.c.id, ids)

    def add_executions(self, executions: Collection[Execution]) -> int:
        """Add those that are not there; how many that were."""
        known = self.known_executions([each.id for each in executions])
        new = [each for each in executions if each.id not in known]
        if new:
            rows = [values_of(each) for each in new]
            self._connection.execute(insertion(self._schema.executions), rows)
            self._outcomes.note_newest(new)
        return len(new)

    def add_events(self, events: Collection[tuple[str, AuditEvent]]) -> int:
        """The same of events with their ids."""
        known = self.known_events([event_id for event_id, _ in events])
        new = [event_values(event_id, event) for event_id, event in events if event_id not in known]
        if new:
            self._connection.execute(insertion(self._schema.audit), new)
        return len(new)

    def note_outcomes(self) -> None:
        """Note the last outcome of those jobs that have none, where their past is here already."""
        note_first(self._connection, self._schema.jobs, self._schema.executions)

    def _known(self, column: Column[Any], ids: Collection[str]) -> set[str]:
        found: set[str] = set()
        for some in portions(ids):
            found.update(self._connection.execute(select(column).where(column.in_(some))).scalars())
        return found
