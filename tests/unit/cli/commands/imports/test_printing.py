import json
from datetime import timedelta

from botsched.cli.commands.imports.printing import lines, to_data
from botsched.domain.job import JobPolicy
from botsched.domain.mailrules import MailRule, MailRules, Occasion
from botsched.moving.report import Item, Remark, Report
from tests.support.values import NOW, a_job, a_mail_rule, cron

SAID_TWICE = Remark("It runs as another user than before, which only a server of root can do.", "x")
MAIL = MailRules((MailRule((Occasion.OUTPUT,), None, ("ops@example.com",)),))
NIGHTLY = a_job(
    id="crontab:a:1",
    name="Nightly",
    arguments={"command": "tar -c /etc", "environment": ["A=1", "B=2"], "stdin": "x\ny"},
    schedule=cron("Europe/Brussels", hour="2", minute="30"),
    policy=JobPolicy(mail=MAIL),
)
REPORT = Report(
    items=(
        Item("/etc/crontab:7", "30 2 * * * tar -c /etc", NIGHTLY, remarks=(SAID_TWICE,)),
        Item(
            "/etc/crontab:9",
            "* * * * * true " + "x" * 100,
            a_job(id="b", name="True", paused_at=NOW, paused_by="root"),
            remarks=(Remark("Only this one."), SAID_TWICE),
        ),
        Item.refused("/etc/crontab:11", "@reboot true", "It names no time.", "Leave it to cron."),
    ),
    read=("/etc/crontab: read with a user column, because of its name.",),
    remarks=(Remark("Of all that is imported.", "Nothing helps."),),
    afterwards=("Take the lines out of the crontab.",),
)


def test_all_of_a_report_is_told() -> None:
    assert list(lines(REPORT, NOW)) == [
        "/etc/crontab: read with a user column, because of its name.",
        "",
        "/etc/crontab:7",
        "    30 2 * * * tar -c /etc",
        "    new         Nightly  (crontab:a:1)",
        "    runs        every day at 02:30 (Europe/Brussels)",
        "    next        2027-03-02 02:30, 2027-03-03 02:30, 2027-03-04 02:30",
        "    environment A=1, B=2",
        "    stdin       'x\\ny'",
        "    mail        on output to ops@example.com",
        "    changes     [1]",
        "",
        "/etc/crontab:9",
        "    * * * * * true " + "x" * 61,
        "      " + "x" * 39,
        "    new         True  (b)",
        "    runs        every minute (UTC)",
        "    next        2027-03-01 12:01, 2027-03-01 12:02, 2027-03-01 12:03",
        "    paused      until somebody resumes it",
        "    changes     [1] [2]",
        "",
        "/etc/crontab:11",
        "    @reboot true",
        "    REFUSED     It names no time.",
        "    cure        Leave it to cron.",
        "",
        "What changes in meaning",
        "*   Of all that is imported.",
        "    Cure: Nothing helps.",
        "[1] It runs as another user than before, which only a server of root can do.",
        "    Cure: x",
        "[2] Only this one.",
        "",
        "    3 found",
        "    2 new",
        "    1 cannot be imported",
    ]


def test_what_is_there_already_is_said() -> None:
    told = "\n".join(lines(REPORT.beside({NIGHTLY.id: NIGHTLY}), NOW))

    assert "    present     Nightly  (crontab:a:1)\n" in told
    assert "    1 new\n    1 there already, as they would be now\n" in told


def test_a_terminal_is_not_told_what_to_do() -> None:
    items = (Item("a\n:1", "* * * * * echo \x1b[2J\ta"),)
    [read, _, place, text, *_] = lines(Report(items, ("a\x1b[2J~: left out.",)), NOW)

    assert read == "a\\x1b[2J~: left out."
    assert (place, text) == ("a\\n:1", "    * * * * * echo \\x1b[2J a")


def test_json_holds_what_makes_each_job() -> None:
    data = json.loads(json.dumps(to_data(REPORT, NOW)))

    first, _, last = data["items"]
    assert first["job"].items() >= {
        "job_id": "crontab:a:1",
        "name": "Nightly",
        "job_class_string": "jobs.shell_command.ShellCommand",
        "pub_args": NIGHTLY.arguments,
        "tags": [],
        "notes": "",
        "second": "0", "minute": "30", "hour": "2", "day_of_week": "*",
        "week": "*", "day": "*", "month": "*", "year": "*",
        "timezone": "Europe/Brussels",
        "jitter": 0,
        "schedule": "every day at 02:30 (Europe/Brussels)",
        "paused": False,
        "mail": [a_mail_rule("output", to=["ops@example.com"])],
    }.items()  # fmt: skip
    assert first["next"][0] == (NOW.replace(hour=1, minute=30) + timedelta(days=1)).isoformat()
    assert first["remarks"] == [{"text": SAID_TWICE.text, "cure": "x"}]
    assert last["job"] is None
    assert last["refusal"]["cure"] == "Leave it to cron."
    assert data["totals"] == {"new": 2, "present": 0, "changed": 0, "refused": 1}
    assert data["afterwards"] == ["Take the lines out of the crontab."]
