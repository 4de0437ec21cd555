"""All jobs at once: the hold, and windows in which no job is run."""

from typing import Any

from botsched.domain.controls import Controls
from botsched.domain.window import windows_kind
from botsched.web.formats.controls import hold_data, windows_data
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Hold(Handler):
    """The hold."""

    takes_body = frozenset({"PUT"})

    async def get(self) -> None:
        """Say whether all jobs are held."""
        await self.answer(lambda: hold_data(self.services.controls.get()))

    async def put(self) -> None:
        """Hold all jobs: nothing is started by schedule any more."""
        fields, user = self.fields_if_any, self.user
        reason = fields.text("reason", nullable=True) or ""
        fields.done(ignored=frozenset({"held", "user", "since"}))
        controls = self.services.controls
        await self.answer(lambda: hold_data(Controls(controls.hold(reason, user))))

    async def delete(self) -> None:
        """Release them."""
        user = self.user

        def released() -> dict[str, Any]:
            self.services.controls.release(user)
            return hold_data(Controls())

        await self.answer(released)


class Windows(Handler):
    """Maintenance windows of all jobs."""

    takes_body = frozenset({"PUT"})

    async def get(self) -> None:
        """List them."""
        await self.answer(lambda: windows_data(self.services.controls.get().windows))

    async def put(self) -> None:
        """Replace them."""
        fields, user = self.fields, self.user
        windows = fields.value("windows", windows_kind(), required=True) or ()
        fields.done()

        def replaced() -> dict[str, Any]:
            self.services.controls.set_windows(windows, user)
            return windows_data(windows)

        await self.answer(replaced)


routes = [Route("/api/v1/hold", Hold), Route("/api/v1/windows", Windows)]
