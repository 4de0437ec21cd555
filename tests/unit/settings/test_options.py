import pytest

from botsched.settings.options import GROUPS, OPTIONS, Option

# What users of earlier schedulers have in their scripts and unit files: never to be changed.
KEPT = {
    "Base": "--debug -j/--jobs=jobs -d/--data-dir=data -l/--local -p/--port=8888",
    "Notification": "--smtp-config=conf/smtp.ini --smtp-profile",
    "Database": "--dbms=sqlite --db-config=conf/db.ini --db-profile "
    "--executions-table=scheduler_execution --jobs-table=scheduler_jobs "
    "--files-table=scheduler_files --logs-table=scheduler_jobauditlog",
    "APScheduler": "--job-coalesce --job-max-instances=3 --job-misfire=3600 "
    "--threadpool-size=2 --timezone=UTC",
    "Tornado": "--max-workers=8",
    "Mitmproxy": "--certificate --htpasswd",
    "ECS": "--ecs-cluster --ecs-name=bots-scheduler",
}


def spelled(option: Option) -> str:
    short = f"{option.short}/" if option.short else ""
    default = f"={option.default}" if option.default and not option.is_switch else ""
    return f"{short}{option.flag}{default}"


@pytest.mark.parametrize("group", GROUPS)
def test_flags_and_defaults_that_users_rely_on_are_kept(group: str) -> None:
    there = [spelled(option) for option in OPTIONS if option.group == group]

    assert set(KEPT[group].split()) <= set(there)


def test_every_name_and_short_flag_is_unique() -> None:
    for values in ([o.name for o in OPTIONS], [o.short for o in OPTIONS if o.short]):
        assert len(values) == len(set(values))


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_default_is_accepted_by_its_own_kind(option: Option) -> None:
    assert option.group in GROUPS
    assert option.help.endswith(".")
    if option.default is not None:
        option.kind.parse(option.default)
