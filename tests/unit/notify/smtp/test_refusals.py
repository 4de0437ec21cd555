"""What the answers of servers mean, and the cures they are told with."""

import pytest

from botsched.notify.smtp.refusals import (
    TooBigError,
    nobody,
    refusal,
    refused_mail,
    refused_sender,
)
from botsched.settings.model import Security, SmtpProfile

OPS = SmtpProfile(
    "ops", "mail.example.org", 25, Security.UNENCRYPTED, "bots@example.org", ("ann@example.org",)
)


@pytest.mark.parametrize(
    ("code", "said", "cure", "permanent"),
    [
        (550, b"5.7.1 not yours", "check 'from': many servers take only addresses", True),
        (450, b"4.1.8 try later", "check 'from'", False),
        (530, b"5.7.0 Must issue a STARTTLS command first", "set 'security = starttls'", False),
        (530, b"5.7.0 Authentication required", "set 'user' and 'password'", False),
        (503, b"what?", "check 'from'", True),
    ],
)
def test_a_sender_who_is_refused(code, said, cure, permanent):
    error = refused_sender(OPS, code, said)
    assert str(error).startswith("Mail server mail.example.org:25 (profile 'ops'): it ")
    assert said.decode() in str(error)
    assert cure in str(error)
    assert error.permanent is permanent


@pytest.mark.parametrize("refused", [refused_sender, refused_mail])
def test_the_size_is_told_from_the_rest(refused):
    error = refused(OPS, 552, b"5.3.4 too large")
    assert isinstance(error, TooBigError)
    assert "the mail is too big (552 5.3.4 too large)." in str(error)
    assert error.permanent


@pytest.mark.parametrize(
    ("code", "permanent"), [(450, False), (452, False), (550, True), (552, False), (530, False)]
)
def test_a_recipient_who_is_refused(code, permanent):
    found = refusal(code, b"words\r\nof the\tserver")
    assert found.permanent is permanent
    assert found.reason == f"{code} words of the server"


def test_when_nobody_is_accepted_each_is_told_of():
    error = nobody(OPS, {"a@x.org": refusal(550, b"gone"), "b@x.org": refusal(450, b"later")})
    assert "it refused every recipient (a@x.org: 550 gone; b@x.org: 450 later)." in str(error)
    assert error.refused == {"a@x.org": True, "b@x.org": False}
    assert not error.permanent


def test_a_server_that_relays_for_others_only_is_explained():
    error = nobody(OPS, {"a@x.org": refusal(554, b"5.7.1 Relay access denied")})
    assert "set 'user' and 'password'" in str(error)
    assert error.permanent


def test_the_words_of_a_server_are_kept_at_a_bearable_length():
    assert len(str(refused_mail(OPS, 554, b"spam, we think. " * 500))) < 700
