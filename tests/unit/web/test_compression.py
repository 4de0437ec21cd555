"""Compressed answers."""

import zlib
from typing import Any

import pytest
from tornado.httputil import HTTPHeaders

from botsched.web.compression import WORTHWHILE, compressed_parts, is_accepted


@pytest.mark.parametrize(
    "given", ["gzip", "deflate, gzip", "br;q=1.0, GZIP ; q=0.5", "gzip;q=0.001"]
)
def test_who_reads_gzip_gets_it(given: str) -> None:
    assert is_accepted(HTTPHeaders({"Accept-Encoding": given}))


@pytest.mark.parametrize(
    "given", ["", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.00, br", "*"]
)
def test_others_do_not(given: str) -> None:
    assert not is_accepted(HTTPHeaders({"Accept-Encoding": given}))
    assert not is_accepted(HTTPHeaders())


def test_long_answers_are_compressed_and_say_the_same(ask: Any) -> None:
    for number in range(3):
        ask.added(name=f"compressed {number}")

    plain = ask("GET", "/api/v1/jobs")
    small = ask("GET", "/api/v1/jobs", headers={"Accept-Encoding": "gzip"})

    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.body) / 2
    assert small.json == plain.json
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"


def test_short_answers_are_not_worth_it(ask: Any) -> None:
    answer = ask("GET", "/healthz", headers={"Accept-Encoding": "gzip"})

    assert len(answer.body) < WORTHWHILE
    assert "content-encoding" not in answer.headers


def test_each_part_of_a_body_can_be_read_when_it_comes() -> None:
    parts = [b"begin " * 1000, b"", b"end"]
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    *packed, last = compressed_parts(iter(parts))

    assert [reader.decompress(part) for part in packed] == parts
    assert reader.decompress(last) == b""
    assert reader.eof
    assert len(packed[0]) < len(parts[0]) / 10


def test_head_tells_what_get_would(ask: Any) -> None:
    asked = {"Accept-Encoding": "gzip"}
    head, whole = (ask(method, "/api/v1/spec", headers=asked) for method in ("HEAD", "GET"))

    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["content-encoding"] == "gzip"
