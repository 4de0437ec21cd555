"""What a mail tells, read when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from botsched.domain.execution import OutputChunk
from botsched.domain.outbox import Mail
from botsched.notify.channel import Notice
from botsched.notify.message import build, message_id
from botsched.notify.run_mail import RunMail, subject
from botsched.settings.model import SmtpProfile
from botsched.store.session import Session


class Contents:
    """``report_title`` gives the title of a job class's reports."""

    def __init__(
        self, timezone: ZoneInfo, public_url: str, report_title: Callable[[str], str]
    ) -> None:
        self._timezone = timezone
        self._public_url = public_url
        self._report_title = report_title

    def notice(self, session: Session, mail: Mail) -> Notice:
        """What a mail tells. Raises NotFoundError when the execution is gone."""
        execution = session.executions.get(mail.execution_id)
        chunks: list[OutputChunk] = session.output.get(mail.execution_id)
        run_mail = RunMail(
            execution,
            "".join(chunk.text for chunk in chunks),
            self._report_title(execution.job_class),
            self._links(execution.id),
        )
        to = None if mail.to is None else tuple(mail.to)
        return _RunNotice(mail.id, to, run_mail, self._timezone)

    def _links(self, execution_id: str) -> tuple[tuple[str, str], ...]:
        if not self._public_url:
            return ()
        output = f"{self._public_url}/api/v1/executions/{execution_id}/output?format=text"
        return (
            ("Execution", f"{self._public_url}/executions/{execution_id}"),
            ("Output", output),
        )


@dataclass
class _RunNotice:
    id: str
    to: tuple[str, ...] | None
    mail: RunMail
    timezone: ZoneInfo

    @property
    def subject(self) -> str:
        return subject(self.mail.execution)

    def text(self) -> str:
        return self.mail.output

    def data(self) -> dict[str, Any]:
        return {"id": self.id, "subject": self.subject}

    def email(self, profile: SmtpProfile) -> EmailMessage:
        if self.to is not None:
            profile = replace(profile, recipients=self.to)
        key = message_id(self.id, profile)
        return build(self.mail, profile, message_id=key, timezone=self.timezone)
