"""Sets of jobs that files describe."""

from typing import Any

from botsched.web.formats.sets import plan_data, read_asked
from botsched.web.handler import Handler
from botsched.web.routing import Route


class Application(Handler):
    """Having the jobs of a set be as they are described."""

    takes_body = frozenset({"POST"})

    async def post(self) -> None:
        """Tell what is to be done, and do it unless it is only asked for."""
        fields, user, sets = self.fields, self.user, self.services.jobs.sets

        def planned() -> dict[str, Any]:
            asked = read_asked(fields)  # here, as thousands of jobs take their time
            if asked.dry_run:
                return plan_data(sets.plan(asked.wanted, user))
            return plan_data(sets.apply(asked.wanted, user, asked.seen))

        await self.answer(planned)


routes = [Route("/api/v1/apply", Application)]
