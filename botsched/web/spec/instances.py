"""The servers on one database."""

from typing import Final

from botsched.scheduling.instances import Role
from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import (
    Schema,
    array,
    flag,
    instant,
    named,
    nullable,
    record,
    text,
    whole,
    word,
)

TAG = "Servers"
ABOUT = "Who schedules, and who stands by."

SCHEMAS: Final[dict[str, Schema]] = {
    "Instance": record(
        "A server.",
        {
            "hostname": text("Its machine."),
            "pid": whole("Its process."),
            "role": word("Whether it schedules, stands by, or was not heard of.", Role),
            "here": flag("Whether it is the one that answers."),
            "seen_time": instant("When it was last heard of."),
            "token": nullable(whole("Of the active one: grows with each take-over.")),
            "since": nullable(instant("Of the active one: since when it is.")),
        },
    )
}

PATHS: Final[Paths] = {
    "/api/v1/instances": {
        "get": operation(
            "listInstances",
            "List the servers heard of within a day",
            record("All servers, the latest first.", {"instances": array(named("Instance"))}),
        )
    }
}
