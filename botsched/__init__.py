"""bots-scheduler: scheduled jobs for servers, each due instant with one recorded fate."""

__version__ = "0.1.0"
