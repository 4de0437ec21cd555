"""How a job fares, in short: its last outcome and its last runs, as lists show them."""

from dataclasses import dataclass
from datetime import datetime

from botsched.domain.execution import State


@dataclass(frozen=True, slots=True)
class Glance:
    """An execution in short; ``at`` is its last update, which is its end once it has ended.

    ``seconds`` is how long it ran; None when it did not run, goes on, or is not kept any more.
    """

    execution_id: str
    state: State
    at: datetime
    seconds: float | None = None
