import pytest

from botsched.domain.execution import BAD, State
from botsched.domain.mailrules import Occasion
from botsched.domain.why import RuleSource, Why
from botsched.notify.letter import Tone
from botsched.notify.outcomes import heading, outcome, tone


def why(*on: Occasion, failures: int = 0) -> Why:
    return Why(on, 1, RuleSource.JOB, failures)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_word_and_colour(state):
    assert outcome(state, None) == outcome(state, why(Occasion.OUTPUT)) == state.value
    assert heading(state, None)
    expected = Tone.GOOD if state is State.SUCCEEDED else Tone.BAD if state in BAD else Tone.PLAIN
    assert tone(state, None) is expected


@pytest.mark.parametrize(
    ("on", "state", "word", "colour"),
    [
        ((Occasion.RECOVERED, Occasion.CHANGED), State.SUCCEEDED, "recovered", Tone.GOOD),
        ((Occasion.CHANGED, Occasion.SUCCESS), State.SUCCEEDED, "changed", Tone.CHANGED),
        ((Occasion.STILL_FAILING,), State.TIMEOUT, "still failing", Tone.BAD),
        ((Occasion.BROKEN,), State.TIMEOUT, "timeout", Tone.BAD),
    ],
)
def test_what_it_means_for_the_job_is_said_instead(on, state, word, colour):
    assert outcome(state, why(*on)) == word
    assert tone(state, why(*on)) is colour


def test_a_reminder_says_how_often_it_failed():
    reminder = why(Occasion.STILL_FAILING, failures=19)
    assert heading(State.FAILED, reminder) == "Still failing: 19 in a row"
    assert heading(State.FAILED, None) == "Failed"
    assert heading(State.TIMEOUT, None) == "Took too long"
