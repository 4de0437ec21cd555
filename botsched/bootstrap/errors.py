"""The one error of preparing an environment."""


class BootstrapError(Exception):
    """This machine lacks something; the message says what, and how to get it."""
