"""Mail addresses as people write them."""

import pytest

from botsched.domain.addresses import MailAddress, read


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.com", ("", "ann", "example.com")),
        ("Ann Lee <ann@example.com>", ("Ann Lee", "ann", "example.com")),
        ('"Lee, Ann" <ann@example.com>', ("Lee, Ann", "ann", "example.com")),
        ("ann@bücher.example", ("", "ann", "xn--bcher-kva.example")),
    ],
)
def test_addresses_are_read_in_both_forms(text: str, address: tuple[str, str, str]) -> None:
    assert read(text) == MailAddress(*address)


@pytest.mark.parametrize(
    "text",
    ["", "ann", "ann@", "@example.com", "a@b@c", "a b@c", "ann@example.com, ben@x", "a@ü..x"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a mail address"):
        read(text)
