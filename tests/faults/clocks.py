"""The clock of the machine is set, forward and back, while the program runs."""

from collections import Counter

from tests.faults.trial import Trial

_STEPS = (3, -2, 90, -3600, 3599, -45, 3600, -90, 0.7, 7200, -3, 600)
"""By how many seconds the clock is set, in turn. In the end it is ahead of all that it was."""


def set_clock(trial: Trial, count: int) -> Counter[str]:
    """Set the clock so many times, and in the end to where it is later than it ever was.

    Jobs are changed only while the clock is not behind: otherwise it would depend on a moment that
    nobody knows to which of two schedules an instant belongs.
    """
    trial.set_clock(0)
    trial.begin()
    offset = latest = 0.0
    done: Counter[str] = Counter()
    for number in range(count):
        step = _STEPS[number % len(_STEPS)]
        offset += step
        latest = max(latest, offset)
        trial.set_clock(offset)
        done["clock set " + ("back" if step < 0 else "forward")] += 1
        trial.client.may_change = offset == latest
        trial.traffic(trial.chance.uniform(0.5, 2))
        if trial.chance.random() < 0.3:
            trial.kill()
            trial.start()
            done["server killed meanwhile"] += 1
    trial.set_clock(latest)
    trial.client.may_change = True
    trial.traffic(1.5)
    return done
