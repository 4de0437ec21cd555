import pytest

from botsched.proxy.identity import decode_user, encode_user


@pytest.mark.parametrize("user", ["ann", "a b", "çem", "100%", "a,b;c", "名前", "x%41"])
def test_any_user_name_survives_the_header(user: str) -> None:
    header = encode_user(user)
    assert header.isascii()
    assert " " not in header
    assert decode_user(header) == user


def test_a_header_that_is_not_utf_8_is_an_error() -> None:
    with pytest.raises(ValueError):
        decode_user("%ff")
