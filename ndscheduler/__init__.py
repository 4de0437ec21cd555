"""What programs and jobs written for ndscheduler import, on top of bots-scheduler."""

import importlib
import os
from types import ModuleType
from typing import Any

from ndscheduler import default_settings

ENVIRONMENT_VARIABLE = "NDSCHEDULER_SETTINGS_MODULE"


class Settings:
    """The constants of the module that ``NDSCHEDULER_SETTINGS_MODULE`` names, over the defaults.

    The module is imported when the first one is asked for. Raises ImportError when it cannot be.
    """

    def __init__(self) -> None:
        self._given: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if name.isupper():
            given = self.given()
            if name in given:
                return given[name]
            if hasattr(default_settings, name):
                return getattr(default_settings, name)
        raise AttributeError(f"There is no setting {name!r}.")

    def given(self) -> dict[str, Any]:
        """Those that the module sets."""
        name = os.environ.get(ENVIRONMENT_VARIABLE)
        if name is None:
            return {}
        if self._given is None:
            self._given = importlib.import_module(name)
        return {key: value for key, value in vars(self._given).items() if key.isupper()}


settings = Settings()
