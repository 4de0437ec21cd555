import pytest

from botsched.domain.mailrules import MailRule, MailRules, Occasion
from botsched.moving.crontab.mailing import mailing


def to(*addresses: str) -> MailRules:
    return MailRules((MailRule((Occasion.OUTPUT,), None, addresses),))


@pytest.mark.parametrize(
    ("mailto", "rules", "told"),
    [
        ("ops@example.com", to("ops@example.com"), []),
        ("a@example.com, b@example.com a@example.com", to("a@example.com", "b@example.com"), []),
        ("", MailRules(()), []),
        ("  ", MailRules(()), []),
        (None, None, ["Cron mailed what was printed to the user's mailbox"]),
        ("root", None, ["MAILTO names root, a mailbox of this machine: mails go to the addresses"]),
        ("ann,ops@example.com", to("ops@example.com"),
         ["MAILTO names ann, a mailbox of this machine: mails go not to it."]),
        ("x@" + "y" * 400, None, ["MAILTO names x@yyy"]),
    ],
)  # fmt: skip
def test_mailto_with_profiles(mailto: str | None, rules: MailRules | None, told: list[str]) -> None:
    found, remarks = mailing({} if mailto is None else {"MAILTO": mailto}, profiles=True)

    assert found == rules
    assert [each.text[: len(text)] for each, text in zip(remarks, told, strict=True)] == told


@pytest.mark.parametrize("mailto", [{}, {"MAILTO": "ops@example.com"}])
def test_without_profiles_nothing_is_mailed_yet(mailto: dict[str, str]) -> None:
    found, remarks = mailing(mailto, profiles=False)

    assert found == (to("ops@example.com") if mailto else None)
    assert [each.text for each in remarks] == [
        "Nothing is mailed, as no SMTP profile is given here."
    ]
    assert mailing({"MAILTO": ""}, profiles=False) == (MailRules(()), ())


def test_the_sender_is_that_of_the_profile() -> None:
    variables = {"MAILTO": "a@example.com", "MAILFROM": "cron@example.com"}

    [remark] = mailing(variables, profiles=True)[1]

    assert remark.text.endswith("not from cron@example.com.")
