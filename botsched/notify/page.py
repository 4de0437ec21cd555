"""The HTML part of a mail: inline styles, no remote content, readable on light and on dark."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from botsched.domain.execution import UNSUCCESSFUL, State
from botsched.reports import Image, Report, clean, render_html

# Half-transparent greys and the reader's own text colour suit both colour schemes.
_LINE = "rgba(128,128,128,.4)"
_SHADE = "rgba(128,128,128,.13)"
_MUTED = "opacity:.72"
_CELL = f"padding:5px 10px;border-bottom:1px solid {_LINE};vertical-align:top"
_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "h2": "font-size:19px;line-height:1.3;margin:28px 0 8px",
        "h3": "font-size:16px;line-height:1.3;margin:24px 0 8px",
        "h4": "font-size:14px;line-height:1.3;margin:18px 0 6px",
        "p": "margin:8px 0;overflow-wrap:anywhere",
        "pre": (
            "font:12px/1.45 ui-monospace,Menlo,Consolas,monospace;margin:8px 0;padding:10px 12px;"
            f"background:{_SHADE};border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere"
        ),
        "table": (
            "border-collapse:collapse;display:block;max-width:100%;overflow-x:auto;"
            "margin:8px 0;font-variant-numeric:tabular-nums"
        ),
        "th": f"{_CELL};font-weight:600;background:{_SHADE}",
        "td": f"{_CELL};overflow-wrap:anywhere",
        "tfoot": "font-weight:600",
        "blockquote": f"margin:8px 0;padding:0 12px;border-left:3px solid {_LINE}",
        "ul": "margin:4px 0;padding-left:22px",
        "ol": "margin:4px 0;padding-left:26px",
        "li": "margin:3px 0;overflow-wrap:break-word",
        "img": "max-width:100%;object-fit:contain;border:0",
    }
)
_GREEN, _RED, _GREY = "#1a7f37", "#c62828", "#5f6670"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:0">
<div style="max-width:760px;margin:0 auto;padding:20px 16px;\
font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 12px;overflow-wrap:anywhere">{name} \
<span style="display:inline-block;font-size:13px;line-height:1.3;padding:3px 10px;\
border-radius:12px;background:{colour};color:#ffffff;vertical-align:middle">{outcome}</span></h1>
<table role="presentation" style="border-collapse:collapse">
{facts}
</table>
{story}
<p style="margin:28px 0 0;padding-top:10px;border-top:1px solid {line};font-size:12px">
<span style="{muted}">Sent by bots-scheduler{host}.</span>{links}</p>
</div>
</body>
</html>
"""


def page(
    *,
    name: str,
    state: State,
    facts: Sequence[tuple[str, str]],
    story: Report,
    image_src: Callable[[Image], str],
    host: str = "",
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """Render a whole HTML document; every given text is escaped."""
    return _PAGE.format(
        title=escape(f"{name}: {state.value}"),
        name=escape(name),
        colour=_colour(state),
        outcome=escape(state.value),
        facts="\n".join(_fact(label, value) for label, value in facts),
        story=render_html(story, image_src=image_src, styles=_STYLES),
        line=_LINE,
        muted=_MUTED,
        host=escape(f" on {host}" if host else ""),
        links="".join(_link(label, address) for label, address in links),
    )


def _colour(state: State) -> str:
    if state is State.SUCCEEDED:
        return _GREEN
    return _RED if state in UNSUCCESSFUL else _GREY


def _fact(label: str, value: str) -> str:
    cell = '<td style="padding:2px 14px 2px 0;vertical-align:top;'
    return (
        f'<tr>{cell}white-space:nowrap;{_MUTED}">{escape(label)}</td>'
        f'{cell}overflow-wrap:anywhere">{escape(clean(value))}</td></tr>'
    )


def _link(label: str, address: str) -> str:
    return f' &nbsp;<a href="{escape(address)}">{escape(label)}</a>'
