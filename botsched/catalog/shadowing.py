"""The names by which job classes written for ndscheduler import our job API."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import botsched

_PACKAGE = "ndscheduler"
_INIT = Path(botsched.__file__).parents[1] / _PACKAGE / "__init__.py"


def shadow_ndscheduler() -> None:
    """Have ``import ndscheduler`` mean the package that comes along, whatever else is found first.

    A job class of ndscheduler itself could not be run here.
    """
    if getattr(sys.modules.get(_PACKAGE), "__file__", None) == str(_INIT):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]
    spec = spec_from_file_location(_PACKAGE, _INIT, submodule_search_locations=[str(_INIT.parent)])
    assert spec is not None, "a file has a loader"
    assert spec.loader is not None, "a file has a loader"
    module = sys.modules[_PACKAGE] = module_from_spec(spec)
    spec.loader.exec_module(module)
