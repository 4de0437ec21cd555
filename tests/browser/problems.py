"""What must not happen in a browser, noticed wherever it happens."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Told to the console, which is how it reaches us.
_TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
_LOCAL = ("data:", "blob:", "about:")


class Problems:
    """Collects what goes wrong in a context: errors of scripts, refused and foreign requests.

    A test that means to see a problem says so beforehand, by a part of its words.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.seen: list[str] = []
        self._expected: list[str] = []
        context.add_init_script(_TELL_OF_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    @property
    def found(self) -> list[str]:
        """All that nobody expected."""
        return [text for text in self.seen if not any(part in text for part in self._expected)]

    def expect(self, *parts: str) -> None:
        """Let problems pass whose words have one of these parts, such as ``409 PUT``."""
        self._expected.extend(parts)

    def _console(self, message: ConsoleMessage) -> None:
        # the answer itself is told by its response
        answered = message.text.startswith("Failed to load resource: the server responded")
        if message.type in {"error", "warning"} and not answered:
            self.seen.append(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, *_LOCAL)):
            self.seen.append(f"foreign request: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        # aborted is what was under way when a page was left, and every download
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            place = urlsplit(response.url)
            path = f"{place.path}?{place.query}" if place.query else place.path
            self.seen.append(f"{response.status} {response.request.method} {path}")
