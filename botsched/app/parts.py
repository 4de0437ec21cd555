"""The parts of the server: built from the settings, started in order."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from botsched.app.survey import Survey
from botsched.app.system import System
from botsched.app.terminal import say
from botsched.catalog import CatalogueDescription
from botsched.domain.clock import system_clock
from botsched.domain.job import Policy
from botsched.ecs import missing
from botsched.execution.processes import this_instance
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.feed.feed import Feed
from botsched.notify.channels.build import channels
from botsched.notify.letter import Letterhead
from botsched.outbox.contents import Contents
from botsched.outbox.outbox import Outbox
from botsched.proxy import htpasswd
from botsched.proxy.certificate import authority_note, check_certificate
from botsched.proxy.supervisor import ProxySupervisor
from botsched.scheduling.controls import ControlService
from botsched.scheduling.defaults import default_policy
from botsched.scheduling.duty import Duty
from botsched.scheduling.errands import Errands
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.files import FileService
from botsched.scheduling.instances import InstanceService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.leadership import Leadership
from botsched.scheduling.mails import MailService
from botsched.scheduling.recovery import recover
from botsched.scheduling.retention import Retention
from botsched.scheduling.scheduler import Scheduler
from botsched.scheduling.statistics import StatisticsService
from botsched.scheduling.timelines import TimelineService
from botsched.scheduling.verifying import VerificationService
from botsched.scheduling.wakeup import WakeUp
from botsched.settings.invocation import invocation
from botsched.settings.model import EcsSettings, ProxySettings, Settings
from botsched.store.store import Store
from botsched.web.server import WebServer
from botsched.web.services import Services

_LOAD_SECONDS = 60.0
_PATIENCE_SECONDS = 1.0
"""How long an answer waits for job classes that it can do without."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs, as far as it has to be looked after until it is stopped."""

    store: Store
    runner: Runner
    scheduler: Scheduler
    duty: Duty
    leadership: Leadership
    web: WebServer
    services: Services
    proxy: ProxySupervisor | None
    catalogue: CatalogueDescription


async def start(
    settings: Settings, proxy: ProxySupervisor | None, secret: str | None, stack: AsyncExitStack
) -> Parts:
    """Start everything; each part that runs is on the stack, to be ended in reverse.

    ``proxy`` is loading already, and is told the ``secret`` that it shares with the server.
    """
    if settings.proxy is not None:
        _prepare_login(settings.proxy)
    ways = channels(settings.mail)
    store = Store(settings.database)
    stack.callback(store.close)
    leadership = Leadership(store, this_instance(store.id))
    stack.callback(leadership.close)
    defaults = default_policy(settings)
    recorder = Recorder(store, system_clock, defaults)
    runner = Runner(settings.execution, recorder, system_clock)
    runner.start()
    runner.drain()
    stack.callback(runner.close)
    scheduler = Scheduler(WakeUp(store, runner, defaults))
    feed = Feed(store, system_clock)
    feed.start()
    stack.callback(feed.close)
    services = _services(settings, store, runner, scheduler, defaults, leadership, feed, proxy)
    web = WebServer(settings.web, services, secret=secret)
    web.start()
    stack.callback(web.stop)
    if proxy is not None:
        await asyncio.to_thread(proxy.start)
        stack.callback(proxy.stop)
    catalogue = await asyncio.to_thread(runner.catalogue, _LOAD_SECONDS)
    contents = _contents(settings, runner)
    outbox = Outbox(settings.mail, ways, contents, store, system_clock)
    outbox.start()
    stack.callback(outbox.close)
    retention = Retention(settings.retention, store, system_clock)
    retention.start()
    stack.callback(retention.close)
    scheduler.start(paused=True)
    found_again = partial(_recover, store, runner, defaults, leadership)
    errands = Errands(store, runner, scheduler, defaults)
    duty = Duty(store, runner, scheduler, errands, found_again)
    await asyncio.to_thread(leadership.start, duty.changed)
    await asyncio.to_thread(duty.start)
    stack.callback(duty.close)
    return Parts(store, runner, scheduler, duty, leadership, web, services, proxy, catalogue)


def _contents(settings: Settings, runner: Runner) -> Contents:
    mail = settings.mail
    letterhead = Letterhead(settings.scheduling.timezone, mail.public_url, mail.subject)
    recipients = {each.name: each.recipients for each in (*mail.profiles, *mail.fallbacks)}
    return Contents(letterhead, partial(_report_title, runner), recipients)


def _recover(store: Store, runner: Runner, defaults: Policy, leadership: Leadership) -> list[Order]:
    runner.hold(held=store.read(lambda session: session.controls.get()).hold is not None)
    return recover(store, defaults, system_clock(), leadership.former)


def _services(
    settings: Settings,
    store: Store,
    runner: Runner,
    scheduler: Scheduler,
    defaults: Policy,
    leadership: Leadership,
    feed: Feed,
    proxy: ProxySupervisor | None,
) -> Services:
    zone = settings.scheduling.timezone.key
    check_scheduler = partial(_check_scheduler, scheduler, leadership)
    controls = ControlService(store, runner, system_clock, defaults, scheduler.wakeup)
    instances = InstanceService(store, leadership.instance, system_clock)
    system = System(
        settings, system_clock, store, runner, instances, controls, proxy, check_scheduler
    )
    return Services(
        jobs=JobService(store, runner, system_clock, defaults, zone, scheduler.wakeup),
        executions=ExecutionService(store, runner, system_clock),
        mails=MailService(
            store,
            _contents(settings, runner),
            (*settings.mail.profiles, *settings.mail.fallbacks),
            system_clock,
        ),
        controls=controls,
        audit=AuditService(store, system_clock),
        files=FileService(
            store,
            system_clock,
            settings.execution.data_dir,
            partial(runner.catalogue, _PATIENCE_SECONDS),
        ),
        verification=VerificationService(store, system_clock),
        statistics=StatisticsService(store, system_clock),
        timeline=TimelineService(store, system_clock),
        instances=instances,
        feed=feed,
        profiles=(*settings.mail.profiles, *settings.mail.channels),
        ecs=partial(_no_ecs, settings.ecs),
        system=Survey(system.sections()),
        figures=Survey(system.figures()),
        clock=system_clock,
        checks={
            "database": store.fault,
            "scheduler": check_scheduler,
            "jobs": partial(_check_starter, runner),
        },
    )


def _no_ecs(settings: EcsSettings) -> str | None:
    if settings.cluster is None:
        return "There is no cluster of Amazon ECS: the server was started without --ecs-cluster."
    return missing()


def _check_scheduler(scheduler: Scheduler, leadership: Leadership) -> str | None:
    if not scheduler.alive:
        return "It does not run: the server is starting or stopping."
    return leadership.fault


def _check_starter(runner: Runner) -> str | None:
    return None if runner.starter_pid else "The process that starts jobs is not there."


def _report_title(runner: Runner, job_class: str) -> str:
    """The report title of a job class, by the job folders as they are at this moment."""
    for known in runner.catalogue(_LOAD_SECONDS).classes:
        if known.job_class_string == job_class:
            return known.report_title
    return ""


def _prepare_login(settings: ProxySettings) -> None:
    """Check certificate and logins before anything is started; make a first login if allowed."""
    if settings.certificate is not None:
        check_certificate(settings.certificate)
        if note := authority_note(settings.certificate):
            say(note)
    if settings.create_htpasswd and not settings.htpasswd.exists():
        password = htpasswd.create(settings.htpasswd)
        say(
            "First start: a login was made.\n"
            f"  user      {htpasswd.FIRST_USER}\n"
            f"  password  {password}\n"
            "Write the password down, it is not shown again. To change it:\n"
            f"  {invocation()} user passwd {htpasswd.FIRST_USER}\n"
        )
    htpasswd.read(settings.htpasswd)
