"""SMTP profiles and other channels, for whoever says who is to get mails."""

from botsched.web.formats.records import profile_data
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Profiles(Handler):
    """Those through which this server sends mails."""

    async def get(self) -> None:
        """List them by name."""
        self.query.done()
        profiles = sorted(self.services.profiles, key=lambda profile: profile.name)
        await self.answer(lambda: {"profiles": [profile_data(each) for each in profiles]})


routes = [Route("/api/v1/profiles", Profiles)]
