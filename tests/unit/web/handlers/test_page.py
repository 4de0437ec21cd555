"""The document of the page, and the files that it loads."""

from html.parser import HTMLParser
from typing import Any

import pytest

from botsched.web.handlers.page import routes

NAME = "<script>alert(1)</script>\"'&"


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


def test_the_document_says_whether_all_jobs_are_held(ask: Any) -> None:
    assert Elements(ask("GET", "/").text).found[0][1]["data-held"] == "false"

    ask("PUT", "/api/v1/hold")

    assert Elements(ask("GET", "/").text).found[0][1]["data-held"] == "true"


def test_no_file_outside_of_the_folder_is_given(ask: Any) -> None:
    base = Elements(ask("GET", "/").text).loaded()[0].split("/vendor/")[0]

    for path in ("../handler.py", "..%2fhandler.py", "%2e%2e/handler.py", "app/none.js"):
        assert ask("GET", f"{base}/{path}").status in (403, 404), path
    assert ask("GET", "/static/app/main.js").status == 404
