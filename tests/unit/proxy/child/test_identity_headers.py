import pytest

from botsched.proxy.child.identity_headers import forwarded


def test_the_server_learns_user_secret_and_client() -> None:
    assert forwarded([(b"Host", b"h")], "çem", "192.0.2.1", "s") == (
        (b"Host", b"h"),
        (b"X-Bots-User", b"%C3%A7em"),
        (b"X-Bots-Secret", b"s"),
        (b"X-Forwarded-For", b"192.0.2.1"),
        (b"X-Forwarded-Proto", b"https"),
    )


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Forwarded",
        "X-Real-IP",
        "X-Forwarded-For",
        "X-FORWARDED-Host",
        "X-Forwarded-Anything",
        "Proxy-Authorization",
        "Proxy-Connection",
        "X-Bots-User",
        "x-bots-secret",
        "X-Bots-New",
        "X_Bots_User",
        "Content_Length",
    ],
)
def test_no_client_speaks_of_identity(name: str) -> None:
    sent = [(name.encode(), b"forged"), (b"Accept", b"*/*")]
    passed = forwarded(sent, "ann", "192.0.2.1", "s")
    assert b"forged" not in [value for _, value in passed]
    assert (b"Accept", b"*/*") in passed
