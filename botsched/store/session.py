"""The tables as seen from inside one transaction or one read."""

from sqlalchemy import Connection, update

from botsched.domain.news import Notes
from botsched.store.audit import AuditLog
from botsched.store.contents import Contents
from botsched.store.controls import ControlRows
from botsched.store.executions import Executions
from botsched.store.expiry import Expiry
from botsched.store.files import Files
from botsched.store.instants import Instants
from botsched.store.jobhistory import JobHistory
from botsched.store.jobruns import JobRuns
from botsched.store.jobs import Jobs
from botsched.store.knownjobs import KnownJobs
from botsched.store.lately import Lately
from botsched.store.leases import Leases
from botsched.store.mailcounts import MailCounts
from botsched.store.maillist import MailList
from botsched.store.mailqueue import MailQueue
from botsched.store.outbox import Outbox
from botsched.store.outcomes import Outcomes
from botsched.store.output import Output
from botsched.store.past import Past
from botsched.store.schema import Schema
from botsched.store.statistics import Statistics
from botsched.store.vitals import Vitals


class Session:
    """One repository a table, all on the same connection.

    ``known`` is what readers share; ``token`` is that of the lease under which is written; into
    ``notes`` goes what changes.
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        known: KnownJobs | None = None,
        token: int | None = None,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self.notes: Notes = {}
        self.job_history = JobHistory(
            connection, schema.job_history, schema.removed, schema.meta, self.notes
        )
        self.jobs = Jobs(
            connection, schema.jobs, schema.executions, self.job_history, known or KnownJobs()
        )
        self.outcomes = Outcomes(connection, schema.jobs, schema.executions)
        self.executions = Executions(
            connection, schema.executions, self.outcomes, self.notes, token
        )
        self.job_runs = JobRuns(connection, schema.executions)
        self.instants = Instants(connection, schema.executions)
        self.output = Output(connection, schema.output, self.notes)
        self.statistics = Statistics(connection, schema.executions)
        self.mail_counts = MailCounts(connection, schema.outbox)
        self.outbox = Outbox(connection, schema.outbox, self.notes)
        self.mail_queue = MailQueue(connection, schema.outbox, self.notes)
        self.mail_list = MailList(connection, schema.outbox, schema.executions, self.notes)
        self.past = Past(connection, schema, self.outcomes)
        self.audit = AuditLog(connection, schema.audit, self.notes)
        self.files = Files(connection, schema.files, self.notes)
        self.lately = Lately(connection, schema)
        self.contents = Contents(connection, schema)
        self.expiry = Expiry(connection, schema, self.job_history)
        self.leases = Leases(connection, schema.lease)
        self.vitals = Vitals(connection, schema)
        self.controls = ControlRows(connection, schema.controls, self.notes)

    def touch(self) -> None:
        """Write something that changes nothing, to see whether writing works.

        Of several servers, only one at a time gets beyond this until its transaction ends.
        """
        meta = self._schema.meta
        self._connection.execute(update(meta).values(value=meta.c.value))
