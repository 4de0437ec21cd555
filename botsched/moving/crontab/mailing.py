"""What ``MAILTO`` and ``MAILFROM`` become."""

import re
from collections.abc import Mapping
from typing import Final

from botsched.domain.mailforms import KIND
from botsched.domain.mailrules import MailRule, MailRules, Occasion
from botsched.moving.report import Remark

_RULES: Final = "Or give the job a mail rule with an address, on the page or by REST."
_NO_PROFILE: Final = Remark(
    "Nothing is mailed, as no SMTP profile is given here.",
    "Start the server with --smtp-profile, and give the same to this command to see more.",
)
_TO_PROFILES: Final = Remark(
    "Cron mailed what was printed to the user's mailbox on this machine. Here it goes to the "
    "addresses of the server's SMTP profiles, as do failures.",
    f"Have the right addresses in conf/smtp.ini. {_RULES}",
)


def mailing(
    variables: Mapping[str, str], profiles: bool
) -> tuple[MailRules | None, tuple[Remark, ...]]:
    """The rules of the job (None: the server's), and what changes; ``profiles``: whether any are.

    An empty ``MAILTO`` is no mail at all. Names without a host are mailboxes of the machine.
    """
    mailto = variables.get("MAILTO")
    if mailto is not None and not mailto.strip():
        return MailRules(()), ()
    remarks = [] if profiles else [_NO_PROFILE]
    if mailto is None:
        return None, (_TO_PROFILES if profiles else _NO_PROFILE,)
    named = [each for each in re.split(r"[,\s]+", mailto) if each]
    good = tuple(dict.fromkeys(each for each in named if _is_address(each)))
    if local := [each for each in named if each not in good]:
        others = f"{', '.join(local):.200}"
        where = "not to it" if good else "to the addresses of the server's SMTP profiles instead"
        remarks.append(
            Remark(
                f"MAILTO names {others}, a mailbox of this machine: mails go {where}.",
                f"Give an address with a host in the crontab. {_RULES}",
            )
        )
    if mailfrom := variables.get("MAILFROM"):
        remarks.append(
            Remark(
                f"Mails come from the address of the SMTP profile, not from {mailfrom}.",
                "Set `from` in conf/smtp.ini, in a profile of its own if need be.",
            )
        )
    rules = MailRules((MailRule((Occasion.OUTPUT,), None, good),)) if good else None
    return rules, tuple(remarks)


def _is_address(text: str) -> bool:
    try:
        KIND.read([{"on": [Occasion.OUTPUT], "to": [text]}])
    except ValueError:
        return False
    return True
