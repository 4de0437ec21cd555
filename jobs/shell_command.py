"""Runs a program or a line of shell."""

import signal
import subprocess
import sys

from botscheduler import *


class ShellCommand(JobBase):
    info = {
        "job_class_name": "Shell command",
        "notes": "Runs a program with its arguments, or a single text through /bin/sh.\n"
        "Its output is shown while it runs; an exit code other than 0 is a failure.",
        "arguments": [
            {
                "type": "string",
                "name": "command",
                "description": "the program, or a whole line of shell",
                "required": True,
                "multiline": True,
            },
            {"type": "string", "description": "arguments of the program, as many as it takes"},
        ],
        "example_arguments": '["tar -cz /etc | wc -c"]',
        "report_title": "Shell command",
        "enabled": True,
    }

    def run(self, command, *arguments):
        argv = [str(part) for part in (command, *arguments)]
        sys.stdout.flush()  # what was printed here comes before the output of the program
        try:
            if arguments:
                ended = subprocess.run(argv, stdin=subprocess.DEVNULL, check=False)
            else:  # one text is meant for the shell, as in a crontab
                ended = subprocess.run(argv[0], shell=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S602
        except OSError as error:
            raise JobError(f"{argv[0]} cannot be started: {error.strerror}.") from error
        if ended.returncode < 0:
            raise JobError(f"The command was ended by {signal.Signals(-ended.returncode).name}.")
        if ended.returncode > 0:
            raise JobError(f"The command ended with exit code {ended.returncode}.")
