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
            {"type": "string", "name": "url", "description": "http:// or https:// address"},
            {"type": "int", "name": "status", "description": "expected status (200)"},
            {"type": "float", "name": "timeout", "description": "seconds at most (10)"},
            {"type": "string", "name": "text", "description": "text the page must contain"},
            {"type": "bool", "name": "redirects", "description": "follow redirects (true)"},
        ],
        "example_arguments": '["https://example.com/", 200, 10, "Example Domain"]',
        "report_title": "HTTP check",
        "enabled": True,
    }

    @report
    def run(self, url, status=200, timeout=10, text=None, redirects=True):
        answer = fetch(url, number(timeout, "The time limit", 0.001), flag(redirects, "redirects"))
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


def fetch(url, timeout, redirects=True):
    """Give the answer, whatever its status; a JobError says why there is none."""
    if not str(url).lower().startswith(("http://", "https://")):
        raise JobError(f"The address must begin with http:// or https://, not {url!r}.")
    opener = urllib.request.build_opener(*([] if redirects else [NoRedirect]))
    begin = time.monotonic()
    try:
        with any_answer(opener, url, timeout) as response:
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


def any_answer(opener, url, timeout):
    try:
        return opener.open(url, timeout=timeout)
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
