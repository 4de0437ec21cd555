"""What is known of an argument: what its class says, and what the parameters of ``run`` tell."""

from collections.abc import Callable
from typing import Any

import pytest

from botsched.job import JobBase, report
from botsched.job.declared import Argument, Kind
from botsched.job.info import JobClassInfo, describe


def described(run: Callable[..., Any], *arguments: Any) -> tuple[Argument, ...]:
    members = {"run": run, "info": {"arguments": list(arguments)}, "__module__": "jobs.some"}
    return describe(type("Job", (JobBase,), members)).arguments


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("string", Kind.STRING),
        ("int", Kind.INTEGER),
        ("float", Kind.NUMBER),
        ("bool", Kind.BOOLEAN),
        ("array", Kind.LIST),
        ("file", Kind.FILE),
        ("secret", Kind.SECRET),
        ("File", Kind.ANY),
        ("dictionary of hosts", Kind.ANY),
        ("choice", Kind.ANY),
    ],
)
def test_a_word_that_is_not_known_stands_for_any_value(written: str, kind: Kind) -> None:
    assert Argument(written, "").kind is kind


def test_choices_make_a_choice_of_any_type() -> None:
    assert Argument("int", "", choices=(1, 2)).kind is Kind.CHOICE


def test_name_and_default_come_from_the_parameter_in_the_same_place() -> None:
    def run(self: Any, host: str, port: int = 443, *, verbose: bool = False) -> None: ...

    host, port, verbose = described(run, {}, {"type": "int"}, {"name": "verbose"})

    assert (host.name, host.required, host.default) == ("host", None, None)
    assert (port.name, port.required, port.default) == ("port", False, 443)
    assert (verbose.required, verbose.default) == (False, False)


def test_what_the_class_says_goes_before_what_its_run_tells() -> None:
    def run(self: Any, host: str = "x") -> None: ...

    [host] = described(run, {"name": "host", "required": True, "default": "y"})

    assert (host.required, host.default) == (True, "y")


def test_a_decorated_run_is_looked_through() -> None:
    def run(self: Any, host: str = "x") -> None: ...

    [host] = described(report(run), {})

    assert (host.name, host.default) == ("host", "x")


def test_the_last_argument_is_repeated_where_run_takes_as_many_as_one_likes() -> None:
    def run(self: Any, first: str, *others: str, **more: str) -> None: ...

    first, other = described(run, {}, {})
    [only] = described(run, {})

    assert (first.repeated, other.repeated, only.repeated) == (False, True, False)
    assert other.name is None


def test_a_default_is_not_told_when_it_is_a_secret_or_no_json() -> None:
    def run(self: Any, password: str = "x", what: object = object()) -> None: ...

    password, what = described(run, {"type": "secret"}, {})

    assert (password.required, password.default) == (False, None)
    assert (what.required, what.default) == (False, None)


def test_a_description_survives_the_way_to_the_server() -> None:
    class Job(JobBase):
        info = {"arguments": [{"type": "int", "choices": [1, 2], "default": 2}]}

        def run(self, number: int) -> None: ...

    info = describe(Job)

    assert JobClassInfo.from_data(info.to_data()) == info
    assert info.to_data()["arguments"][0]["kind"] == "choice"


@pytest.mark.parametrize("wrong", [{"required": "yes"}, {"choices": "ab"}, {"default": object()}])
def test_a_wrong_key_is_told_with_its_place(wrong: Any) -> None:
    def run(self: Any, host: str) -> None: ...

    with pytest.raises(Exception, match=r"info\['arguments'\]\[0\]"):
        described(run, wrong)
