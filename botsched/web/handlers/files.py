"""Data files."""

import os
from contextlib import suppress
from typing import BinaryIO, Final

from tornado.iostream import StreamClosedError
from tornado.web import stream_request_body

from botsched.web.formats.records import file_data, file_text_data
from botsched.web.gate import UPLOAD_PATH
from botsched.web.handler import Handler
from botsched.web.headers import attachment
from botsched.web.multipart import read_file
from botsched.web.routing import Route

_CHUNK: Final = 256 * 1024
_READ_ONLY: Final = frozenset(
    {
        "filename",
        "user",
        "created_time",
        "entries",
        "description",
        "size",
        "modified_time",
        "used_by",
        "used_by_count",
        "complete",
    }
)
"""Keys of our answers that clients may send back; they change nothing."""


@stream_request_body
class Files(Handler):
    """All data files.

    Bodies come as a stream only to keep tornado from parsing them: it does so on the loop, and
    can be kept busy for seconds by a body made for that.
    """

    def prepare(self) -> None:
        """Called by tornado before the body comes."""
        self._chunks: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        """Collect the body; the gate has bounded it."""
        self._chunks.append(chunk)

    async def get(self) -> None:
        """List files by name."""
        self.query.done()
        await self.answer(
            lambda: {"files": [file_data(file) for file in self.services.files.all()]}
        )

    async def post(self) -> None:
        """Store a file, in place of one of that name."""
        user, media_type = self.user, self.request.headers.get("Content-Type", "")

        def stored() -> dict[str, str]:
            name, content = read_file(b"".join(self._chunks), media_type)
            return {"file": self.services.files.put(name, content, user).filename}

        await self.answer(stored, 201)


class File(Handler):
    """One data file."""

    takes_body = frozenset({"PUT"})

    async def get(self, name: str) -> None:
        """Send what is in it: as it is, to be saved, or as text within JSON."""
        query = self.query
        as_json = query.one_of("format", ("json", "raw")) == "json"
        query.done()
        if as_json:
            await self.answer(lambda: file_text_data(self.services.files.text(name)))
        else:
            await self._send(name)

    async def put(self, name: str) -> None:
        """Write a text into it."""
        fields, user = self.fields, self.user
        text = fields.text("text", required=True) or ""
        version = fields.text("version")
        fields.done(ignored=_READ_ONLY)

        def written() -> dict[str, str]:
            return {"file": name, "version": self.services.files.edit(name, text, user, version)}

        await self.answer(written)

    async def delete(self, name: str) -> None:
        """Delete it."""
        user = self.user

        def deleted() -> dict[str, str]:
            self.services.files.delete(name, user)
            return {"file": name}

        await self.answer(deleted)

    async def options(self, name: str) -> None:
        """Tell whether it exists."""
        await self.answer(lambda: {"file": self.services.files.path(name).name})

    async def _send(self, name: str) -> None:
        """Whatever a file holds, browsers save it and look into it for nothing."""
        with await self.in_worker(lambda: self.services.files.open(name)) as file:
            self.set_header("Content-Type", "application/octet-stream")
            self.set_header("Content-Disposition", attachment(name))
            left = os.fstat(file.fileno()).st_size  # a job may be writing more into it
            self.set_header("Content-Length", left)
            with suppress(StreamClosedError):  # the client has gone
                await self.flush()
                while self.request.method != "HEAD" and (chunk := await self._chunk(file, left)):
                    left -= len(chunk)
                    self.write(chunk)
                    await self.flush()
                self.finish()

    async def _chunk(self, file: BinaryIO, most: int) -> bytes:
        return await self.in_worker(lambda: file.read(min(_CHUNK, most)))


routes = [Route(UPLOAD_PATH, Files), Route("/api/v1/files/{name}", File)]
