"""What changes, as it happens."""

from typing import Final

from botsched.domain.news import Topic
from botsched.web.spec.operations import Paths, operation, parameter
from botsched.web.spec.schemas import Schema, text

TAG = "Events"
ABOUT = "What changes, told as it happens."

_EXAMPLE: Final = (
    "id: 5b0c41d2e7f3-3\n"
    "event: changes\n"
    'data: [{"type":"job","job_id":"01a1fb65e53d76379161b5fbc3baa356","change":"paused"}]\n\n'
)

SCHEMAS: Final[dict[str, Schema]] = {}

PATHS: Final[Paths] = {
    "/api/v1/events": {
        "get": operation(
            "listen",
            "Hear what changes",
            text("Server-sent events, without end.", examples=[_EXAMPLE]),
            told="Events are `hello` at the beginning, `changes` with a list of what changed since "
            "the event before, `reset` when more was missed than can be told, and `ping` when "
            f"there is nothing to tell. Each change has a `type` ({', '.join(Topic)}) and says "
            "what to look at again: `execution` has `execution_id`, `job_id` and `state`; `output` "
            "has `execution_id` and `next`; `job` has `job_id` and `change`; the others have no "
            "more to tell.",
            parameters=[
                parameter(
                    "after",
                    text("Go on behind the event with this `id`, as with `Last-Event-ID`."),
                )
            ],
            form="text/event-stream",
        )
    }
}
