"""Calls a function of a Python script anywhere on the machine."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from botscheduler import *


class PythonFunction(JobBase):
    info = {
        "job_class_name": "Python function",
        "notes": "Calls a function of a Python script; what it returns is the result.\n"
        "The script is imported with its own folder on the search path, and read anew each time.",
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
        script = Path(path).expanduser().resolve()
        if script.suffix != ".py" or not script.is_file():
            raise JobError(f"There is no Python script {path}.")
        sys.path.insert(0, str(script.parent))  # this process runs nothing else
        spec = spec_from_file_location(script.stem, script)
        module = module_from_spec(spec)
        sys.modules.setdefault(script.stem, module)  # but a json.py does not replace the real one
        spec.loader.exec_module(module)
        target = getattr(module, function, None)
        if not callable(target):
            raise JobError(f"{script} has no function {function!r}.")
        return target(*arguments, **named)
