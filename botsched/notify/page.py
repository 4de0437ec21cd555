"""A letter as HTML for all mail readers: tables and inline styles, nothing from elsewhere.

Readers by Word (Outlook) pad and colour nothing but cells, and know neither widths at most nor
round corners. Gmail takes one style element and shows no more than 102 kB. Those that turn mails
dark by themselves do so by the colours given; the others find dark ones in the style element.
"""

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from botsched.notify.letter import Letter, Line, Section, Tone
from botsched.reports import Code, Image, Report, clean, render_html

_SANS: Final = "'Segoe UI',-apple-system,Roboto,Helvetica,Arial,sans-serif"
_MONO: Final = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_INK, _MUTED, _RULE, _PAPER, _DESK, _SHADE = (
    "#1f2328", "#59636e", "#d8dde3", "#ffffff", "#eef1f4", "#f4f6f8",
)  # fmt: skip
_BREAK: Final = "overflow-wrap:anywhere;word-break:break-word"
_CELL: Final = f"padding:6px 12px 6px 0;border-bottom:1px solid {_RULE};vertical-align:top"

_COLOURS: Final[Mapping[Tone, tuple[str, str]]] = MappingProxyType(
    {
        Tone.GOOD: ("#1a7f37", "\N{CHECK MARK}"),
        Tone.BAD: ("#b42318", "\N{MULTIPLICATION X}"),
        Tone.CHANGED: ("#0b5cad", "\N{GREEK CAPITAL LETTER DELTA}"),
        Tone.PLAIN: ("#57606a", "\N{EN DASH}"),
    }
)

_STYLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "h2": "font-size:17px;line-height:1.35;margin:18px 0 6px",
        "h3": "font-size:15px;line-height:1.35;margin:16px 0 6px",
        "h4": "font-size:14px;line-height:1.35;margin:14px 0 4px",
        "p": f"margin:6px 0;{_BREAK}",
        "pre": f"font:12px/1.5 {_MONO};margin:0;white-space:pre-wrap;{_BREAK}",
        "table": "border-collapse:collapse;font-size:14px;line-height:1.4",
        "th": f"{_CELL};font-weight:600",
        "td": _CELL,
        "tfoot": "font-weight:600",
        "blockquote": f"margin:8px 0;padding:0 12px;border-left:3px solid {_RULE}",
        "ul": "margin:4px 0;padding-left:22px",
        "ol": "margin:4px 0;padding-left:26px",
        "li": f"margin:3px 0;{_BREAK}",
        "img": "max-width:100%;height:auto;border:0",
    }
)
_CODE: Final = (
    (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        'style="table-layout:fixed;margin:8px 0"><tr>'
        f'<td class="code" bgcolor="{_SHADE}" style="padding:10px 12px;border-radius:6px">'
    ),
    "</td></tr></table>",
)
_FRAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"pre": _CODE, "table": ('<div style="overflow-x:auto;margin:8px 0">', "</div>")}
)

_SHEET: Final = """\
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){.pad{padding-left:16px!important;padding-right:16px!important}
.desk{padding:0!important}.card,.band{border-radius:0!important}}
@media (prefers-color-scheme:dark){
.desk,.desk-td{background-color:#0f1318!important}
.card{background-color:#1b2128!important;border-color:#343c46!important}
.ink,.ink p,.ink h2,.ink h3,.ink h4,.ink li,.ink td,.ink th,.ink pre{color:#e8ebef!important}
.ink td,.ink th,.ink p,.ink blockquote{border-color:#343c46!important}
.ink .muted,.muted{color:#9da7b3!important}
.ink .tone-good{color:#6fdc8c!important;border-left-color:#2ea043!important}
.ink .tone-bad{color:#ff9b92!important;border-left-color:#e5483a!important}
.ink .tone-changed{color:#8fc4ff!important;border-left-color:#2f81f7!important}
.ink .tone-plain{border-left-color:#8b949e!important}
.ink .code{background-color:#12171d!important}
.ink .came{background-color:#123420!important;color:#b7f0c5!important}
.ink .went{background-color:#43191a!important;color:#ffd0cb!important}
.ink .button{background-color:#2a323c!important;border-color:#465160!important}
.ink .button a,.ink a{color:#8fc4ff!important}
.ink .band{color:#ffffff!important}
}
"""
_OFFICE: Final = """\
<!--[if mso]><style>table,td,th,p,h1,h2,h3,h4,li,a{font-family:'Segoe UI',Arial,sans-serif}\
td,th{font-size:14px}pre,code{font-family:Consolas,monospace}</style><![endif]-->"""
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>{title}</title>
<style>
{sheet}</style>
{office}
</head>
<body class="desk" bgcolor="{desk}" style="margin:0;padding:0;background-color:{desk}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{preview}</div>
<table role="presentation" lang="en" width="100%" cellpadding="0" cellspacing="0" border="0" \
bgcolor="{desk}" class="desk-td"><tr>
<td align="center" class="desk" style="padding:20px 10px">
<!--[if mso]><table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0">\
<tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
bgcolor="{paper}" class="card ink" style="max-width:640px;table-layout:fixed;text-align:left;\
background-color:{paper};border:1px solid {rule};border-radius:8px;border-collapse:separate;\
font:14px/1.5 {sans};color:{ink}">
<tr><td class="band pad" bgcolor="{colour}" style="padding:18px 28px;background-color:{colour};\
color:#ffffff;border-radius:7px 7px 0 0">
<p class="band" style="margin:0;font-size:16px;font-weight:600;color:#ffffff">\
{sign}&nbsp; {outcome}</p>
<h1 class="band" style="margin:2px 0 0;font-size:24px;line-height:1.25;font-weight:600;\
color:#ffffff;{break_}">{name}</h1>
<p class="band" style="margin:6px 0 0;font-size:13px;color:#ffffff;{break_}">{context}</p>
</td></tr>
<tr><td class="pad" style="padding:18px 28px 24px">
{body}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
"""


def page(letter: Letter, image_src: Callable[[Image], str]) -> str:
    """The whole document; every given text is escaped. ``image_src`` gives addresses of images."""
    colour, sign = _COLOURS[letter.tone]
    return _PAGE.format(
        title=_escaped(f"{letter.name}: {letter.outcome}"),
        sheet=_SHEET,
        office=_OFFICE,
        preview=_escaped(letter.lead or letter.context),
        desk=_DESK,
        paper=_PAPER,
        rule=_RULE,
        ink=_INK,
        sans=_SANS,
        break_=_BREAK,
        colour=colour,
        sign=sign,
        outcome=_escaped(letter.outcome),
        name=_escaped(letter.name),
        context=_escaped(letter.context),
        body="\n".join(_body(letter, image_src)),
    )


def weight(report: Report) -> int:
    """How many bytes a part of a report takes in the page."""
    return len(_report(report, _any_source).encode())


def letter_weight(letter: Letter) -> int:
    """The same of a whole letter."""
    return len(page(letter, _any_source).encode())


def line_weight(line: Line) -> int:
    """The same of a line."""
    return len(_line(line).encode())


def _body(letter: Letter, image_src: Callable[[Image], str]) -> list[str]:
    parts = []
    if letter.lead:
        style = f"margin:0;font-size:16px;line-height:1.45;font-weight:600;{_BREAK}"
        parts.append(f'<p style="{style}">{_escaped(letter.lead)}</p>')
    if letter.hint:
        parts.append(f'<p class="muted" style="margin:4px 0 0;color:{_MUTED}">'
                     f"{_escaped(letter.hint)}</p>")  # fmt: skip
    parts += [_facts(letter), _buttons(letter)]
    parts += [_section(section, image_src) for section in letter.sections]
    style = f"margin:28px 0 0;padding:12px 0 0;border-top:1px solid {_RULE}"
    style += f";font-size:12px;line-height:1.5;color:{_MUTED}"
    footer = "<br>\n".join(map(_escaped, letter.footer))
    return [*filter(None, parts), f'<p class="muted" style="{style};{_BREAK}">{footer}</p>']


def _facts(letter: Letter) -> str:
    cell = "padding:2px 0;vertical-align:top;font-size:14px"
    label = f'<td class="muted" width="92" style="{cell};color:{_MUTED}">'
    rows = [
        f'<tr>{label}{_escaped(name)}</td><td style="{cell};{_BREAK}">{_escaped(value)}</td></tr>'
        for name, value in letter.facts
    ]
    above = 14 if letter.lead or letter.hint else 0
    return _table(f"table-layout:fixed;margin:{above}px 0 0", "\n".join(rows)) if rows else ""


def _buttons(letter: Letter) -> str:
    """Cells with a border, since readers by Word give links no room of their own."""
    cell = f"padding:7px 14px;border:1px solid {_RULE};border-radius:6px;background-color:{_SHADE}"
    link = "font-size:14px;font-weight:600;text-decoration:none;color:#0b5cad;white-space:nowrap"
    cells = '<td width="8" style="font-size:1px">&nbsp;</td>'.join(
        f'<td class="button" bgcolor="{_SHADE}" style="{cell}">'
        f'<a href="{escape(address)}" style="{link}">{_escaped(label)}</a></td>'
        for label, address in letter.links
    )
    if not cells:
        return ""
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" '
        f'style="margin:16px 0 0;border-collapse:separate"><tr>{cells}</tr></table>'
    )


def _section(section: Section, image_src: Callable[[Image], str]) -> str:
    style = f"font-size:16px;line-height:1.35;font-weight:600;margin:26px 0 6px;{_BREAK}"
    parts = [f'<h2 style="{style}">{_escaped(section.heading)}</h2>']
    if section.lines:
        parts.append(_table("", "\n".join(map(_line, section.lines))))
    return "\n".join([*parts, _report(section.report, image_src)])


def _line(line: Line) -> str:
    colour, sign = _COLOURS[line.tone]
    style = f"padding:8px 0 8px 12px;border-bottom:1px solid {_RULE};{_BREAK}"
    badge = f"padding:8px;color:{colour};border-bottom:1px solid {_RULE};font-weight:600"
    badge += f";border-left:4px solid {colour}"
    name = f"<b>{_escaped(line.name)}</b>"
    if line.address:
        link = "color:#0b5cad;text-decoration:none"
        name = f'<a href="{escape(line.address)}" style="{link}">{name}</a>'
    return (
        f'<tr><td width="118" valign="top" class="tone-{line.tone}" style="{badge}">'
        f'{sign}&nbsp;{_escaped(line.outcome)}</td><td valign="top" style="{style}">{name}<br>'
        f"{_escaped(line.text)}</td></tr>"
    )


def _report(report: Report, image_src: Callable[[Image], str]) -> str:
    return "\n".join(
        _diff(item.text)
        if isinstance(item, Code) and item.language == "diff"
        else render_html((item,), image_src=image_src, styles=_STYLES, frames=_FRAMES)
        for item in report
    )


def _diff(text: str) -> str:
    before, behind = _CODE
    lines = "\n".join(map(_diff_line, clean(text).split("\n")))
    return f'{before}<pre style="{_STYLES["pre"]}">{lines}</pre>{behind}'


def _diff_line(line: str) -> str:
    kinds = {"+": ("came", "#dafbe1", "#0b4a1d"), "-": ("went", "#ffe3e0", "#7d1a12")}
    if line[:1] not in kinds:
        return _escaped(line)
    name, ground, ink = kinds[line[0]]
    style = f"background-color:{ground};color:{ink}"
    return f'<span class="{name}" style="{style}">{_escaped(line)}</span>'


def _table(style: str, rows: str) -> str:
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
        f' style="{style}">\n{rows}\n</table>'
    )


def _any_source(image: Image) -> str:
    return f"cid:{image.media_type:>50}"


def _escaped(text: str) -> str:
    return escape(clean(text))
