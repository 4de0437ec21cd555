"""Why somebody gets a mail, and who else does, in words."""

from collections.abc import Sequence
from typing import Final

from botsched.domain.mailrules import Occasion
from botsched.domain.why import HeldBy, RuleSource, Why
from botsched.notify.told import Recipients
from botsched.notify.wording import listed

_OCCASIONS: Final = {
    Occasion.OUTPUT: "it has printed or reported something",
    Occasion.SUCCESS: "it succeeds",
    Occasion.FAILURE: "it fails",
    Occasion.TIMEOUT: "it takes too long",
    Occasion.MISSED: "it is found too late to be run",
    Occasion.SKIPPED: "it is left out",
    Occasion.LOST: "the server that ran it is gone",
    Occasion.BROKEN: "it begins to fail",
    Occasion.STILL_FAILING: "it goes on failing",
    Occasion.RECOVERED: "it works again",
    Occasion.CHANGED: "what it reports has changed",
}
_HELD: Final = {
    HeldBy.QUIET: "It was held back, because it fell into quiet hours.",
    HeldBy.CAP: "It was held back, because there had been as many mails that day as may be.",
}


def in_words(why: Why) -> str:
    """Which rule had the mail sent, when it does so, and what held it."""
    when = ", or when ".join(_OCCASIONS[each] for each in why.occasions)
    whose = (
        "this job" if why.source is RuleSource.JOB else "the server (the job has none of its own)"
    )
    sentence = f"Mail rule {why.rule} of {whose} asks for a mail when {when}."
    return f"{sentence} {_HELD[why.held]}" if why.held is not None else sentence


def by_whom(through: Recipients, *, is_named: bool) -> str:
    """How those who get it came to be among them."""
    if not through.addresses:
        return f"It was sent through {through.profile}."
    whom = "addresses that the rule names" if is_named else "all whom that profile is for"
    return f"It was sent through {through.profile} to {whom}."


def others_in_words(others: Sequence[Recipients]) -> str:
    """Who else is told of the same; empty when nobody is."""
    told = [
        f"{each.profile} ({listed(each.addresses, most=5)})" if each.addresses else each.profile
        for each in others
    ]
    return f"Others are told of the same through {listed(told)}." if told else ""
