"""What authors of jobs import: the base class, the report decorator and the report items."""

from botsched.job.base import JobBase, JobError
from botsched.job.reporting import report
from botsched.reports import (
    Code,
    Data,
    File,
    Image,
    List,
    Plot,
    Section,
    Subsection,
    Table,
    Text,
    Title,
)

__all__ = [
    "Code",
    "Data",
    "File",
    "Image",
    "JobBase",
    "JobError",
    "List",
    "Plot",
    "Section",
    "Subsection",
    "Table",
    "Text",
    "Title",
    "report",
]
