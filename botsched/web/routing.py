"""Routes as the documentation writes them."""

import re
from typing import NamedTuple

from tornado.web import RequestHandler

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Route(NamedTuple):
    """``path`` may hold names in braces, which the handler's methods take as arguments."""

    path: str
    handler: type[RequestHandler]

    @property
    def pattern(self) -> str:
        """The regular expression that tornado matches paths with."""
        return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))

    @property
    def methods(self) -> list[str]:
        """The methods this route takes; HEAD goes without saying."""
        return methods_of(self.handler)


def methods_of(handler: type[RequestHandler]) -> list[str]:
    """The methods that a handler has of its own."""
    return [
        method
        for method in METHODS
        if getattr(handler, method.lower()) is not getattr(RequestHandler, method.lower())
    ]
