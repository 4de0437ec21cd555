"""Retries: how often a run that failed is made again, and how long each attempt waits."""

from dataclasses import dataclass
from datetime import timedelta

MOST_ATTEMPTS = 100
GREATEST_FACTOR = 100.0


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` are all attempts, the first included.

    The second starts ``delay`` after the first has ended; each later one waits ``factor`` times as
    long as the one before it, at most ``max_delay``. ``jitter``, 0 to 1, is the share by which
    chance may lengthen a wait, so that what failed together does not come back together.
    """

    attempts: int = 3
    delay: timedelta = timedelta(minutes=1)
    factor: float = 2.0
    max_delay: timedelta = timedelta(hours=1)
    jitter: float = 0.1

    def wait(self, attempt: int, chance: float) -> timedelta:
        """How long to wait once this attempt has ended; ``chance`` is a number from 0 to 1."""
        seconds = self.delay.total_seconds() * self.factor ** (attempt - 1)
        seconds = min(seconds, self.max_delay.total_seconds())
        return timedelta(seconds=seconds * (1 + self.jitter * chance))
