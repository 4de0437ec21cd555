"""What was started, for the terminal."""

import socket

from botsched import __version__
from botsched.app.parts import Parts
from botsched.settings.model import Settings


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
    jobs = parts.store.read(lambda session: session.jobs.count())
    mails = ", ".join(profile.name for profile in settings.mail.profiles)
    lines = [
        f"bots-scheduler {__version__} is ready: {address}",
        *notes,
        f"  jobs      {jobs} scheduled, {len(catalogue.classes)} job classes in {folders}",
        *(f"  FAULT     {fault.file}:\n            {fault.error}" for fault in catalogue.failures),
        f"  database  {parts.store.name}",
        f"  mail      {f'through {mails}' if mails else 'none (see --smtp-profile)'}",
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)
