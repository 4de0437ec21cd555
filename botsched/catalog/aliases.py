"""The import names that job classes written for ndscheduler use."""

import sys
from types import ModuleType

from botsched.job import JobBase

_PACKAGES = ("ndscheduler", "ndscheduler.corescheduler")


def install_aliases() -> None:
    """Make ``ndscheduler.job`` and ``ndscheduler.corescheduler.job`` name our job API.

    An installed ndscheduler is shadowed: a job class of it could not be run here.
    """
    for package in _PACKAGES:
        sys.modules[package] = _module(package, __path__=[])
    for package in _PACKAGES:
        sys.modules[f"{package}.job"] = _module(f"{package}.job", JobBase=JobBase)
        vars(sys.modules[package])["job"] = sys.modules[f"{package}.job"]
    vars(sys.modules["ndscheduler"])["corescheduler"] = sys.modules["ndscheduler.corescheduler"]


def _module(name: str, **attributes: object) -> ModuleType:
    module = ModuleType(name, "Alias of botsched.job.")
    vars(module).update(attributes)
    return module
