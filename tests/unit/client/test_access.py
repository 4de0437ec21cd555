"""Server and login come from arguments, the environment and a file, in this order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from botsched.client import ConfigurationError, NoPasswordError
from botsched.client.access import VARIABLES, find_access
from botsched.client.trust import configuration_folder
from botsched.settings.values import OTHER_VARIABLES

FILE = """
[default]
server = https://one.example:8888
user = ann
password = p%ss;w#rd

[test]
server = https://test.example
user = bob
password = other
ca = ~/test.pem

[ends]
user = ann
"""

Write = Callable[..., Path]


@pytest.fixture
def write() -> Write:
    def write(text: str = FILE, mode: int = 0o600) -> Path:
        file = configuration_folder() / "client.ini"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        file.chmod(mode)
        return file

    return write


def told(*args: Any, **keywords: Any) -> tuple[str, str | None, str | None]:
    access = find_access(*args, **keywords)
    return str(access.address), access.user, access.password


def test_the_default_section_is_taken_when_nothing_is_said(write: Write) -> None:
    write()
    assert told() == ("https://one.example:8888", "ann", "p%ss;w#rd")


def test_a_server_is_named_by_its_section_or_its_address(write: Write) -> None:
    write()
    assert told("test") == ("https://test.example:443", "bob", "other")
    assert told("https://test.example/") == ("https://test.example:443", "bob", "other")
    assert find_access("test").ca == Path.home() / "test.pem"
    environ = {"BOTS_SCHEDULER_SERVER": "test"}
    assert told(environ=environ) == ("https://test.example:443", "bob", "other")


def test_the_login_of_one_server_is_never_given_to_another(write: Write) -> None:
    write()
    assert told("https://two.example:8888") == ("https://two.example:8888", None, None)
    assert told("http://one.example:8888") == ("http://one.example:8888", None, None)
    assert told("https://one.example:8889") == ("https://one.example:8889", None, None)


def test_arguments_win_over_the_environment_and_that_over_the_file(write: Write) -> None:
    write()
    environ = {"BOTS_SCHEDULER_USER": "eve", "BOTS_SCHEDULER_PASSWORD": "from outside"}
    assert told(environ=environ) == ("https://one.example:8888", "eve", "from outside")
    assert told(user="ann", password="given", environ=environ)[1:] == ("ann", "given")
    assert find_access(ca="x.pem", environ={"BOTS_SCHEDULER_CA_FILE": "y.pem"}).ca == Path("x.pem")
    assert find_access(environ={"BOTS_SCHEDULER_CA_FILE": "y.pem"}).ca == Path("y.pem")


def test_a_password_is_never_given_for_another_user(write: Write) -> None:
    write()
    with pytest.raises(NoPasswordError, match="No password of the user eve is known"):
        find_access(user="eve")
    environ = {"BOTS_SCHEDULER_USER": "bob", "BOTS_SCHEDULER_PASSWORD": "of bob"}
    assert told(user="ann", environ=environ)[1:] == ("ann", "p%ss;w#rd")
    assert told(user="eve", environ={"BOTS_SCHEDULER_PASSWORD": "hers"})[1:] == ("eve", "hers")


def test_another_file_can_be_named(write: Write, tmp_path: Path) -> None:
    write()
    other = tmp_path / "other.ini"
    other.write_text("[default]\nserver = other.example:1\n")
    assert told(config=other)[0] == "https://other.example:1"
    assert told(environ={"BOTS_SCHEDULER_CLIENT_CONFIG": str(other)})[0] == (
        "https://other.example:1"
    )
    with pytest.raises(ConfigurationError, match="there is no such file"):
        find_access(config=tmp_path / "none.ini")


def test_without_any_server_the_three_places_are_named() -> None:
    with pytest.raises(ConfigurationError) as error:
        find_access(environ={})
    message = str(error.value)
    assert "No server is known" in message
    for place in ("server=...", "BOTS_SCHEDULER_SERVER", "client.ini: [default], server = https"):
        assert place in message


def test_a_user_without_password_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"No password of the user ann is known\. Give it"):
        find_access("https://host", "ann")


def test_a_password_that_everybody_may_read_is_refused(write: Write) -> None:
    file = write(mode=0o644)
    with pytest.raises(ConfigurationError, match=f"run chmod 600 {file}"):
        find_access()
    assert told("https://two.example")[0] == "https://two.example:443"  # it is not needed there


@pytest.mark.parametrize(
    ("text", "server", "fault"),
    [
        ("[default]\nserver = x:1\npasswort = y\n", None, "unknown field passwort"),
        ("[default]\nuser = ann\n", None, "No server is known"),
        (FILE, "ends", "server is missing"),
        (FILE, "tset", "sections there: default, test, ends"),
        ("no section\n", None, "a [section] must come first"),
        ("[default]\nserver = ftp://x\n", None, "'ftp://x' is no address"),
    ],
)
def test_faults_of_the_file_are_told(
    write: Write, text: str, server: str | None, fault: str
) -> None:
    write(text)
    with pytest.raises(ConfigurationError) as error:
        find_access(server)
    assert fault in str(error.value)


def test_a_password_leaves_the_machine_over_tls_alone() -> None:
    with pytest.raises(ConfigurationError, match="not sent without TLS"):
        find_access("http://host:8889", "ann", "secret")
    assert told("http://127.0.0.1:8889", "ann", "secret")[1] == "ann"


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(find_access("https://host", "ann", "secret"))


def test_a_user_name_with_a_colon_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="colon"):
        find_access("https://host", "a:b", "secret")


def test_the_server_does_not_take_the_variables_for_misspelt_ones() -> None:
    assert set(VARIABLES) <= OTHER_VARIABLES
