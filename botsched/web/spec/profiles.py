"""SMTP profiles and other channels, for whoever says who is to get mails."""

from typing import Final

from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema, array, named, nullable, record, text

TAG = "Mail"
ABOUT = "Through what mails are sent."

SCHEMAS: Final[dict[str, Schema]] = {
    "Profile": record(
        "An SMTP profile, or another channel.",
        {
            "name": text("What it is called in rules.", example="ops"),
            "kind": text("What it is.", enum=["smtp", "webhook", "command", "channel"]),
            "from": nullable(text("The sender of its mails.", example="bots@example.com")),
            "to": array(text("An address."), "Who gets its mails unless a rule says otherwise."),
            "fallback": nullable(text("By which mails go when this one fails again and again.")),
        },
    )
}

PATHS: Final[Paths] = {
    "/api/v1/profiles": {
        "get": operation(
            "listProfiles",
            "List the SMTP profiles and other channels through which mails are sent",
            record("All profiles, by name.", {"profiles": array(named("Profile"))}),
            told="SMTP profiles chosen with `--smtp-profile`, and channels of `--notify-config`. "
            "Rules of mail can name them; those that name none go through the SMTP profiles.",
        )
    }
}
