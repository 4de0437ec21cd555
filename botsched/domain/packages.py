"""What a job folder is called in Python."""

from pathlib import Path


def outermost(folder: Path) -> Path:
    """The package that a folder lies in, or the folder itself.

    A folder with an ``__init__.py`` belongs to the package around it, as Python has it.
    """
    while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def package_name(folder: Path) -> str:
    """The dotted name, as ``simple_scheduler.jobs``; of a folder in no package, its own name."""
    return ".".join(folder.relative_to(outermost(folder).parent).parts)
