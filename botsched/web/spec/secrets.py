"""The secrets that jobs may name."""

from typing import Final

from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema, array, nullable, record, text

TAG = "Secrets"
ABOUT = "Values that jobs take by name; no answer tells any of them."

SCHEMAS: Final[dict[str, Schema]] = {}

PATHS: Final[Paths] = {
    "/api/v1/secrets": {
        "get": operation(
            "listSecrets",
            "List the names of the secrets",
            record(
                "What is in the file of secrets, but for the values.",
                {
                    "secrets": array(text("The name of an entry."), "The names, sorted."),
                    "fault": nullable(text("Why the file is not used; null when it is.")),
                },
            ),
        )
    },
}
