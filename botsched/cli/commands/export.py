"""``export``: jobs as files."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from botsched.cli.commands.apply import FLAGS
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.remote.connecting import user_flag
from botsched.errors import SettingsError
from botsched.settings.load import load_settings

_FORMS = ("toml", "json")


@click.command(cls=SettingsCommand, short_help="Write jobs into files.")
@click.option(
    "--output", metavar="FOLDER", type=click.Path(path_type=Path), help="Write files there."
)
@click.option("--job", "wanted", metavar="JOB", multiple=True, help="Only jobs of this id or name.")
@click.option("--set", "name", metavar="NAME", help="Only jobs that this set manages.")
@click.option(
    "--format", "form", metavar="FORM", type=click.Choice(_FORMS), default="toml",
    help="toml or json. [toml]",
)  # fmt: skip
@click.option("--server", metavar="SERVER", help="Of a server, through its REST API.")
@user_flag
@settings_flags(*FLAGS)
def export(
    output: Path | None,
    wanted: tuple[str, ...],
    name: str | None,
    form: str,
    server: str | None,
    user: str | None,
    **flags: object,
) -> int:
    """Write jobs into files, one each, as "apply" and POST /api/v1/jobs take them.

    Without --output they are shown. A file that is there keeps its name, and is left as it is when
    nothing changed. What is as usual is left off. The database is only read; a server may be
    running on it.
    """
    from botsched.cli.places import place_of
    from botsched.moving.files.content import Form, members_of
    from botsched.moving.files.folder import write_files

    with place_of(server, user, partial(load_settings, flags), "") as place:
        jobs = [members_of(job) for job in _chosen(place.jobs(), wanted, name)]
    if output is None:
        _show(jobs, Form(form))
        return 0
    written = write_files(output, jobs, Form(form))
    for word, paths in (("new", written.made), ("changed", written.changed)):
        for path in paths:
            click.echo(f"{word:8} {path}")
    for path in written.others:
        click.echo(f"left     {path} (its job is not among these)")
    counts = (len(written.made), len(written.changed), len(written.unchanged))
    click.echo("{} new, {} changed, {} as they were.".format(*counts))
    return 0


def _chosen(
    jobs: Sequence[Mapping[str, Any]], wanted: Sequence[str], name: str | None
) -> list[Mapping[str, Any]]:
    """Those of these jobs that are wanted. Raises SettingsError for a word that names none."""
    names = [{job["job_id"], job["name"]} for job in jobs]
    missing = [word for word in wanted if not any(word in each for each in names)]
    if missing:
        raise SettingsError(*(f"--job {word}: there is no job {word!r}." for word in missing))
    return [
        job
        for job, known in zip(jobs, names, strict=True)
        if (not wanted or known & set(wanted)) and name in (None, job["managed_by"])
    ]


def _show(jobs: Sequence[dict[str, Any]], form: Any) -> None:
    from botsched.moving.files.content import text_of
    from botsched.moving.files.folder import file_name

    for number, job in enumerate(jobs):
        name = file_name(job, form)
        if len(jobs) > 1:
            click.echo(f"{chr(10) if number else ''}# {name}")
        click.echo(text_of(job, type(form)(name.rpartition(".")[2])), nl=False)
