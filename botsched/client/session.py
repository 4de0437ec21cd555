"""Requests below ``/api/v1/``: values become JSON, and refusals errors."""

import json
import os
import re
import secrets
import string
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from botsched.client.access import Access, login_wanted
from botsched.client.errors import LoginError, RefusedError, ServerError, error_class
from botsched.client.transport import Answer, Transport

_PAGE: Final = 500
_LISTS: Final = frozenset({"jobs", "executions", "logs"})
_KEYS: Final = (
    ("GET", re.compile("jobs/[^/]+"), {"job_id", "version"}),
    ("GET", re.compile("executions/[^/]+"), {"execution_id", "attempt"}),
    ("GET", re.compile("executions/[^/]+/output"), {"output", "last", "ended"}),
    ("GET", re.compile("files"), {"files"}),
    ("POST", re.compile("files"), {"file"}),
    ("POST", re.compile("jobs"), {"job_id"}),
    ("PUT", re.compile("jobs/[^/]+"), {"job_id"}),
    ("POST", re.compile("jobs/[^/]+/run"), {"execution_id"}),
)
"""What the answers hold that a client reads; those of another server lack some of it."""


class Session:
    """All requests of a client to its server."""

    def __init__(self, access: Access, transport: Transport) -> None:
        self._access = access
        self._transport = transport

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Send and read JSON data."""
        content, headers = None, {}
        if body is not None:
            content = json.dumps(body, default=_plain).encode()
            headers = {"Content-Type": "application/json"}
        answer = self.ask(method, path, content, headers)
        return self._known(method, path.partition("?")[0], answer)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        """One request as it is. Raises RefusedError for an answer that says no."""
        address = f"/api/v1/{quote(path, safe=string.punctuation)}"
        answer = self._transport.ask(method, address, body, headers)
        if answer.status >= 300:
            raise self._refusal(answer)
        return answer

    def listed(self, name: str, filters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The entries of a list, asked for page by page; with a ``limit``, no more than that."""
        left = filters.get("limit")
        query = {key: _parameter(value) for key, value in filters.items() if value is not None}
        while left is None or left > 0:
            query["limit"] = str(min(_PAGE, left or _PAGE))
            page = self.request("GET", f"{name}?{urlencode(query)}")
            yield from page[name]
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]
            query.pop("offset", None)
            left = None if left is None else left - len(page[name])

    def upload(self, name: str, content: bytes) -> str:
        """Store a data file; the name it has then."""
        body, kind = _form(name, content)
        answer = self.ask("POST", "files", body, {"Content-Type": kind})
        return str(self._known("POST", "files", answer)["file"])

    def _known(self, method: str, name: str, answer: Answer) -> Any:
        """The data of an answer. ServerError when another server gave it."""
        data = _json(answer)
        listed = method == "GET" and name in _LISTS
        if (listed and not _is_page(data, name)) or not _has_keys(data, method, name):
            raise ServerError(
                f"{self._access.address} answers in a way of its own, as another scheduler would; "
                "is it bots-scheduler?",
                answer.status,
            )
        return data

    def _refusal(self, answer: Answer) -> RefusedError:
        address, user = self._access.address, self._access.user
        kind = error_class(answer.status)
        message, fields = f"{address} answers with status {answer.status}.", None
        try:
            told = json.loads(answer.body)
            message, fields = str(told["error"]), dict(told.get("fields") or {})
        except (ValueError, TypeError, KeyError, RecursionError):
            message += " Is it the scheduler?"
        if kind is LoginError and user:
            message = f"{address}: the password of {user!r} is wrong, or there is no such user."
        elif kind is LoginError:
            message = f"{address} wants a login. {login_wanted(self._access)}"
        wait = answer.headers.get("retry-after", "")
        return kind(message, answer.status, fields, float(wait) if wait.isdigit() else None)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} has no form in JSON: give text, numbers, lists or dictionaries.")


def _parameter(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(str, value))
    return str(value)


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ServerError(
            f"The answer (status {answer.status}) is no JSON; is it the scheduler?", answer.status
        ) from None


def _is_page(data: Any, name: str) -> bool:
    return isinstance(data, dict) and isinstance(data.get(name), list) and "next_cursor" in data


def _has_keys(data: Any, method: str, name: str) -> bool:
    found = data.keys() if isinstance(data, dict) else set()
    return all(
        keys <= found for asked, path, keys in _KEYS if asked == method and path.fullmatch(name)
    )


def _form(name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file, and its content type."""
    boundary = secrets.token_hex(16)
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'Content-Disposition: form-data; name="file"; filename="{written}"'
    if not written.isprintable():
        raise ValueError(f"{name!r} is no name of a file.")
    body = f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
