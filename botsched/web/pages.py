"""Documents made here: whatever a template of ours shows is escaped."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tornado.template import Loader

from botsched import __version__
from botsched.catalog import JobClassInfo

_TEMPLATES: Final = Loader(str(Path(__file__).parent / "templates"))
_CLASSES: Final = b"jobs_meta_info"


def render(template: str, **values: object) -> bytes:
    """A whole document."""
    return _TEMPLATES.load(template).generate(version=__version__, **values)


def is_template(document: bytes) -> bool:
    """Whether a page of the operator's own asks for the job classes, as ndscheduler's does."""
    return _CLASSES in document


def render_own(index: Path, classes: Iterable[JobClassInfo]) -> bytes:
    """A page that is a template, with the classes to choose from as ndscheduler has them."""
    data = [each.to_data() for each in classes if each.enabled]
    # It stands in an element that a "<" could end.
    text = json.dumps(data).replace("<", "\\u003c")
    return Loader(str(index.parent)).load(index.name).generate(**{_CLASSES.decode(): text})
