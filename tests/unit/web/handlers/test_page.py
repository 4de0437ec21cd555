"""The document of the page, and the files that it loads."""

from html.parser import HTMLParser
from typing import Any

import pytest

from botsched.web.handlers.page import routes

NAME = "<script>alert(1)</script>\"'&"


ICONS = "vendor/bootstrap-icons/icons.svg"


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def loaded(self) -> list[str]:
        """The addresses of all that the page loads by itself."""
        given = [
            a.get("src") or a.get("href") for tag, a in self.found if tag in {"script", "link"}
        ]
        return [address for address in given if address and address != "data:,"]


@pytest.mark.parametrize("path", [route.path.replace("{name}", "some") for route in routes])
def test_each_address_of_the_page_gives_the_document(ask: Any, path: str) -> None:
    answer = ask("GET", path)

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    _, root = Elements(answer.text).found[0]
    assert (root["data-user"], root["data-timezone"]) == ("ann", "UTC")


def test_the_page_loads_only_files_of_ours_and_holds_no_script(ask: Any) -> None:
    answer = ask("GET", "/")
    policy = answer.headers["content-security-policy"]
    page = Elements(answer.text)

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attributes in page.found:
        assert tag not in {"style", "iframe", "form"}
        assert tag != "script" or attributes["src"]
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    for address in page.loaded():
        assert address.startswith("/static/v-")
        file = ask("GET", address)
        assert file.status == 200, address
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["content-type"].startswith(("text/css", "text/javascript"))


def test_files_are_given_compressed_to_whom_reads_that(ask: Any) -> None:
    address = Elements(ask("GET", "/").text).loaded()[0]

    plain = ask("GET", address)
    small = ask("GET", address, headers={"Accept-Encoding": "gzip, br"})

    assert (plain.body, plain.headers["vary"]) == (small.body, "Accept-Encoding")
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.body) / 2


def test_a_file_of_another_version_is_not_given(ask: Any) -> None:
    address = Elements(ask("GET", "/").text).loaded()[0]
    version = address.split("/")[2]

    answer = ask("GET", address.replace(version, "v-0123456789abcdef"))

    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"


LARGEST_FIRST_VIEW = 300_000
"""Bytes in gzip: on a phone's connection, a second."""


def test_the_first_view_is_small(ask: Any) -> None:
    """The overview: the document, all that it names, and the icons."""
    document = ask("GET", "/")
    addresses = Elements(document.text).loaded()
    icons = f"{addresses[0].rpartition('/')[0]}/{ICONS}"
    sizes = {
        address: int(
            ask("GET", address, headers={"Accept-Encoding": "gzip"}).headers["content-length"]
        )
        for address in {*addresses, icons}
    }

    assert len(document.body) + sum(sizes.values()) < LARGEST_FIRST_VIEW, sizes


def test_the_document_says_whether_all_jobs_are_held(ask: Any) -> None:
    assert Elements(ask("GET", "/").text).found[0][1]["data-held"] == "false"

    ask("PUT", "/api/v1/hold")

    assert Elements(ask("GET", "/").text).found[0][1]["data-held"] == "true"


def test_no_file_outside_of_the_folder_is_given(ask: Any) -> None:
    base = Elements(ask("GET", "/").text).loaded()[0].rpartition("/")[0]

    for path in ("../handler.py", "..%2fhandler.py", "%2e%2e/handler.py", "app/none.js"):
        assert ask("GET", f"{base}/{path}").status in (403, 404), path
    assert ask("GET", "/static/app/main.js").status == 404
