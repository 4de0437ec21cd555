"""Documents made here: whatever a template shows is escaped."""

from pathlib import Path
from typing import Final

from tornado.template import Loader

from botsched import __version__

_TEMPLATES: Final = Loader(str(Path(__file__).parent / "templates"))


def render(template: str, **values: object) -> bytes:
    """A whole document."""
    return _TEMPLATES.load(template).generate(version=__version__, **values)
