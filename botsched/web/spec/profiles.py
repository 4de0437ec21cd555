"""SMTP profiles, for whoever says who is to get mails."""

from typing import Final

from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema, array, named, record, text

TAG = "Mail"
ABOUT = "Through what mails are sent."

SCHEMAS: Final[dict[str, Schema]] = {
    "Profile": record(
        "An SMTP profile.",
        {
            "name": text("What it is called in rules.", example="ops"),
            "from": text("The sender of its mails.", example="bots@example.com"),
            "to": array(text("An address."), "Who gets its mails unless a rule says otherwise."),
        },
    )
}

PATHS: Final[Paths] = {
    "/api/v1/profiles": {
        "get": operation(
            "listProfiles",
            "List the SMTP profiles through which mails are sent",
            record("All profiles, by name.", {"profiles": array(named("Profile"))}),
            told="Those chosen with `--smtp-profile`. The `mail` of a job can name them.",
        )
    }
}
