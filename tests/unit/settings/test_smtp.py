import dataclasses
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.notify.smtp.probe import route
from botsched.settings.model import Command, Security, SmtpProfile
from botsched.settings.smtp import load_profiles

PAGER = Command("pager", argv=("/bin/true",), folder=Path("/"))
OPS = """\
[ops]
hostname = mail.example.com
port = 587
user = bots
password = 50%;#=:x
from = Bots <bots@example.com>
to = a@example.com, b@example.com
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "smtp.ini"
    path.write_text(OPS)
    return path


def faults(file: Path, *names: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_profiles(file, names or ("ops",))
    return [fault.replace(str(file), "FILE") for fault in caught.value.faults]


def replace(file: Path, before: str, after: str) -> None:
    assert before in OPS
    file.write_text(OPS.replace(before, after))


def test_a_profile_has_seven_fields_that_are_always_of_use(file: Path) -> None:
    assert load_profiles(file, ("ops",)) == (
        SmtpProfile(
            name="ops",
            hostname="mail.example.com",
            port=587,
            security=Security.STARTTLS,
            sender="Bots <bots@example.com>",
            recipients=("a@example.com", "b@example.com"),
            user="bots",
            password="50%;#=:x",
        ),
    )


def test_fields_of_the_section_default_hold_for_all_that_do_not_say_otherwise(file: Path) -> None:
    file.write_text(
        "[DEFAULT]\nhostname = mail.example.com\nport = 25\nfrom = bots@example.com\n"
        "to = ann@example.com\n[ops]\n[night]\nto = bob@example.com\n"
    )

    ops, night = load_profiles(file, ("ops", "night"))

    assert ops.hostname == night.hostname == "mail.example.com"
    assert (ops.recipients, night.recipients) == (("ann@example.com",), ("bob@example.com",))


def test_the_password_is_in_no_representation(file: Path) -> None:
    assert "50%" not in repr(load_profiles(file, ("ops",)))


@pytest.mark.parametrize(
    ("fields", "security", "port"),
    [
        ("port = 25", Security.UNENCRYPTED, 25),
        ("port = 465", Security.SSL, 465),
        ("security = ssl", Security.SSL, 465),
        ("security = StartTLS", Security.STARTTLS, 587),
        ("port = 2525\nsecurity = unencrypted", Security.UNENCRYPTED, 2525),
        ("port = 8465\nsecurity = ssl", Security.SSL, 8465),
    ],
)
def test_security_and_port_follow_from_each_other(
    file: Path, fields: str, security: Security, port: int
) -> None:
    replace(file, "port = 587", fields)

    [profile] = load_profiles(file, ("ops",))

    assert (profile.security, profile.port) == (security, port)


def test_login_may_be_left_out(file: Path) -> None:
    replace(file, "user = bots\npassword = 50%;#=:x\n", "")

    assert load_profiles(file, ("ops",))[0].user is None


def test_a_byte_order_mark_is_tolerated(file: Path) -> None:
    file.write_text(OPS, encoding="utf-8-sig")

    assert load_profiles(file, ("ops",))[0].name == "ops"


def test_a_profile_chosen_twice_counts_once(file: Path) -> None:
    assert len(load_profiles(file, ("ops", "ops"))) == 1


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("hostname = mail.example.com", "", "hostname is missing."),
        ("port = 587", "", "port or security is missing."),
        ("port = 587", "port = 2525", "port 2525 does not tell the security"),
        ("port = 587", "port = smtp", "port 'smtp': a whole number from 1 to 65535 is accepted."),
        (
            "port = 587",
            "port = 587\nsecurity = tls",
            "security 'tls': one of unencrypted, ssl, starttls is accepted.",
        ),
        ("user = bots\n", "", "user and password belong together"),
        ("password = 50%;#=:x\n", "", "user and password belong together"),
        ("to = a@example.com, b@example.com", "to = ,", "to ''"),
        ("to = a@example.com, b@example.com", "", "to is missing."),
        ("a@example.com", "nobody", "to 'nobody'"),
        ("Bots <bots@example.com>", "a@x, b@x", "from has 2 addresses"),
        ("hostname", "hostnme = x\nhostname", "unknown field hostnme"),
        (
            "hostname",
            "per_minute = 0\nhostname",
            "per_minute '0': a whole number from 1 to 100000 is accepted.",
        ),
        (
            "hostname",
            "per_connection = many\nhostname",
            "per_connection 'many': a whole number from 1 to 10000 is accepted.",
        ),
        ("hostname", "verify = never\nhostname", "verify 'never': one of 1, true, yes, on, 0"),
        (
            "hostname",
            "fallback = none\nhostname",
            "fallback 'none': another profile is accepted; there: none.",
        ),
        ("hostname", "fallback = ops\nhostname", "fallback 'ops': another profile is accepted"),
    ],
)
def test_a_faulty_field_is_named_with_its_file_and_section(
    file: Path, before: str, after: str, fault: str
) -> None:
    replace(file, before, after)

    [found] = faults(file)

    assert found.startswith(f"FILE [ops]: {fault}")


def test_all_faults_of_all_profiles_are_found_together(file: Path) -> None:
    file.write_text("[a]\nport = 25\nfrom = x\n[b]\nhostname = h\n")

    assert faults(file, "a", "b", "c") == [
        "FILE [a]: hostname is missing.",
        "FILE [a]: from 'x': name@host or Words <name@host> is accepted.",
        "FILE [a]: to is missing.",
        "FILE [b]: port or security is missing.",
        "FILE [b]: from is missing.",
        "FILE [b]: to is missing.",
        "FILE: there is no profile 'c'; profiles there: 'a', 'b'.",
    ]


def test_a_wrong_port_hides_no_wrong_security(file: Path) -> None:
    replace(file, "port = 587", "port = abc\nsecurity = tls")

    assert faults(file) == [
        "FILE [ops]: security 'tls': one of unencrypted, ssl, starttls is accepted.",
        "FILE [ops]: port 'abc': a whole number from 1 to 65535 is accepted.",
    ]


def test_commas_between_quotes_part_no_addresses(file: Path) -> None:
    replace(file, "a@example.com, b@example.com", '"Ops, night" <a@example.com>; b@example.com')

    [profile] = load_profiles(file, ("ops",))

    assert profile.recipients == ('"Ops, night" <a@example.com>', "b@example.com")


LIMITED = """\
[ops]
hostname = mail.example.com
port = 587
from = bots@example.com
to = a@example.com
fallback = spare
per_minute = 60
per_connection = 20
verify = No
[spare]
hostname = spare.example.com
port = 25
from = bots@example.com
to = a@example.com
fallback = ops
"""


def test_limits_verification_and_fallback_are_taken_as_they_are_given(file: Path) -> None:
    file.write_text(LIMITED)

    ops, spare = load_profiles(file, ("ops",))

    assert (ops.fallback, ops.per_minute, ops.per_connection, ops.verify) == (
        "spare",
        60,
        20,
        False,
    )
    assert (spare.name, spare.per_minute, spare.per_connection) == ("spare", None, 100)
    assert (ops.is_unverified, spare.is_unverified) == (True, False)


def test_a_line_without_encryption_has_no_certificate_to_be_verified(file: Path) -> None:
    file.write_text(LIMITED.replace("port = 587", "port = 25"))

    assert not load_profiles(file, ("ops",))[0].is_unverified


@pytest.mark.parametrize(
    ("host", "security", "is_exposed"),
    [
        ("mail.example.com", "unencrypted", True),
        ("mail.example.com", "starttls", False),
        ("localhost", "unencrypted", False),
    ],
)
def test_a_password_is_safe_on_an_encrypted_line_or_this_machine(
    file: Path, host: str, security: str, is_exposed: bool
) -> None:
    replace(file, "mail.example.com", f"{host}\nsecurity = {security}")

    [profile] = load_profiles(file, ("ops",))

    assert profile.is_exposed is is_exposed
    assert not dataclasses.replace(profile, user=None, password=None).is_exposed
    assert ("password NOT protected" in route(profile)) is is_exposed


def test_profiles_that_fall_back_on_each_other_are_read_once(file: Path) -> None:
    file.write_text(LIMITED)

    assert [profile.name for profile in load_profiles(file, ("spare", "ops"))] == ["spare", "ops"]


def test_another_channel_may_be_fallen_back_on(file: Path) -> None:
    file.write_text(LIMITED.replace("fallback = spare", "fallback = pager"))

    [ops] = load_profiles(file, ("ops",), (PAGER,))

    assert ops.fallback == "pager"


def test_the_faults_of_a_fallback_are_found(file: Path) -> None:
    file.write_text(LIMITED.replace("port = 25", "port = 26"))

    assert faults(file)[0].startswith("FILE [spare]: port 26 does not tell the security")


@pytest.mark.parametrize(
    "address", ["ops(night)@example.com", "a:b@example.com", 'An "x" <a@example.com>', "a@..ü"]
)
def test_an_address_that_no_mail_could_bear_is_a_fault(file: Path, address: str) -> None:
    replace(file, "b@example.com", address)

    assert faults(file) == [
        f"FILE [ops]: to {address!r}: name@host or Words <name@host> is accepted."
    ]
