"""What docs/mail.md says about the mail is so."""

import re
from pathlib import Path

from botsched.domain.execution import FINAL
from botsched.domain.mailforms import KIND, MOST_RUNS
from botsched.domain.mailrules import USUAL, Occasion
from botsched.domain.subject import PLACEHOLDERS
from botsched.domain.why import RuleSource, Why
from botsched.notify.files import MOST_BYTES, PLAIN_BYTES
from botsched.notify.outcomes import outcome
from botsched.notify.output import ATTACHED_BYTES, INLINE_LINES, INLINE_WEIGHT
from botsched.notify.plain import WIDTH
from tests.support.mailcases import KEY, table

PAGE = " ".join((Path(__file__).resolve().parents[2] / "docs" / "mail.md").read_text().split())


def test_all_placeholders_of_subjects_are_there() -> None:
    assert re.findall(r"\| `\{(\w+)\}` \|", PAGE) == list(PLACEHOLDERS)


def test_all_words_for_outcomes_are_there() -> None:
    whys = [None, *(Why((each,), 1, RuleSource.JOB) for each in Occasion)]
    words = {outcome(state, why) for state in FINAL for why in whys}
    said = PAGE.partition("one of these words, so that filters")[2].partition(".")[0]
    assert set(re.findall(r"`([a-z ]+)`", said)) == words


def test_sizes_are_as_they_are() -> None:
    for words in (
        f"more than {INLINE_LINES} lines or {INLINE_WEIGHT // 1000} kB",
        f"of more than {ATTACHED_BYTES // 10**6} MB the last {ATTACHED_BYTES // 10**6} MB",
        f"Files above {PLAIN_BYTES // 1000} kB are compressed",
        f"at most {MOST_BYTES // 10**6} MB together",
        f"in lines of {WIDTH} columns",
    ):
        assert words in PAGE


def test_the_mails_that_follow_are_those_of_the_tests() -> None:
    assert " ".join(table().split()) in PAGE
    assert " ".join(KEY.split()) in PAGE


def test_all_keys_and_words_of_rules_are_there() -> None:
    [rule] = KIND.data(KIND.read([{"on": ["failure"]}]))
    rules = PAGE.partition("## Rules of a job")[2].partition("## The mail")[0]
    assert [key for key in rule if f"| `{key}` | " not in rules] == ["on"]
    assert all(f"| `{word}` | " in rules for word in Occasion)
    usual = ", ".join(f'"{word}"' for word in USUAL.rules[0].on)
    assert f'`[{{"on": [{usual}]}}]`' in rules
    for each in (f"at most {MOST_RUNS}", "`every` says", "a tenth of that earlier"):
        assert each in rules
