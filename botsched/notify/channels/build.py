"""The channels of the settings."""

from botsched.errors import SettingsError
from botsched.notify.channel import Channel
from botsched.notify.channels.command import CommandChannel
from botsched.notify.channels.extension import ExtensionChannel
from botsched.notify.channels.smtp import SmtpChannel
from botsched.notify.channels.webhook import WebhookChannel
from botsched.settings.faults import Faults
from botsched.settings.model import (
    Command,
    Extension,
    MailSettings,
    Outlet,
    SmtpProfile,
    Webhook,
)


def channels(settings: MailSettings) -> dict[str, Channel]:
    """All of them by name, also those that only stand in for others.

    Raises one SettingsError for all classes of extensions that cannot be had, and for usual rules
    that name something else.
    """
    faults = Faults()
    faults.attempt(check_rules, settings)
    made = {outlet.name: faults.attempt(channel, outlet) for outlet in settings.outlets}
    faults.raise_any()
    return {name: each for name, each in made.items() if each}


def check_rules(mail: MailSettings) -> None:
    """Raise SettingsError when a usual rule names a profile or channel that there is not."""
    if unknown := sorted(mail.defaults.rules.profiles - set(mail.names)):
        there = ", ".join(map(repr, mail.names)) or "none"
        raise SettingsError(
            f"[rule NAME]: profiles names {unknown[0]!r}, which is neither an SMTP profile chosen "
            f"with --smtp-profile nor a channel; there: {there}."
        )


def channel(outlet: Outlet) -> Channel:
    """Make it. Raises SettingsError when the class of an extension cannot be had."""
    match outlet:
        case SmtpProfile():
            return SmtpChannel(outlet)
        case Webhook():
            return WebhookChannel(outlet)
        case Command():
            return CommandChannel(outlet)
        case Extension():
            return ExtensionChannel(outlet)
        case _:
            raise TypeError(f"There is no channel for {outlet!r}.")
