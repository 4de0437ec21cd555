from collections.abc import Callable
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.settings.load import load_settings
from botsched.settings.model import Settings

Load = Callable[..., Settings]
FaultsOf = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load_settings`` in an empty working folder, with nothing in the environment."""

    def load(environ: dict[str, str] | None = None, **flags: object) -> Settings:
        return load_settings(flags, environ=environ or {}, folder=tmp_path)

    return load


@pytest.fixture
def faults_of(load: Load) -> FaultsOf:
    """The faults that loading these settings reports."""

    def faults_of(environ: dict[str, str] | None = None, **flags: object) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            load(environ, **flags)
        return list(caught.value.faults)

    return faults_of
