import pytest

from botsched.errors import DeliveryError
from botsched.notify.addresses import envelope, parse


@pytest.mark.parametrize(
    ("text", "name", "mailbox"),
    [
        ("ann@example.org", "", "ann@example.org"),
        ("<ann@example.org>", "", "ann@example.org"),
        ("Ann B. <ann+cron@example.org>", "Ann B.", "ann+cron@example.org"),
        ('"B., Ann" <ann@example.org>', "B., Ann", "ann@example.org"),
        ("Jörg <jörg@bücher.example>", "Jörg", "jörg@xn--bcher-kva.example"),
        ("root@localhost", "", "root@localhost"),
        ("ann@[127.0.0.1]", "", "ann@[127.0.0.1]"),
    ],
)
def test_addresses_are_read_as_people_write_them(text, name, mailbox):
    assert parse(text).display_name == name
    assert envelope(text) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "a b@example.org",
        "ann@example.org, bob@example.org",
        "ann@example.org <eve@example.org>",
        "ann@x\r\nRCPT TO:<eve@x>",
        "ann@" + "ü" * 80,
    ],
)
def test_anything_else_is_refused_for_good_and_named(text):
    with pytest.raises(DeliveryError, match="is not a mail address") as caught:
        parse(text)
    assert caught.value.permanent
    assert repr(text) in str(caught.value)
