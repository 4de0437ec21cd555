import json

from botsched.proxy.child import http1


def buffer(data: bytes) -> http1.LimitedReceiveBuffer:
    made = http1.LimitedReceiveBuffer()
    made += data
    return made


def test_heads_within_the_limit_are_read_whatever_follows_them() -> None:
    head = b"POST / HTTP/1.1\r\nHost: h\r\n\r\n"
    filled = buffer(head + b"x" * 100_000)
    assert filled.maybe_extract_lines() == [b"POST / HTTP/1.1", b"Host: h"]
    assert len(filled) == 100_000
    assert buffer(head[:-2]).maybe_extract_lines() is None


def test_a_head_beyond_the_limit_is_nonsense_complete_or_not() -> None:
    head = b"GET / HTTP/1.1\r\nX: " + b"x" * 33_000
    assert buffer(head).maybe_extract_lines() == [b"\0"]
    assert buffer(head + b"\r\n\r\n").maybe_extract_lines() == [b"\0"]


def test_error_answers_have_our_shape_and_do_not_name_their_software() -> None:
    for status in (400, 413, 502, 504):
        head, _, body = http1.error_response(status, "mitmproxy says no").partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d " % status)
        assert list(json.loads(body)) == ["error"]
        assert b"mitmproxy" not in (head + body).lower()
