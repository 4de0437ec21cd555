"""The table of options as Markdown, for the documentation."""

from collections.abc import Iterator

from botsched.settings.options import GROUPS, OPTIONS, Option


def markdown() -> str:
    """Return a section with a table for each group; a test holds ``docs/running.md`` to it."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for group in GROUPS:
        yield f"### {group}\n"
        yield "| flag | default | variable | meaning |"
        yield "|---|---|---|---|"
        yield from (_row(option) for option in OPTIONS if option.group == group)
        yield ""


def _row(option: Option) -> str:
    flags = [flag for flag in (option.short, option.flag, option.negative) if flag]
    flag = ", ".join(f"`{text}`" for text in flags)
    if not option.is_switch:
        flag += f" {option.kind.metavar}"
    default = f"`{option.default}`" if option.default else ""
    variables = ", ".join(f"`{name}`" for name in (option.variable, option.legacy) if name)
    return f"| {flag} | {default} | {variables} | {option.help} |"
