"""What adding and updating a function job have in common."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botsched.client import Client, ClientError
from GroundControl.connection import Connection

CRON_FIELDS: Final = ("minute", "hour", "month", "day", "day_of_week")
_CLASS: Final = "PythonFunction"


class FunctionJobError(ClientError):
    """A function job cannot be added or updated as it is asked for."""


class FunctionJob:
    """A job that runs the function ``mod_name`` of the script ``mod_path``.

    ``exec_args`` are the function's arguments: one value, a list of them, or a dictionary by name.
    When it is due is said by ``cron_time``, a list in the order minute, hour, month, day,
    day_of_week, or by these as keywords, where a missing one is ``*``; in ``day_of_week`` 0 is
    Monday. Server and login are those of ``client``, or found as ``Client`` finds them.
    """

    def __init__(
        self,
        job_name: str,
        mod_path: str | os.PathLike[str],
        mod_name: str,
        exec_args: Any = None,
        cron_time: Sequence[str | int] | None = None,
        *,
        minute: str | int | None = None,
        hour: str | int | None = None,
        month: str | int | None = None,
        day: str | int | None = None,
        day_of_week: str | int | None = None,
        server: str | None = None,
        user: str | None = None,
        password: str | None = None,
        client: Client | None = None,
    ) -> None:
        self.job_name = job_name
        self.schedule = _schedule(cron_time, (minute, hour, month, day, day_of_week))
        self.arguments = _arguments(os.fspath(mod_path), mod_name, exec_args)
        self.connection = Connection(client, server, user, password)


def function_class(client: Client) -> str:
    """The server's class for function jobs, in whichever job folder it is."""
    names = [known["job_class_string"] for known in client.request("GET", "classes")["classes"]]
    for name in names:
        if name.rpartition(".")[2] == _CLASS:
            return str(name)
    raise FunctionJobError(
        f"The server has no job class {_CLASS}: its job folders lack python_function.py, which "
        "comes with the program in the folder jobs. Give --jobs that folder, too, or copy the file."
    )


def _schedule(
    cron_time: Sequence[str | int] | None, fields: Sequence[str | int | None]
) -> Mapping[str, str]:
    """The five fields; none when nothing is said about them."""
    given = any(field is not None for field in fields)
    if cron_time is None:
        values = ["*" if field is None else str(field) for field in fields]
        return dict(zip(CRON_FIELDS, values, strict=True)) if given else {}
    if given:
        raise FunctionJobError("Give cron_time or single fields of it, not both.")
    if isinstance(cron_time, str) or len(cron_time) != len(CRON_FIELDS):
        raise FunctionJobError(
            f"cron_time {cron_time!r}: a list of five is accepted: {', '.join(CRON_FIELDS)}."
        )
    return dict(zip(CRON_FIELDS, map(str, cron_time), strict=True))


def _arguments(path: str, function: str, exec_args: Any) -> list[Any] | dict[str, Any]:
    script = path if path.startswith("~") else os.path.abspath(path)  # noqa: PTH100  links stay
    match exec_args:
        case Mapping():
            if taken := {"path", "function"} & set(exec_args):
                raise FunctionJobError(
                    f"exec_args: {taken.pop()!r} cannot be given by name; give a list."
                )
            return {"path": script, "function": function, **exec_args}
        case None:
            return [script, function]
        case list() | tuple():
            return [script, function, *exec_args]
        case _:
            return [script, function, exec_args]
