"""Make a virtual environment with pinned packages, once, and know when it is ready.

Written for any Python from 3.6 on, standard library only. A stamp written last says that an
environment is whole: whatever interrupts the work, the next start sees no stamp and begins anew
(what was downloaded comes out of pip's cache).
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from botsched.bootstrap import pythons
from botsched.bootstrap.errors import BootstrapError

_STAMP = "bots-scheduler.json"

# How pip announces a package: from an index, or from a file of this machine.
_PACKAGE = re.compile(r"\s*(?:Collecting ([\w.-]+)==|Processing \S*/([\w.]+)-)(\d[\w.]*)")


class Environment(NamedTuple):
    """A folder beside the code of ``tree``, and the kinds of requirements that go into it.

    ``version`` is for an environment of one minor version of Python, not of the newest.
    """

    tree: Path
    name: str
    kinds: Tuple[str, ...]
    version: Optional[Tuple[int, int]] = None

    @property
    def folder(self) -> Path:
        """Where the environment is."""
        return self.tree / self.name

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"


def ensure(environment: Environment) -> Path:
    """Return the interpreter of the environment, making that first where needed.

    Raises BootstrapError when the machine lacks something.
    """
    if not _is_ready(environment):
        try:
            with _lock(environment) as lock:
                if not _is_ready(environment):
                    _make(environment, pythons.choose(environment.version), lock)
        except OSError as error:
            raise BootstrapError(f"Cannot prepare {environment.folder}: {error}.") from error
    return environment.python


def _is_ready(environment: Environment) -> bool:
    stamp = _read_stamp(environment)
    asked = os.environ.get(pythons.CHOICE)
    return (
        "pins" in stamp
        and (not asked or environment.version is not None or asked == stamp["asked"])
        and stamp["python"] == os.path.realpath(str(environment.python))
        and stamp["tree"] == str(environment.tree)
        and stamp["pins"] == _pins(environment, stamp["version"])
    )


def _read_stamp(environment: Environment) -> Dict[str, Any]:
    try:
        stamp = json.loads((environment.folder / _STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(environment: Environment, stamp: Dict[str, Any]) -> None:
    path = environment.folder / _STAMP
    part = path.with_suffix(".part")
    part.write_text(json.dumps(stamp, indent=1))
    part.replace(path)


def _requirements(environment: Environment, version: List[int]) -> List[Path]:
    """Return the files of pinned packages; Python 3.11 resolves differently from what follows."""
    pinned_for = "3.11" if tuple(version) < (3, 12) else "3.12"
    folder = environment.tree / "requirements"
    return [folder / f"{kind}-{pinned_for}.txt" for kind in environment.kinds]


def _pins(environment: Environment, version: List[int]) -> str:
    return "".join(path.read_text() for path in _requirements(environment, version))


@contextmanager
def _lock(environment: Environment) -> Iterator[int]:
    """Hold the environment for one process at a time.

    The children inherit the descriptor: a pip that outlives a killed launcher still holds it.
    """
    path = environment.tree / f"{environment.name}.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"Another start is preparing {environment.name}; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _make(environment: Environment, python: pythons.Python, lock: int) -> None:
    _say(f"Preparing {environment.folder} with {python}, once.")
    _clear(environment)
    with (environment.folder / "install.log").open("w+") as log:
        steps = _Steps(log, lock)
        steps.run([python.path, "-I", "-m", "venv", str(environment.folder)])
        steps.install(environment.python, _requirements(environment, list(python.version)))
    _name_the_tree(environment)
    stamp = {
        "asked": os.environ.get(pythons.CHOICE),
        "python": os.path.realpath(str(environment.python)),
        "version": python.version,
        "tree": str(environment.tree),
        "pins": _pins(environment, list(python.version)),
    }
    _write_stamp(environment, stamp)
    _say("Ready.")


def _clear(environment: Environment) -> None:
    """Leave an empty folder that is marked as ours; refuse one that somebody else filled."""
    folder = environment.folder
    ours = (folder / _STAMP).exists() or (folder / _STAMP).with_suffix(".part").exists()
    if folder.exists() and any(folder.iterdir()) and not ours:
        raise BootstrapError(f"{folder} was not made by bots-scheduler: move it out of the way.")
    folder.mkdir(exist_ok=True)
    _write_stamp(environment, {})  # first: a clearing cut short is ours, and not ready
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.name != _STAMP:
            path.unlink()


def _name_the_tree(environment: Environment) -> None:
    """Let the environment import the tree's packages from any working folder."""
    [packages] = environment.folder.glob("lib/python3*/site-packages")
    (packages / "bots-scheduler.pth").write_text(f"{environment.tree}\n")


class _Steps:
    """Runs the steps of making an environment, keeping what they print in a log file."""

    def __init__(self, log: IO[str], lock: int) -> None:
        self._log = log
        self._lock = lock
        self._total = 0
        self._done = 0

    def install(self, python: Path, requirements: List[Path]) -> None:
        """Install the pinned packages; every one is listed, so nothing is left to resolve."""
        texts = [path.read_text() for path in requirements]
        self._total = sum(line[:1].isalnum() for text in texts for line in text.splitlines())
        command = [str(python), "-I", "-m", "pip", "install", "--no-deps", "--no-user"]
        command += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        for path in requirements:
            command += ["-r", str(path)]
        self.run(command)

    def run(self, command: List[str]) -> None:
        """Run a command, one line shown for each package; raise BootstrapError if it fails."""
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
            pass_fds=[self._lock],
        ) as process:
            for line in process.stdout or ():
                self._log.write(line)
                self._show(line)
        if process.returncode:
            self._log.flush()
            self._log.seek(0)
            raise BootstrapError(_explain(self._log.read(), self._log.name))

    def _show(self, line: str) -> None:
        package = _PACKAGE.match(line)
        if package:
            self._done += 1
            indexed, local, version = package.groups()
            _say(f"  [{self._done}/{self._total}] {indexed or local} {version}")
        elif line.startswith("Installing collected packages"):
            _say("  unpacking")


def _explain(output: str, log: str) -> str:
    """Return why a step failed in one paragraph: what the tool said last, and the likely cure."""
    errors = [line for line in output.splitlines() if line.lstrip().lower().startswith("error")]
    said = (errors or output.strip().splitlines() or ["no reason given"])[-1].strip()
    if "connection broken by" in output:
        said = "No package index can be reached: is there a network, is pip's configuration right?"
    elif "No matching distribution" in said:
        said += ". Is pip's package index complete (pip config list)?"
    return f"{said}\nThe packages are not installed; start again to retry. All output: {log}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
