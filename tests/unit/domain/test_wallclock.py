import pytest

from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(InvalidError, match="'Mars/Phobos' is no known time zone"):
        parse_timezone("Mars/Phobos")
