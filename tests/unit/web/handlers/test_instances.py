"""The servers on one database."""

import os
from typing import Any


def test_a_server_on_a_file_is_alone_and_active(ask: Any) -> None:
    [found] = ask("GET", "/api/v1/instances").json["instances"]

    assert found["hostname"] == os.uname().nodename
    assert (found["pid"], found["role"], found["here"]) == (os.getpid(), "active", True)
    assert (found["token"], found["since"]) == (None, None)
