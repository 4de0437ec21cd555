"""What a server leaves behind, and putting it out of the way without losing it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from botsched.errors import StartError
from botsched.settings.load import STATE_FOLDER
from botsched.settings.shipped import shipped

TEMPLATES = ("smtp.ini", "notify.ini", "db.ini", "secrets.ini")


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done: ``saved`` moves into the backup, ``removed`` can be made again.

    ``restored`` maps a configuration file to the template that takes its place.
    """

    saved: tuple[Path, ...]
    removed: tuple[Path, ...]
    restored: tuple[tuple[Path, Path], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.saved or self.removed or self.restored)


def plan(
    folder: Path,
    database: Path | None,
    job_folders: tuple[Path, ...],
    *,
    with_database: bool,
    with_configuration: bool,
) -> Plan:
    """Look at what there is in the working folder, the job folders and beside the database."""
    restored = tuple(_restorable(folder)) if with_configuration else ()
    saved = [folder / STATE_FOLDER, *(path for path, _ in restored)]
    removed = [path for jobs in job_folders for path in _compiled(jobs, folder)]
    if database is not None and with_database:
        saved += [Path(f"{database}{end}") for end in ("", "-wal", "-shm")]
    return Plan(
        saved=tuple(path for path in saved if path.exists()),
        removed=tuple(path for path in removed if path.exists()),
        restored=restored,
    )


def _compiled(jobs: Path, folder: Path) -> list[Path]:
    """Return the folders of compiled modules; those of an installed package are the installer's."""
    if jobs == shipped("jobs") and not jobs.is_relative_to(folder):
        return []
    return [path for path in sorted(jobs.rglob("__pycache__")) if not path.is_symlink()]


def _restorable(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each configuration file that is not as its template, and the template."""
    for name in TEMPLATES:
        file, template = folder / "conf" / name, shipped("conf") / f"{name}.template"
        if not file.exists() or file.read_bytes() != template.read_bytes():
            yield file, template


def carry_out(plan: Plan, folder: Path) -> Path | None:
    """Do what the plan says; return the backup folder, None when nothing had to be saved."""
    try:
        backup = _new_folder(folder) if plan.saved else None
    except OSError as error:
        raise StartError(
            f"No backup folder can be made in {folder}: {error.strerror}. Nothing was moved."
        ) from error
    try:
        if backup is not None:
            _save(plan.saved, folder, backup)
        for path in plan.removed:
            _remove(path)
        for file, template in plan.restored:
            file.parent.mkdir(exist_ok=True)
            shutil.copyfile(template, file)
            file.chmod(0o600)  # passwords will be written there
    except OSError as error:
        where = f"What was moved is in {backup}." if backup else "Nothing was moved."
        raise StartError(f"Cannot go on: {error.filename}: {error.strerror}. {where}") from error
    return backup


def _save(paths: tuple[Path, ...], folder: Path, backup: Path) -> None:
    for path in paths:
        inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
        target = backup / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)


def _new_folder(folder: Path) -> Path:
    name = f"backup-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for attempt in range(1, 100):
        path = folder / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return path
    raise StartError(f"There are too many backups named {name} already.")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
