"""Runs a command as cron runs a line of a crontab."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

from botscheduler import *

_KEPT = ("LANG", "LANGUAGE", "LC_", "BOTS_EXECUTION_ID")  # the last one finds what a run left over


class CronCommand(JobBase):
    info = {
        "job_class_name": "Command of a crontab",
        "notes": "Runs a line of shell as cron does: in the user's home folder, with little in its "
        "environment (PATH is /usr/bin:/bin), and with what it reads.\n"
        "Its output is shown while it runs; an exit code other than 0 is a failure.",
        "arguments": [
            {
                "type": "string",
                "name": "command",
                "description": "the line of shell; a percent sign is nothing special",
                "required": True,
                "multiline": True,
            },
            {
                "type": "string",
                "name": "user",
                "description": "who runs it; another user than the server's needs a server of root",
            },
            {
                "type": "list",
                "name": "environment",
                "description": "variables as NAME=value; SHELL names the shell, HOME the folder",
            },
            {
                "type": "string",
                "name": "stdin",
                "description": "what the command reads from its standard input",
                "multiline": True,
            },
        ],
        "example_arguments": '{"command": "run-parts /etc/cron.hourly", "user": "root"}',
        "report_title": "Command of a crontab",
        "enabled": True,
    }

    def run(self, command, user=None, environment=(), stdin=""):
        account = _account(user)
        variables = _variables(account, environment)
        home = variables["HOME"] if Path(variables["HOME"]).is_dir() else "/"
        sys.stdout.flush()
        try:
            ended = subprocess.run(
                [variables["SHELL"], "-c", command],
                input=(stdin or "").encode(),
                env=variables,
                cwd=home,
                check=False,
                **_identity(account),
            )
        except OSError as error:
            raise JobError(
                f"{variables['SHELL']} cannot be started in {home} as {account.pw_name}: "
                f"{error.strerror}."
            ) from error
        if ended.returncode < 0:
            raise JobError(f"The command was ended by {signal.Signals(-ended.returncode).name}.")
        if ended.returncode > 0:
            raise JobError(f"The command ended with exit code {ended.returncode}.")


def _account(user):
    try:
        return pwd.getpwnam(user) if user else pwd.getpwuid(os.geteuid())
    except KeyError:
        raise JobError(f"There is no user {user or os.geteuid()!r} on this machine.") from None


def _variables(account, environment):
    variables = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    variables |= {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "HOME": account.pw_dir}
    variables["USER"] = account.pw_name
    for line in environment or ():
        name, equal, value = str(line).partition("=")
        if not name or not equal or "\0" in line:
            raise JobError(f"{line!r} is no variable; write NAME=value.")
        variables[name] = value
    return variables | {"LOGNAME": account.pw_name}  # which no crontab changes either


def _identity(account):
    if account.pw_uid == os.geteuid():
        return {}
    if os.geteuid() != 0:
        server = _account(None).pw_name
        raise JobError(
            f"It is to run as {account.pw_name}, which only a server of root can do, and this one "
            f"is of {server}. Run the server as root, or change the user of the job."
        )
    groups = os.getgrouplist(account.pw_name, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}
