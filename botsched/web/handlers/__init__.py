"""All routes. Each module has its own; here they are only put together."""

from botsched.web.ecs import handlers as ecs
from botsched.web.handlers import (
    classes,
    controls,
    events,
    executions,
    files,
    health,
    instances,
    joblist,
    jobs,
    logs,
    mails,
    page,
    profiles,
    schedules,
    secrets,
    sets,
    spec,
    statistics,
    system,
    verification,
)

ROUTES = [
    *page.routes,
    *joblist.routes,  # before a job whose id would be "bulk"
    *jobs.routes,
    *sets.routes,
    *schedules.routes,
    *executions.routes,
    *controls.routes,
    *events.routes,
    *logs.routes,
    *mails.routes,
    *verification.routes,
    *statistics.routes,
    *files.routes,
    *classes.routes,
    *secrets.routes,
    *instances.routes,
    *profiles.routes,
    *system.routes,
    *health.routes,
    *ecs.routes,
    *spec.routes,
]
