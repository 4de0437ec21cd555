import pytest

from botsched.client import ConfigurationError
from botsched.client.address import Address


@pytest.mark.parametrize(
    ("written", "address", "place"),
    [
        ("https://host:8888", "https://host:8888", "host:8888"),
        ("https://Host:8888/", "https://host:8888", "host:8888"),
        ("host:8888", "https://host:8888", "host:8888"),
        ("https://host", "https://host:443", "host:443"),
        ("http://127.0.0.1:8889", "http://127.0.0.1:8889", "127.0.0.1:8889"),
        ("https://[::1]:8888", "https://[::1]:8888", "[::1]:8888"),
        ("https://host/bots/", "https://host:443/bots", "host:443"),
    ],
)
def test_an_address_is_read(written: str, address: str, place: str) -> None:
    assert str(Address.parse(written)) == address
    assert Address.parse(written).place == place
    assert Address.parse(str(Address.parse(written))) == Address.parse(address)


@pytest.mark.parametrize(
    "written",
    ["", "ftp://host", "https://", "https://host:port", "https://host:99999", "https://[::1",
     "https://ann:secret@host", "https://host/?x=1", "https://ho\nst", "https://host:0",
     f"https://{'h' * 240}"],
)  # fmt: skip
def test_what_is_no_address_is_told(written: str) -> None:
    with pytest.raises(ConfigurationError, match="write for example https://HOST:8888"):
        Address.parse(written)


@pytest.mark.parametrize("written", ["https://ann:secret@host", "ann:sec:secret/#@host:x"])
def test_a_login_in_an_address_is_not_shown(written: str) -> None:
    with pytest.raises(ConfigurationError, match="login does not belong") as raised:
        Address.parse(written)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("written", "loopback"),
    [("localhost:1", True), ("127.0.0.2:1", True), ("[::1]:1", True), ("10.0.0.1:1", False),
     ("localhost.example.com:1", False)],
)  # fmt: skip
def test_loopback_is_known(written: str, loopback: bool) -> None:
    assert Address.parse(written).is_loopback is loopback
