"""This document."""

from typing import Final

from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema

TAG = "Description"
ABOUT = "This document."

SCHEMAS: Final[dict[str, Schema]] = {}

PATHS: Final[Paths] = {
    "/api/v1/spec": {
        "get": operation(
            "getSpec",
            "This document, in OpenAPI 3.1",
            {"type": "object", "description": "See https://spec.openapis.org/oas/v3.1.0."},
        )
    }
}
