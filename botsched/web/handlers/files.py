"""Data files."""

from tornado.web import stream_request_body

from botsched.web.formats.records import file_data
from botsched.web.gate import UPLOAD_PATH
from botsched.web.handler import Handler
from botsched.web.multipart import read_file
from botsched.web.routing import Route


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


routes = [Route(UPLOAD_PATH, Files), Route("/api/v1/files/{name}", File)]
