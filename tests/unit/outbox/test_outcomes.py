"""What becomes of a mail by an attempt."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.outbox import (
    KEPT_ATTEMPTS,
    LEAST_ATTEMPTS,
    AttemptOutcome,
    Mail,
    MailAttempt,
    MailState,
)
from botsched.errors import DeliveryError
from botsched.notify.delivery import Delivery, Refusal
from botsched.outbox.outcomes import (
    accepted,
    accepted_elsewhere,
    failed,
    failed_elsewhere,
    interrupted,
)
from tests.support.values import NOW

MAIL = Mail("m1", "e1", "ops", MailState.SENDING, 1, NOW, NOW)
LATER, NEVER = Refusal("451 later", False), Refusal("550 unknown", True)
ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"


def fault(words: str = "451 busy", **changes) -> DeliveryError:
    return DeliveryError(words, **{"permanent": False, **changes})


@pytest.mark.parametrize(
    ("refused", "state", "recipients", "error", "words"),
    [
        ({}, MailState.DELIVERED, None, None, "250 ok"),
        ({BOB: NEVER}, MailState.DELIVERED, None, f"{BOB}: 550 unknown",
         f"250 ok; {BOB}: 550 unknown"),
        ({BOB: LATER, EVE: NEVER}, MailState.DEFERRED, [BOB],
         f"{BOB}: 451 later; {EVE}: 550 unknown", f"250 ok; {BOB}: 451 later; {EVE}: 550 unknown"),
    ],
)  # fmt: skip
def test_who_was_put_off_is_still_owed(refused, state, recipients, error, words) -> None:
    after = accepted(MAIL, Delivery((ANN,), refused, "250 ok"), "ops", NOW)

    assert (after.state, after.recipients, after.last_error) == (state, recipients, error)
    assert (after.ended_at is None) == (state is MailState.DEFERRED) == bool(after.next_attempt_at)
    assert after.log == (MailAttempt(NOW, "ops", AttemptOutcome.DELIVERED, words),)


@pytest.mark.parametrize("way", ["some had it", "nobody had it"])
def test_who_was_refused_for_good_is_told_however_it_ends_for_the_others(way) -> None:
    put_off = failed(MAIL, fault("550 unknown", refused={BOB: False, EVE: True}), "ops", NOW)
    if way == "some had it":
        put_off = accepted(MAIL, Delivery((ANN,), {BOB: LATER, EVE: NEVER}), "ops", NOW)

    for _ in range(2 * KEPT_ATTEMPTS):
        put_off = failed(put_off, fault("451 later"), "ops", NOW)
    assert (put_off.recipients, put_off.last_error) == ([BOB], "451 later")

    at_last = accepted(put_off, Delivery((BOB,)), "ops", NOW)
    assert (at_last.state, at_last.last_error) == (MailState.DELIVERED, f"{EVE}: 550 unknown")
    for_good = failed(put_off, fault("554 spam", permanent=True), "ops", NOW)
    assert (for_good.state, for_good.last_error) == (
        *(MailState.DEAD, f"554 spam; {EVE}: 550 unknown"),
    )


def test_whom_another_server_does_not_know_the_own_one_may() -> None:
    after = accepted_elsewhere(MAIL, Delivery((ANN,), {BOB: NEVER}), "spare", NOW)

    assert (after.state, after.recipients) == (MailState.DEFERRED, [BOB])
    assert after.log[0].profile == "spare"


@pytest.mark.parametrize(
    ("error", "state", "outcome"),
    [
        (fault(), MailState.DEFERRED, AttemptOutcome.DEFERRED),
        (fault(uncertain=True), MailState.DEFERRED, AttemptOutcome.UNCERTAIN),
        (fault(permanent=True), MailState.DEAD, AttemptOutcome.REFUSED),
    ],
)
def test_a_failure_is_put_off_or_for_good(error, state, outcome) -> None:
    after = failed(MAIL, error, "ops", NOW)

    assert (after.state, after.last_error) == (state, "451 busy")
    assert after.log == (MailAttempt(NOW, "ops", outcome, "451 busy"),)


def test_of_all_who_were_refused_those_are_tried_again_who_may_be() -> None:
    after = failed(MAIL, fault(refused={ANN: True, BOB: False}), "ops", NOW)

    assert (after.state, after.recipients) == (MailState.DEFERRED, [BOB])


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (None, 60),
        (10, 60),
        (90, 90),
        (86_399, 86_399),
        (999_999_999, 86_400),
        (math.inf, 86_400),
        pytest.param(10**400, 86_400, id="10**400"),
    ],
)
def test_the_other_side_may_ask_for_more_patience_up_to_a_day(retry_after, seconds) -> None:
    mail = replace(MAIL, attempts=3)

    after = failed(mail, fault(retry_after=retry_after), "ops", NOW)

    assert after.next_attempt_at == NOW + timedelta(seconds=seconds)


def test_of_another_way_no_refusal_is_the_last_word() -> None:
    after = failed_elsewhere(MAIL, fault(), fault("550 no", permanent=True), "spare", NOW)

    assert after.state is MailState.DEFERRED
    assert after.last_error == "451 busy spare was to stand in, but: 550 no"
    assert after.log == (MailAttempt(NOW, "spare", AttemptOutcome.REFUSED, "550 no"),)


def test_an_interrupted_attempt_is_told_and_put_off() -> None:
    after = interrupted(MAIL, NOW)

    assert (after.state, after.next_attempt_at) == (MailState.DEFERRED, NOW + timedelta(seconds=15))
    assert after.log[0].outcome is AttemptOutcome.INTERRUPTED


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, MailState.DEAD),
        ({"held_until": NOW + timedelta(hours=10)}, MailState.DEFERRED),
        ({"requeued_at": NOW + timedelta(days=4)}, MailState.DEFERRED),
        ({"requeued_at": NOW}, MailState.DEAD),
    ],
)
def test_five_days_are_counted_from_when_it_could_first_go(changes, state) -> None:
    mail = replace(MAIL, attempts=LEAST_ATTEMPTS, **changes)

    after = failed(mail, fault(), "ops", NOW + timedelta(days=5, seconds=1))

    assert after.state is state
    if state is MailState.DEAD:
        assert after.last_error == "Given up after 5 days. 451 busy"


@pytest.mark.parametrize("attempt", [1, LEAST_ATTEMPTS - 1])
def test_none_is_given_up_that_was_hardly_tried(attempt) -> None:
    """As when this program, or the profile, was away for a week."""
    mail, later = replace(MAIL, attempts=attempt), NOW + timedelta(days=7)

    assert failed(mail, fault(), "ops", later).state is MailState.DEFERRED
    assert interrupted(mail, later).state is MailState.DEFERRED
