"""Pages: HTML made here, that needs no script."""

from datetime import datetime
from pathlib import Path
from typing import Final

from tornado.template import Loader

from botsched import __version__
from botsched.domain.words import in_words
from botsched.reports import clean
from botsched.web.formats import words

_TEMPLATES: Final = Loader(str(Path(__file__).parent / "templates"))


def render(template: str, *, user: str, now: datetime, **values: object) -> bytes:
    """A whole page; whatever a template shows is escaped."""
    page = _TEMPLATES.load(template)
    return page.generate(
        user=user,
        now=now.astimezone(),
        version=__version__,
        words=words,
        in_words=in_words,
        clean=clean,
        **values,
    )
