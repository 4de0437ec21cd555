"""Data files."""

from typing import Any, Final

from botsched.web.spec.operations import Paths, operation
from botsched.web.spec.schemas import Schema, array, instant, named, record, text, whole

TAG = "Data files"
ABOUT = "What users upload for jobs to read. Jobs take them by name."

_UPLOAD: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "The file, at most 64 MiB, with its name.",
                    }
                },
                "required": ["file"],
            }
        }
    },
}

SCHEMAS: Final[dict[str, Schema]] = {
    "File": record(
        "A data file.",
        {
            "filename": text("Its name."),
            "user": text("Who uploaded it."),
            "created_time": instant("When."),
            "entries": whole("How many lines are neither empty nor a comment."),
            "description": text("The first line when it is a `#` comment."),
        },
    ),
    "FileName": record("The file.", {"file": text("The name of the file.", example="hosts.txt")}),
}

PATHS: Final[Paths] = {
    "/api/v1/files": {
        "get": operation(
            "listFiles",
            "List files by name",
            record("All files.", {"files": array(named("File"))}),
        ),
        "post": operation(
            "uploadFile",
            "Upload a file, in place of one of that name",
            named("FileName"),
            status=201,
            body=_UPLOAD,
        ),
    },
    "/api/v1/files/{name}": {
        "delete": operation("deleteFile", "Delete a file", named("FileName"), errors=[404, 422]),
        "options": operation(
            "hasFile", "Tell whether a file exists", named("FileName"), errors=[404, 422]
        ),
    },
}
