import pytest

from botsched.domain.subject import LONGEST, PLACEHOLDERS, check, fill

VALUES = {name: name.upper() for name in PLACEHOLDERS}


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("[bots-scheduler] {job}: {outcome}", "[bots-scheduler] JOB: OUTCOME"),
        ("{outcome}{{x}} 100 % {reason}", "OUTCOME{x} 100 % REASON"),
        ("{host} {attempt} {failures}", "HOST ATTEMPT FAILURES"),
        ("no placeholder", "no placeholder"),
    ],
)
def test_placeholders_are_filled_in(template, subject):
    assert fill(check(template), VALUES) == subject


def test_a_value_is_not_a_template():
    assert (
        fill("{job}: {outcome}", VALUES | {"job": "{outcome} {0.x}"}) == "{outcome} {0.x}: OUTCOME"
    )


@pytest.mark.parametrize(
    ("template", "subject"),
    [("{job}: {outcome}: {reason}", "JOB: OUTCOME"), ("{reason} {job}  {outcome}", "JOB OUTCOME")],
)
def test_what_is_empty_leaves_no_gap(template, subject):
    assert fill(template, VALUES | {"reason": ""}) == subject


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "not empty"),
        ("  ", "not empty"),
        ("{job}\nBcc: x", "one line"),
        ("x" * (LONGEST + 1), f"at most {LONGEST}"),
        ("{jobs}", "{jobs} is not known; there are {job}, {outcome},"),
        ("{}", "{} is not known"),
        ("{job.name}", "{job.name} is not known"),
        ("{job!r}", "{job} is not known"),
        ("{job:>99999999}", "{job} is not known"),
        ("{job", "write {{ or }}"),
        ("a } b", "write {{ or }}"),
    ],
)
def test_what_cannot_be_filled_in_is_told_with_the_cure(template, words):
    with pytest.raises(ValueError) as caught:
        check(template)
    assert words in str(caught.value)
