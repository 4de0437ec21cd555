"""Checks that a web address answers as it should."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from botscheduler import *
from jobs._values import flag, number

READ_AT_MOST = 4 * 2**20  # bytes; enough to find a text, not enough to fill the memory


class HttpCheck(JobBase):
    info = {
        "job_class_name": "HTTP check",
        "notes": "Fetches a web address and fails when it does not answer as expected.\n"
        "Certificates are verified.",
        "arguments": [
            {
                "type": "string",
                "name": "url",
                "description": "http:// or https:// address",
                "required": True,
            },
            {"type": "integer", "name": "status", "description": "expected status"},
            {"type": "number", "name": "timeout", "description": "seconds at most"},
            {"type": "string", "name": "text", "description": "text the page must contain"},
            {"type": "boolean", "name": "redirects", "description": "follow redirects"},
            {"type": "secret", "name": "token", "description": "token to log in with (Bearer)"},
        ],
        "example_arguments": '["https://example.com/", 200, 10, "Example Domain"]',
        "report_title": "HTTP check",
        "enabled": True,
    }

    @report
    def run(self, url, status=200, timeout=10, text=None, redirects=True, token=None):
        seconds = number(timeout, "The time limit", 0.001)
        answer = fetch(url, seconds, flag(redirects, "redirects"), token)
        yield Table(
            [
                ["Address", url],
                ["Answered from", answer.url],
                ["Status", answer.status],
                ["Time", f"{answer.seconds:.3f} s"],
                ["Size", f"{len(answer.body)} bytes"],
            ]
        )
        # What was yielded so far stays in the report when the job fails here.
        expect_status(answer, status)
        if text and text not in answer.text:
            raise JobError(f"The answer of {url} does not contain {text!r}.")


@dataclass
class Answer:
    url: str
    status: int
    seconds: float
    body: bytes
    text: str


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def fetch(url, timeout, redirects=True, token=None):
    """Give the answer, whatever its status; a JobError says why there is none."""
    if not str(url).lower().startswith(("http://", "https://")):
        raise JobError(f"The address must begin with http:// or https://, not {url!r}.")
    request = urllib.request.Request(str(url))  # noqa: S310  checked above
    if token:  # for this server only, not for one that it redirects to
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    opener = urllib.request.build_opener(*([] if redirects else [NoRedirect]))
    begin = time.monotonic()
    try:
        with any_answer(opener, request, timeout) as response:
            body = read(response, begin + timeout)
            charset = response.headers.get_content_charset("utf-8")
    except TimeoutError:
        raise JobError(f"{url} did not answer within {timeout} s.") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise JobError(f"{url} did not answer within {timeout} s.") from None
        raise JobError(f"{url} cannot be reached: {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise JobError(f"{url} cannot be fetched: {type(error).__name__}: {error}") from error
    seconds = time.monotonic() - begin
    return Answer(response.url, response.status, seconds, body, decode(body, charset))


def any_answer(opener, request, timeout):
    try:
        return opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        return error  # also an answer, only not a 2xx one


def read(response, deadline):
    """Read bit by bit: a server that drips must not outlast the time limit."""
    body = b""
    while len(body) < READ_AT_MOST and (part := response.read1(65536)):
        body += part
        if time.monotonic() > deadline:
            raise TimeoutError
    return body


def decode(body, charset):
    try:
        return body.decode(charset, "replace")
    except LookupError:  # the server named a charset that does not exist
        return body.decode("utf-8", "replace")


def expect_status(answer, status):
    if answer.status != number(status, "The status"):
        raise JobError(f"{answer.url} answered with status {answer.status} instead of {status}.")
