"""A job with an argument of each type, which returns what it was given."""

from botsched.job import JobBase


class EveryType(JobBase):
    info = {
        "job_class_name": "Every type",
        "notes": "Takes one of each.",
        "arguments": [
            {"type": "string", "name": "host", "description": "a host", "required": True},
            {"type": "integer", "name": "port"},
            {"type": "boolean", "name": "verbose"},
            {"type": "list", "name": "paths", "description": "paths"},
            {"type": "choice", "name": "kind", "choices": ["full", "changes"]},
            {"type": "file", "name": "hosts"},
            {"type": "secret", "name": "password"},
            {"type": "any", "name": "more", "multiline": True},
        ],
        "example_arguments": ["example.com", 443],
    }

    def run(self, host, port=443, verbose=False, paths=(), kind="full", hosts=None, password=None,
            more=None):  # fmt: skip
        print("the password is", password)
        return [host, port, verbose, paths, kind, password, more]


class Hidden(JobBase):
    info = {"enabled": False, "job_class_name": "Not offered"}

    def run(self):
        pass
