"""Calls a function of a Python script anywhere on the machine.

The script is loaded as by ``python script.py``: from its text as it is now, with what lies beside
it before all else but Python's own modules, and with its path as the only word of ``sys.argv``. But
its name is not ``__main__``, so that only its functions are defined.
"""

import sys
from difflib import get_close_matches
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from inspect import iscoroutinefunction, isgeneratorfunction
from pathlib import Path

from botscheduler import *

KEPT = {*sys.stdlib_module_names, "__main__", "botsched", "botscheduler"}


class PythonFunction(JobBase):
    info = {
        "job_class_name": "Python function",
        "notes": "Calls a function of a Python script; what it returns is the result.\n"
        "The script is loaded anew each time, with its own folder on the search path.",
        "arguments": [
            {
                "type": "string",
                "name": "path",
                "description": "path of the script",
                "required": True,
            },
            {
                "type": "string",
                "name": "function",
                "description": "name of the function",
                "required": True,
            },
            {"type": "any", "description": "arguments of the function, as many as it takes"},
        ],
        "example_arguments": '["/srv/scripts/report.py", "send", "weekly", 7]',
        "report_title": "Python function",
        "enabled": True,
    }

    def run(self, path, function, *arguments, **named):
        module = load(existing(path))
        target = getattr(module, function, None)
        if not callable(target):
            raise JobError(
                f"{module.__file__} has no function {function!r}{near(function, module)}."
            )
        if iscoroutinefunction(target) or isgeneratorfunction(target):
            raise JobError(
                f"{module.__file__}: {function!r} is async or yields, so that a call runs nothing "
                "of it. Name a function that runs it, as asyncio.run or a loop does."
            )
        return target(*arguments, **named)


def existing(path):
    script = Path(path).expanduser().resolve()
    try:
        with script.open("rb"):
            return script
    except OSError as error:
        raise JobError(
            f"There is no Python script {path} that can be read ({error.strerror}); "
            "give the whole path of a file on the machine of the scheduler."
        ) from None


def load(script):
    forget_namesakes(script.parent)
    sys.path.insert(0, str(script.parent))  # this process runs nothing else
    sys.argv = [str(script)]
    loader = SourceFileLoader(script.stem, str(script))
    module = module_from_spec(spec_from_loader(script.stem, loader))
    sys.modules.setdefault(script.stem, module)  # but a json.py does not replace the real one
    try:
        # Not by the loader, which may take what was compiled of an earlier text in the same second.
        exec(compile(script.read_bytes(), script, "exec"), vars(module))  # noqa: S102
    except ModuleNotFoundError as error:
        raise JobError(
            f"{script} cannot be loaded: {error.msg}. "
            f"Put it beside the script, or install it for {sys.executable}."
        ) from error
    except SystemExit:
        raise JobError(
            f"{script} ends itself while it is loaded, before any function can be called. "
            'Put what is for the command line below if __name__ == "__main__":'
        ) from None
    return module


def forget_namesakes(folder):
    """So that the script's ``import jobs`` means the jobs.py beside it, not our folder."""
    packages = {name.partition(".")[0] for name in sys.modules} - KEPT
    beside = {name for name in packages if is_module(folder / name)}
    for name in list(sys.modules):
        if name.partition(".")[0] in beside:
            del sys.modules[name]


def is_module(path):
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def near(function, module):
    own = [name for name, value in vars(module).items() if callable(value)]
    found = get_close_matches(function, own, n=1)
    return f"; {found[0]} is near" if found else ""
