"""Loads job folders: classes to run by name, and an entry for whatever could not be loaded."""

from botsched.catalog.catalogue import Catalogue, CatalogueDescription, ImportFailure
from botsched.catalog.discovery import fingerprint
from botsched.catalog.loader import load
from botsched.job.declared import Argument
from botsched.job.info import JobClassInfo

__all__ = [
    "Argument",
    "Catalogue",
    "CatalogueDescription",
    "ImportFailure",
    "JobClassInfo",
    "fingerprint",
    "load",
]
