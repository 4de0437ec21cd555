"""Data files."""

from typing import Any, Final

from botsched.web.spec.operations import Paths, body, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    flag,
    instant,
    job_identifier,
    named,
    nullable,
    record,
    text,
    whole,
    word,
)

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

_FILE: Final[dict[str, Schema]] = {
    "filename": text("Its name."),
    "user": text("Who uploaded it; empty for a file put there by hand."),
    "created_time": instant("When."),
    "entries": whole("How many lines are neither empty nor a comment."),
    "description": text("The first line when it is a `#` comment."),
    "size": whole("Bytes on the disk."),
    "modified_time": instant("When it was last changed on the disk."),
    "used_by": array(
        record("A job.", {"job_id": job_identifier("Its id."), "name": text("Its name.")}),
        "The first 20 jobs, by name, that have it in an argument of type file.",
    ),
    "used_by_count": whole("How many jobs there are."),
}
_NAME: Final = text("The name of the file.", example="hosts.txt")
_SENT_BACK: Final[dict[str, Schema]] = {
    name: {"description": "Passed over, so that a whole answer may be sent back.", "readOnly": True}
    for name in (*_FILE, "complete")
}

SCHEMAS: Final[dict[str, Schema]] = {
    "File": record("A data file.", _FILE),
    "FileText": record(
        "A data file with what it says.",
        {
            **_FILE,
            "text": nullable(text("The first 512 KiB; null when it is not text in UTF-8.")),
            "complete": flag("Whether that is all."),
            "version": nullable(
                text(
                    "Changes with the content; null for what is too long to be edited, or no text."
                )
            ),
        },
    ),
    "FileChange": fields(
        "What is to be in a file.",
        {
            "text": text("All of it, at most 512 KiB."),
            "version": text(
                "Refuse the change when the file was changed since; empty: when it exists."
            ),
            **_SENT_BACK,
        },
        required=["text"],
    ),
    "FileName": record("The file.", {"file": _NAME}),
    "FileVersion": record(
        "The file as it is now.", {"file": _NAME, "version": text("Changes with the content.")}
    ),
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
        "get": operation(
            "getFile",
            "What is in a file",
            named("FileText"),
            parameters=[
                parameter("format", word("`json` gives text in JSON.", ("json", "raw"))),
            ],
            errors=[404],
            also=["application/octet-stream"],
        ),
        "put": operation(
            "writeFile",
            "Write a text into a file",
            named("FileVersion"),
            told="Who reads the file meanwhile sees the old or the new text, never half of it.",
            body=body(named("FileChange"), {"text": "web1\nweb2\n"}),
            errors=[409],
        ),
        "delete": operation("deleteFile", "Delete a file", named("FileName"), errors=[404, 422]),
        "options": operation(
            "hasFile", "Tell whether a file exists", named("FileName"), errors=[404, 422]
        ),
    },
}
