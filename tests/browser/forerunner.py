"""The page of ndscheduler, as it was published; nothing of it is kept here."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

_RELEASE = (
    "ndscheduler==0.3.0"
    " --hash=sha256:69fe97f33cd04a1061a3552da5dabf7e3fe9d58c7d0b89c16a8d6b46a2bcbb36\n"
)


def page_of_ndscheduler(folder: Path) -> Path:
    """Download the release, and unpack its page; skips the test where that cannot be done."""
    wanted = folder / "wanted.txt"
    wanted.write_text(_RELEASE)
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "-d", folder, "-r", wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        pytest.skip(f"ndscheduler cannot be downloaded: {done.stderr.strip().splitlines()[-1]}")
    [wheel] = folder.glob("ndscheduler-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder / "ndscheduler" / "static"
