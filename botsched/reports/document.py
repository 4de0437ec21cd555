"""A report as an HTML file of its own, to be kept or passed on; it loads nothing."""

from html import escape
from typing import Final

from botsched.reports.clean import clean
from botsched.reports.html import render_html
from botsched.reports.items import Report

# The tables of plots have the role "presentation", and bring their own looks.
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; overflow-wrap: break-word;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }}
h2, h3, h4 {{ line-height: 1.25; margin: 1.5em 0 0.5em; }}
table:not([role]) {{ display: block; overflow-x: auto; border-collapse: collapse; margin: 1em 0; }}
table:not([role]) > * > tr > * {{ padding: 0.25em 0.75em; vertical-align: top;
  border-bottom: 1px solid rgba(128, 128, 128, 0.4); }}
thead, tfoot, tbody [scope] {{ background: rgba(128, 128, 128, 0.13); font-weight: 600; }}
pre {{ padding: 0.75em; overflow: auto; background: rgba(128, 128, 128, 0.13); }}
blockquote {{ margin: 1em 0; padding: 0 1em; border-left: 3px solid rgba(128, 128, 128, 0.4); }}
img {{ max-width: 100%; }}
footer {{ margin-top: 2em; font-size: 0.875rem; opacity: 0.75; }}
</style>
</head>
<body>
{report}
<footer>{origin}</footer>
</body>
</html>
"""


def render_document(report: Report, title: str, origin: str) -> str:
    """Render a whole file; ``origin`` is a line below the report that says what it is of."""
    return _PAGE.format(
        title=escape(clean(title)), report=render_html(report), origin=escape(clean(origin))
    )
