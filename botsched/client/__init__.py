"""The Python client: jobs, executions and files of a server, by its REST API."""

from botsched.client.client import Client
from botsched.client.errors import (
    CertificateError,
    ClientError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    InvalidError,
    LoginError,
    NoPasswordError,
    NotFoundError,
    RefusedError,
    ServerError,
    StillRunningError,
    ThrottledError,
)
from botsched.client.values import DataFile, Execution, Job, LogEntry, Mail, Output

__all__ = [
    "CertificateError",
    "Client",
    "ClientError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DataFile",
    "Execution",
    "ForbiddenError",
    "InvalidError",
    "Job",
    "LogEntry",
    "LoginError",
    "Mail",
    "NoPasswordError",
    "NotFoundError",
    "Output",
    "RefusedError",
    "ServerError",
    "StillRunningError",
    "ThrottledError",
]
