"""How an end is called in a mail: one fixed word for filters, a colour, and words for people."""

from typing import Final

from botsched.domain.execution import BAD, State
from botsched.domain.mailrules import Occasion
from botsched.domain.why import Why
from botsched.notify.letter import Tone

_BY_OCCASION: Final = (
    (Occasion.STILL_FAILING, "still failing", Tone.BAD),
    (Occasion.RECOVERED, "recovered", Tone.GOOD),
    (Occasion.CHANGED, "changed", Tone.CHANGED),
)
"""Occasions that say more than the state does, the more telling first."""

_HEADINGS: Final = {
    State.TIMEOUT: "Took too long",
    State.SCHEDULED_ERROR: "Could not be started",
}


def outcome(state: State, why: Why | None) -> str:
    """The fixed word that subjects have: the state, or what it means for the job."""
    return next((word for each, word, _ in _BY_OCCASION if _is(each, why)), state.value)


def tone(state: State, why: Why | None) -> Tone:
    """The colour."""
    special = next((each for name, _, each in _BY_OCCASION if _is(name, why)), None)
    if special is not None:
        return special
    if state is State.SUCCEEDED:
        return Tone.GOOD
    return Tone.BAD if state in BAD else Tone.PLAIN


def heading(state: State, why: Why | None) -> str:
    """The words for people."""
    word = outcome(state, why)
    if word == "still failing" and why is not None and why.failures > 1:
        return f"Still failing: {why.failures:,} in a row"
    return _HEADINGS.get(state, word.capitalize()) if word == state.value else word.capitalize()


def _is(occasion: Occasion, why: Why | None) -> bool:
    return why is not None and occasion in why.occasions
