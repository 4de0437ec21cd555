"""Report items as values, stored as JSON and rendered to escaped HTML and to plain text."""

from botsched.reports.clean import clean
from botsched.reports.data import from_data, to_data, with_texts
from botsched.reports.document import render_document
from botsched.reports.file import File
from botsched.reports.html import render_html
from botsched.reports.image import Image
from botsched.reports.items import (
    Code,
    Data,
    Item,
    List,
    Report,
    Section,
    Subsection,
    Table,
    Text,
    Title,
    as_report,
)
from botsched.reports.plots.item import Plot
from botsched.reports.tabular import tables, to_csv
from botsched.reports.text import render_text
from botsched.reports.walk import files_of

__all__ = [
    "Code",
    "Data",
    "File",
    "Image",
    "Item",
    "List",
    "Plot",
    "Report",
    "Section",
    "Subsection",
    "Table",
    "Text",
    "Title",
    "as_report",
    "clean",
    "files_of",
    "from_data",
    "render_document",
    "render_html",
    "render_text",
    "tables",
    "to_csv",
    "to_data",
    "with_texts",
]
