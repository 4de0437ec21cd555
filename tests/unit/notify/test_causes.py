import pytest

from botsched.domain.execution import Cause
from botsched.notify.causes import hint


@pytest.mark.parametrize(
    ("cause", "reason", "words"),
    [
        (Cause.RAISED, "ValueError: x", "The job's code ended with this error."),
        (Cause.RAISED, "The command ended with exit code 2.", "The job's code ended with this"),
        (Cause.RAISED, "The command ended with exit code 127.", "a command was not found"),
        (Cause.RAISED, "The command was ended by SIGKILL.", "for lack of memory"),
        (Cause.EXITED, "The job's process left with exit code 137.", "for lack of memory"),
        (Cause.EXITED, "The job's process left with exit code 136.", "ended by SIGFPE"),
        (Cause.EXITED, "The job's process left with exit code 250.", ""),
        (Cause.KILLED, "The job's process was killed by signal 11.", "SIGSEGV: it touched"),
        (Cause.KILLED, "The job's process was killed by signal 10.", "Signal 10 is SIGUSR1."),
        (Cause.KILLED, "killed by signal 99999999999999999999.", ""),
        (Cause.TIME_LIMIT, "Ran longer than its time limit of 5 s.", "It was ended then"),
        (Cause.RETURNED, "", ""),
        (Cause.OVERLAP, "3 signal 9", "It was not run for that reason."),
    ],
)
def test_causes_are_told_in_words(execution, cause, reason, words):
    said = hint(execution(cause=cause, reason=reason))
    assert words in said
    assert bool(words) == bool(said)


@pytest.mark.parametrize("cause", list(Cause))
def test_there_is_no_cause_of_which_nothing_can_be_said(execution, cause):
    assert isinstance(hint(execution(cause=cause)), str)
