"""Jobs that end in every way."""

import sys

from botscheduler import JobBase, JobError


class Succeeds(JobBase):
    """Ends well, with what it was given as its result."""

    info = {
        "job_class_name": "End well",
        "notes": "Returns its argument.",
        "arguments": [{"type": "string", "name": "result", "description": "what to return"}],
        "example_arguments": '["done"]',
    }

    def run(self, result=None):
        print("done")
        return result


class Fails(JobBase):
    """Ends with a reason."""

    info = {
        "job_class_name": "End badly",
        "notes": "Fails, for the reason that it is given.",
        "arguments": [{"type": "string", "name": "reason", "description": "why it fails"}],
        "example_arguments": '["The disk is full."]',
    }

    def run(self, reason="The disk is full."):
        print("looking for a place", file=sys.stderr)
        raise JobError(reason)


class Raises(JobBase):
    """Ends as code with a mistake does."""

    info = {"job_class_name": "Raise an exception", "notes": "Divides by zero."}

    def run(self):
        return 1 / 0
