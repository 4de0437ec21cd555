"""How the instants of jobs are treated that say nothing themselves."""

from datetime import timedelta

from botsched.domain.job import Missed, Policy
from botsched.settings.model import Settings


def default_policy(settings: Settings) -> Policy:
    """As the settings say."""
    scheduling = settings.scheduling
    return Policy(
        missed=Missed.LATEST if scheduling.coalesce else Missed.ALL,
        misfire=timedelta(seconds=scheduling.misfire),
        max_instances=scheduling.max_instances,
        profiles=tuple(profile.name for profile in settings.mail.profiles),
    )
