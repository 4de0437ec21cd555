"""What was started, for the terminal."""

import socket
from collections.abc import Collection, Iterator
from textwrap import wrap

from botsched import __version__
from botsched.app.parts import Parts
from botsched.catalog import CatalogueDescription
from botsched.catalog.catalogue import ImportFailure
from botsched.domain.ecstasks import RUN_TASK
from botsched.settings.model import MailSettings, Settings, Webhook
from botsched.store.store import Store

_MOST_NAMES = 10
_INDENT = " " * 12


def summary(settings: Settings, parts: Parts) -> str:
    """What was started, for the terminal."""
    if settings.proxy is None or parts.proxy is None:
        address = f"http://127.0.0.1:{parts.web.port}/"
        notes = ["  login     none, and no TLS: for this machine only"]
    else:
        host = "localhost" if settings.proxy.host else socket.gethostname()
        address = f"https://{host}:{parts.proxy.port}/"
        notes = []
    catalogue = parts.catalogue
    folders = ", ".join(str(folder) for folder in settings.execution.job_folders)
    number = len(catalogue.classes)
    classes = "1 job class" if number == 1 else f"{number} job classes"
    jobs = parts.store.read(lambda session: session.jobs.count())
    mails = ", ".join(profile.name for profile in settings.mail.profiles)
    lines = [
        f"bots-scheduler {__version__} is ready: {address}",
        *notes,
        f"  jobs      {jobs} scheduled, {classes} in {folders}",
        *(line for fault in catalogue.failures for line in _failure(fault)),
        *_homeless_jobs(parts.store, catalogue),
        f"  database  {parts.store.name}",
        *_role(parts),
        f"  mail      {f'through {mails}' if mails else 'none (see --smtp-profile)'}",
        *_channels(settings.mail),
        *_unsafe(settings.mail),
        *(line for note in settings.notes for line in _hanging(f"  NOTE      {note}")),
        *_waiting_mails(parts.store, settings.mail.names),
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


def _failure(fault: ImportFailure) -> Iterator[str]:
    yield f"  FAULT     {fault.file}:"
    yield from _hanging(f"{_INDENT}{fault.error}")


def _hanging(text: str) -> list[str]:
    """On 80 columns, but for words that are longer, so that names can be copied."""
    return wrap(text, 80, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False)


def _role(parts: Parts) -> Iterator[str]:
    if parts.store.shared:
        holder = "this server" if parts.store.fence.open else parts.leadership.holder
        stands_by = "" if parts.store.fence.open else ", for which this server stands by"
        yield f"  schedule  kept by {holder or 'no server yet'}{stands_by}"


def _homeless_jobs(store: Store, catalogue: CatalogueDescription) -> Iterator[str]:
    counts = store.read(lambda session: session.jobs.class_counts())
    if unknown := catalogue.unknown(counts):
        count = sum(counts[name] for name in unknown)
        jobs = "1 job has" if count == 1 else f"{count} jobs have"
        names = ", ".join(unknown[:_MOST_NAMES]) + (", ..." if unknown[_MOST_NAMES:] else "")
        yield from _hanging(f"  FAULT     {jobs} a class that is in no job folder: {names}")
        if RUN_TASK in unknown:
            yield f"            {RUN_TASK} is there with --ecs-cluster."


def _channels(mail: MailSettings) -> Iterator[str]:
    if mail.channels:
        names = ", ".join(channel.name for channel in mail.channels)
        yield from _hanging(f"  channels  {names}, for the rules that name them")
    for channel in mail.channels:
        if isinstance(channel, Webhook) and channel.is_exposed:
            told = f"the web hook {channel.name!r} is told without TLS: others can read it"
            yield from _hanging(f"  NOTE      {told}")


def _unsafe(mail: MailSettings) -> Iterator[str]:
    for profile in (*mail.profiles, *mail.fallbacks):
        if profile.is_unverified:
            told = (
                f"the certificate of {profile.hostname} is not verified (profile {profile.name!r})"
            )
            yield from _hanging(f"  NOTE      {told}")
        if profile.is_exposed:
            told = f"the password of the profile {profile.name!r} is sent without TLS: others can"
            yield from _hanging(f"  NOTE      {told} read it")


def _waiting_mails(store: Store, profiles: Collection[str]) -> Iterator[str]:
    for standing in store.read(lambda session: session.outbox.standings()):
        count = standing.owed + standing.held
        if count and standing.profile not in profiles:
            mails = "1 mail waits" if count == 1 else f"{count} mails wait"
            told = f"{mails} for {standing.profile!r}, which is no profile or channel of this start"
            yield from _hanging(f"  NOTE      {told}")
