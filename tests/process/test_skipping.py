"""The rule of ``tests/conftest.py`` that nothing may be skipped under CI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SKIPPED_TEST = "import pytest\n@pytest.mark.skip(reason='no browser')\ndef test_page(): pass\n"
SKIPPED_MODULE = "import pytest\npytest.skip('no browser', allow_module_level=True)\n"


@pytest.mark.slow
def test_a_skip_is_a_failure_under_ci_only(tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_page.py").write_text(SKIPPED_TEST)
    (tmp_path / "test_pages.py").write_text(SKIPPED_MODULE)

    assert "2 skipped" in pytest_says(tmp_path, ci="")

    refused = pytest_says(tmp_path, ci="true")
    assert "2 errors" in refused
    assert "Skipped, but under CI nothing may be skipped" in refused


def pytest_says(folder: Path, ci: str) -> str:
    flags = ["-p", "no:cacheprovider", "--continue-on-collection-errors"]
    command = [sys.executable, "-m", "pytest", *flags, str(folder)]
    environ = {**os.environ, "CI": ci}
    ended = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    return ended.stdout
