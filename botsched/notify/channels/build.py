"""The channels of the settings."""

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
    there = ", ".join(map(repr, mail.names)) or "none"
    faults = Faults()
    for number, rule in enumerate(mail.defaults.rules.rules, 1):
        for unknown in sorted({*(rule.profiles or ())} - {*mail.names}):
            faults.add(
                f"[rule ...] number {number} of {len(mail.defaults.rules.rules)}: profiles names "
                f"{unknown!r}, which is neither an SMTP profile chosen with --smtp-profile nor a "
                f"channel; there: {there}."
            )
    faults.raise_any()


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
