"""How the instants of jobs are treated that say nothing themselves."""

from dataclasses import replace
from datetime import timedelta

from botsched.domain.job import Missed, Policy
from botsched.settings.model import Settings


def default_policy(settings: Settings) -> Policy:
    """As the settings say."""
    scheduling, mail = settings.scheduling, settings.mail
    addresses = {profile.name: profile.recipients for profile in mail.profiles}
    return Policy(
        missed=Missed.LATEST if scheduling.coalesce else Missed.ALL,
        misfire=timedelta(seconds=scheduling.misfire),
        max_instances=scheduling.max_instances,
        mailing=replace(mail.defaults, addresses=addresses),
        profiles=tuple(profile.name for profile in mail.profiles),
        channels=tuple(channel.name for channel in mail.channels),
    )
