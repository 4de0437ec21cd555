import pytest

from botsched.domain.ids import job_id_fault
from botsched.moving.crontab.lines import Entry
from botsched.moving.crontab.naming import Labels, name_of


def line(command: str = "x", *comment: str, when: str = "* * * * *", stdin: str = "") -> Entry:
    return Entry(1, "", when, command, stdin, comment=comment)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/local/bin/backup.sh --full >> /var/log/backup.log 2>&1", "backup.sh --full"),
        ("cd / && run-parts --report /etc/cron.hourly", "run-parts --report /etc/cron.hourly"),
        ("test -x /usr/sbin/anacron || { cd / && run-parts /etc/cron.daily; }",
         "run-parts /etc/cron.daily"),
        ("[ -x /usr/bin/x ] && if [ ! -d /run/systemd ]; then /usr/bin/x -q; fi", "x -q"),
        ("LC_ALL=C nice -n 10 /opt/report -d today | mail -s x ops", "report -d today"),
        ("(cd /srv && ./run.sh)", "run.sh"),
        ("command -v a > /dev/null && a 1", "command -v a"),
        ("$HOME/bin/daily.job", "daily.job"),
        ("echo it is $(date +%T)", "echo it is $(date +%T)"),
        ('"/srv/my jobs/x" y', '"/srv/my jobs/x" y'),
        ("env | sort", "env"),
        ("> /tmp/x", "> /tmp/x"),
        ("echo a\tb\x1b[2J", "echo a b [2J"),
        ("x " * 100, "x " * 39 + "x…"),
        ("\x07", "Command"),
    ],
)  # fmt: skip
def test_named_for_what_it_runs_in_the_end(command: str, name: str) -> None:
    assert name_of(line(command)) == name


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        (("Nightly dump.",), "Nightly dump"),
        (("Rotate the keys:",), "Rotate the keys"),
        ((), "x"),
        (("several", "lines"), "x"),
        (("-----",), "x"),
        (("",), "x"),
        (("m h  dom mon dow   command",), "x"),
        (("*/5 * * * * /bin/old",), "x"),
        (("0 0 1 jan * /bin/old",), "x"),
        (("@daily /bin/old",), "x"),
        (("Tell everybody that the week has begun",), "Tell everybody that the week has begun"),
        (("2 days before the end of the month",), "2 days before the end of the month"),
    ],
)
def test_named_for_one_line_above_that_tells_something(comment: tuple[str, ...], name: str) -> None:
    assert name_of(line("x", *comment)) == name


def test_names_are_told_apart() -> None:
    labels = Labels()
    wanted = ["a", "a", "a (2)", "b", "a"]
    assert [labels.name(each) for each in wanted] == ["a", "a (2)", "a (2) (2)", "b", "a (3)"]


def test_ids_are_those_of_the_same_lines_next_time() -> None:
    one, again = Labels(), Labels()
    assert one.job_id("/etc/crontab", line(), "root") == again.job_id(
        "/etc/crontab", line(), "root"
    )
    assert one.job_id("/etc/crontab", line(), "root") == again.job_id(
        "/etc/crontab", line(), "root"
    )


def test_ids_tell_apart_what_is_not_the_same() -> None:
    labels = Labels()
    ids = [
        labels.job_id(*key)
        for key in [
            ("/etc/crontab", line(), "root"),
            ("/etc/crontab", line(), "root"),
            ("/etc/crontab", line(), "ann"),
            ("/etc/crontab", line(), None),
            ("/etc/crontab", line("y"), "root"),
            ("/etc/crontab", line(when="5 * * * *"), "root"),
            ("/etc/crontab", line(stdin="z"), "root"),
            ("/etc/cron.d/x", line(), "root"),
            ("/etc.crontab", line(), "root"),
        ]
    ]
    assert ids[1] == f"{ids[0]}.2"
    assert len({each.rpartition(":")[2][:12] for each in ids}) == len(ids) - 1
    assert ids[0].startswith("crontab:etc.crontab:")


@pytest.mark.parametrize(
    "source", ["/" + "ä/" * 200, "standard input", "/", "-", "/x/" + "y" * 300]
)
def test_ids_may_be_those_of_jobs(source: str) -> None:
    assert job_id_fault(Labels().job_id(source, line("ü"), "root")) is None
