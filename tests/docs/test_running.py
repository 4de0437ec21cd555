"""What the pages say of flags, exit codes and INI fields is what the program does."""

import re
from pathlib import Path

from botsched.cli import exits
from botsched.cli.program import program
from botsched.errors import BotsError, SettingsError, StartError, StoreError
from botsched.settings import database, mailing, smtp
from botsched.settings.describe import markdown
from botsched.settings.options import OPTIONS
from botsched.settings.shipped import shipped

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->"


def test_the_flags_of_the_page_are_those_of_the_program() -> None:
    page = (DOCS / "running.md").read_text()
    before, _, rest = page.partition(BEGIN)
    shown, _, after = rest.partition(END)

    assert shown == markdown(), "put the output of botsched.settings.describe.markdown() there"
    assert before
    assert after


def test_every_flag_that_the_pages_name_exists() -> None:
    known = {flag for option in OPTIONS for flag in (option.flag, option.negative)}
    for command in program.commands.values():
        for inner in (command, *getattr(command, "commands", {}).values()):
            known |= {flag for parameter in inner.params for flag in parameter.opts}
    known |= {"--help", "--version"}

    for page in ("running.md", "settings.md"):
        named = set(re.findall(r"`(--[a-z-]+)", (DOCS / page).read_text()))
        assert named - known == set(), page


def test_every_command_has_its_heading() -> None:
    headings = re.findall(r"^## `(\w+)`", (DOCS / "running.md").read_text(), re.MULTILINE)

    assert sorted(headings) == sorted(program.commands)


def test_the_exit_codes_are_told() -> None:
    rows = re.findall(r"^\| (\d+) \|", (DOCS / "settings.md").read_text(), re.MULTILINE)
    codes = {
        exits.exit_code(kind("")) for kind in (BotsError, SettingsError, StartError, StoreError)
    }

    assert {int(row) for row in rows} == codes | {0, exits.UNEXPECTED, exits.INTERRUPTED}


def test_every_field_of_the_files_is_in_page_and_template() -> None:
    page = (DOCS / "settings.md").read_text()
    for name, fields in (
        ("smtp.ini", smtp.FIELDS),
        ("notify.ini", (*mailing.DEFAULTS_FIELDS, *mailing.RULE_FIELDS)),
        ("db.ini", (*database.SQLITE_FIELDS, *database.SERVER_FIELDS, "sslmode")),
    ):
        template = (shipped("conf") / f"{name}.template").read_text()
        for field in fields:
            assert f"`{field}`" in page
            assert re.search(rf"\b{field} = ", template), f"{field} in {name}"


def test_the_templates_can_be_read_as_they_are() -> None:
    [profile] = smtp.load_profiles(shipped("conf") / "smtp.ini.template", ("ops",))

    assert len(profile.recipients) == 2
