"""The report on crontabs."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from botsched.moving.crontab.drafting import TAG, Drafting
from botsched.moving.crontab.lines import parse
from botsched.moving.crontab.sources import STDIN, Source
from botsched.moving.report import Item, Remark, Report


def general_remarks(slots: int, instances: int, misfire: int) -> tuple[Remark, ...]:
    """What is not as with cron, for all jobs of a server with these settings."""
    return (
        Remark(
            f"Cron starts all that is due at once. Here {slots} run at a time and the others wait; "
            f"of one job at most {instances} run at a time, and what comes on top is skipped, and "
            "recorded so.",
            "Start the server with a larger --threadpool-size or --job-max-instances.",
        ),
        Remark(
            "What is due while the server is down is run once when it is back, if it is not "
            f"later than {misfire} seconds. Cron leaves it out.",
            "Set the rule `missed` of a job to `skip` to leave it out here, too.",
        ),
        Remark(
            "A command that ends with another exit code than 0 has failed, which is told in its "
            "output and so is mailed. Cron mails only what a command prints.",
            "End it with `|| true` where that is no failure.",
        ),
        Remark(
            "When clocks change for summer, a command due at a time that the clock skips runs at "
            "the jump, and one due at a time that comes twice runs the first time. Cron does so "
            "unless the minute or the hour begins with *.",
        ),
    )


def crontab_report(
    sources: Sequence[Source],
    drafting: Drafting,
    read: Sequence[str] = (),
    remarks: Sequence[Remark] = (),
) -> Report:
    """All lines of all files; ``read`` and ``remarks`` are of all of them."""
    items: list[Item] = []
    told: list[str] = []
    for source in sources:
        crontab = parse(source.content, drafting.machine.dialect, user_column=source.user_column)
        told.append(" ".join((source.how, *crontab.oddities)))
        items += (drafting.item(source, line) for line in crontab.lines)
    afterwards = _afterwards(sources, items, paused=drafting.paused_by is not None)
    general = tuple(remarks) if any(item.job is not None for item in items) else ()
    return Report(tuple(items), (*told, *read), remarks=general, afterwards=tuple(afterwards))


def _afterwards(sources: Sequence[Source], items: Sequence[Item], *, paused: bool) -> list[str]:
    """How to keep cron from running the same."""
    told = ["So that nothing is run twice, take what was imported out of cron:"]
    told += [f"  {text}" for source in sources if (text := _disabling(source, items))]
    if len(told) == 1:
        return []
    if paused:
        told.append(
            f"Then resume the jobs: on the page, choose the tag {TAG}, mark all and press Resume."
        )
    return told


def _disabling(source: Source, items: Sequence[Item]) -> str:
    lines = [item for item in items if item.place.rpartition(":")[0] == source.name]
    taken = [item.place.rpartition(":")[2] for item in lines if item.job is not None]
    if not taken:
        return ""
    path = Path(source.name)
    all_of_it = len(taken) == len(lines)
    numbers = f"put # in front of line{'s' if len(taken) > 1 else ''} {', '.join(taken)}"
    if source.owner and source.name != STDIN:
        owner = shlex.quote(source.owner)
        if all_of_it:
            return f"crontab -u {owner} -l > {owner}.crontab && crontab -u {owner} -r"
        return f"crontab -u {owner} -e: {numbers}"
    if path.parent.name == "cron.d" and all_of_it:
        return f"mv {shlex.quote(source.name)} ."
    return f"{'its source' if source.name == STDIN else source.name}: {numbers}"
