"""What the web needs from the rest of the program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botsched.domain.clock import Clock, system_clock
from botsched.feed.feed import Feed
from botsched.scheduling.controls import ControlService
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.files import FileService
from botsched.scheduling.instances import InstanceService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.mails import MailService
from botsched.scheduling.statistics import StatisticsService
from botsched.scheduling.timelines import TimelineService
from botsched.scheduling.verifying import VerificationService
from botsched.settings.model import Outlet

Check = Callable[[], str | None]
"""None when a part of the program works; one sentence, or a BotsError, when it does not."""


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases; ``checks`` are what ``/readyz`` asks, by the name of the part.

    ``system`` gives, as JSON data, what each part of the program says of itself, ``figures`` what
    monitoring collects of them. ``profiles`` are those that rules of mail may name. ``ecs`` says
    why there is no web API of ECS.
    """

    jobs: JobService
    executions: ExecutionService
    mails: MailService
    controls: ControlService
    audit: AuditService
    files: FileService
    verification: VerificationService
    statistics: StatisticsService
    timeline: TimelineService
    instances: InstanceService
    feed: Feed
    checks: Mapping[str, Check] = field(default_factory=dict)
    system: Callable[[], dict[str, Any]] = dict
    figures: Callable[[], dict[str, Any]] = dict
    profiles: tuple[Outlet, ...] = ()
    ecs: Check = lambda: None
    clock: Clock = system_clock
