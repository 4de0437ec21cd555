import fcntl
import os
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.certificates import write_self_signed
from tests.support.program import free_ports
from tests.unit.cli.conftest import Bots, Ended


def test_a_fresh_folder_is_ready_for_the_first_start(bots: Bots, tmp_path: Path) -> None:
    ended = bots("check", "--port", str(free_ports()))

    assert ended.code == 0
    assert [line.split()[:2] for line in ended.out.splitlines()] == [
        ["ok", f"{subject}:"]
        for subject in ("settings", "certificate", "htpasswd", "state", "database", "ports", "jobs")
    ]
    assert list(tmp_path.iterdir()) == []


def faulty(ended: Ended) -> list[str]:
    """The parts at fault."""
    assert ended.code == 2
    return [line.split()[1] for line in ended.out.splitlines() if line.startswith("FAULT")]


def test_the_faults_of_all_parts_are_shown_together(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "site.pem").write_text("no certificate")
    (tmp_path / "users").write_text("ann:plain\n")
    (tmp_path / "bots-scheduler.db").write_text("no database" * 1000)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.py").write_text("def broken(:\n")

    flags = "--certificate site.pem --htpasswd users --jobs mine --timezone Mars --mail nonsense"
    ended = bots("check", *flags.split(), "--port", str(free_ports()))

    parts = ["settings:", "certificate:", "htpasswd:", "database:", "jobs:", "mail:"]
    assert faulty(ended) == parts
    assert "--mail: 'nonsense' is not a mail address." in ended.out
    assert "plain" not in ended.out.replace("users", "")


def test_what_would_be_better_otherwise_is_told_and_no_fault(bots: Bots, tmp_path: Path) -> None:
    file = tmp_path / "smtp.ini"
    file.write_text(
        "[ops]\nhostname = mail.example.com\nport = 465\nfrom = a@x.org\nto = b@x.org\n"
        "user = bots\npassword = geheim\n"
    )
    file.chmod(0o644)

    flags = ("--no-proxy", "--port", str(free_ports()), "--smtp-config", "smtp.ini")
    ended = bots("check", *flags, "--smtp-profile", "ops")

    assert ended.code == 0
    told = [line for line in ended.out.splitlines() if line.startswith("NOTE")]
    fault = "everybody on this machine may read the password in it"
    assert told == [f"NOTE   settings: {file}: {fault}; run chmod 600 {file}"]


def test_what_depends_on_faulty_settings_is_left_out(bots: Bots) -> None:
    ended = bots("check", "--port", "x", "--certificate", "none.pem", "--dbms", "mysql", "-j", "no")

    assert faulty(ended) == ["settings:"] * 4
    assert [line.split()[1] for line in ended.out.splitlines()[4:]] == ["htpasswd:", "state:"]


def test_a_page_without_its_document_is_a_fault(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    ended = bots("check", "--port", str(free_ports()), "--static-dir", "page")

    assert faulty(ended) == ["settings:"]
    assert str(tmp_path / "page" / "index.html") in " ".join(ended.out.split())


@pytest.mark.parametrize("behind", [(0,), (1,), (0, 1)])
def test_a_port_in_use_is_a_fault(bots: Bots, behind: tuple[int, ...]) -> None:
    lowest = free_ports()
    with ExitStack() as holders:
        for offset in behind:
            holders.enter_context(socket.create_server(("127.0.0.1", lowest + offset)))
        ended = bots("check", "--local", "--port", str(lowest))

    assert faulty(ended) == ["ports:"] * len(behind)
    for offset in behind:
        assert f"{lowest + offset}: Address already in use; stop what holds it" in ended.out


def test_ports_of_our_running_server_are_no_fault(bots: Bots, tmp_path: Path) -> None:
    port, database = free_ports(), tmp_path / "bots-scheduler.db"
    database.touch()
    with socket.create_server(("127.0.0.1", port + 1)), database.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ended = bots("check", "--no-proxy", "--port", str(port))

    assert ended.code == 0
    assert f"{port + 1} is in use while a server runs on bots-scheduler.db" in ended.out


def test_folders_that_cannot_be_written_are_faults(
    bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/proc/self")  # where not even root can make a file

    ended = bots("check", "--port", str(free_ports()))

    assert faulty(ended) == ["htpasswd:", "state:", "database:"]
    assert "nothing can be written to /proc/" in ended.out


def test_a_file_in_place_of_the_state_folder_is_a_fault(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / ".bots-scheduler").touch()

    assert faulty(bots("check", "--port", str(free_ports()))) == ["state:"]


def test_a_certificate_that_is_an_authority_is_explained(bots: Bots, tmp_path: Path) -> None:
    write_self_signed(tmp_path / "site.pem")

    ended = bots("check", "--certificate", "site.pem", "--port", str(free_ports()))

    assert ended.code == 0
    assert ended.out.count("marked as an authority's") == 1
    assert "; it has the SHA-256 fingerprint " in ended.out


def test_a_file_without_users_lets_nobody_in(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "users").touch()

    assert "nobody can log in" in bots("check", "--htpasswd", "users").out


def test_a_test_mail_needs_a_profile(bots: Bots) -> None:
    ended = bots("check", "--mail", "ann@example.com")

    assert ended.code == 2
    assert "FAULT  mail: --mail ann@example.com: a profile" in ended.out


NOTIFY = """\
[rule all]
on = failure
profiles = pager
[command pager]
command = true
[channel board]
class = board.py:Board
"""


def test_channels_are_checked_and_with_an_address_tried(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "notify.ini").write_text(NOTIFY)
    (tmp_path / "notify.ini").chmod(0o600)
    (tmp_path / "board.py").write_text("")
    flags = ("--notify-config", "notify.ini", "--port", str(free_ports()))
    ended = bots("check", *flags)

    assert faulty(ended) == ["mail:"]
    assert "ok     mail: command 'pager' runs " in ended.out
    assert "FAULT  mail: [channel board]: class Board of " in ended.out
    assert "ok     mail: 1 rule(s) for jobs that have none of their own" in ended.out

    (tmp_path / "notify.ini").write_text(NOTIFY.partition("[channel")[0])
    ended = bots("check", *flags, "--mail", "ann@example.com")

    assert ended.code == 0
    assert ended.out.endswith("ok     mail: command 'pager': a test was accepted.\n")


def test_usual_rules_name_what_there_is(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "notify.ini").write_text("[rule all]\non = failure\nprofiles = ops\n")
    ended = bots("check", "--notify-config", "notify.ini", "--port", str(free_ports()))

    assert faulty(ended) == ["mail:"]
    assert "[rule ...] number 1 of 1: profiles names 'ops', which is neither" in ended.out


def test_a_mail_server_that_is_away_is_a_fault_of_its_profile(bots: Bots, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    (tmp_path / "smtp.ini").write_text(
        f"[ops]\nhostname = 127.0.0.1\nport = {port}\nsecurity = unencrypted\n"
        "from = bots@example.com\nto = ops@example.com\n"
    )

    ended = bots(
        "check", "--smtp-config", "smtp.ini", "--smtp-profile", "ops", "--mail", "ann@example.com"
    )

    assert ended.code == 2
    assert "FAULT  mail: " in ended.out
    assert f"127.0.0.1:{port}" in ended.out


def test_secrets_that_others_may_read_are_a_fault(bots: Bots, tmp_path: Path) -> None:
    file = tmp_path / "conf" / "secrets.ini"
    file.parent.mkdir()
    file.write_text("[secrets]\ntoken = hunter2\n")
    file.chmod(0o644)
    ended = bots("check", "--port", str(free_ports()))
    assert faulty(ended) == ["secrets:"]
    assert "hunter2" not in ended.out

    file.chmod(0o600)
    assert "ok     secrets: 1 secret(s)" in bots("check", "--port", str(free_ports())).out


def nothing_of_aws(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(folder / "none"))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/not-to-be-asked")


def told_of_ecs(ended: Ended) -> str:
    """The line on the cluster."""
    [line] = [line for line in ended.out.splitlines() if line.split()[1] == "ecs:"]
    return line


def test_the_way_to_a_cluster_is_told(
    bots: Bots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_of_aws(monkeypatch, tmp_path)
    command = ("check", "--port", str(free_ports()), "--ecs-name", "me")
    monkeypatch.setenv("ECSS_ECS_CLUSTER", "{STAGE}-cluster")
    monkeypatch.setenv("STAGE", "prod")

    ended = bots(*command)
    assert faulty(ended) == ["ecs:"]
    assert "No region of AWS is chosen; set AWS_DEFAULT_REGION." in told_of_ecs(ended)

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    cluster = "ok     ecs: cluster prod-cluster, tasks started by me, region eu-west-1, "
    role = "credentials from the role of this machine or container, if it has one"
    assert told_of_ecs(bots(*command)) == cluster + role
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not to be told")
    ended = bots(*command)
    assert told_of_ecs(ended) == f"{cluster}credentials by env"
    assert "not to be told" not in ended.out

    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert "profile (gone) could not be found" in told_of_ecs(bots(*command))
    monkeypatch.setattr("botsched.ecs.find_spec", lambda name: None)
    assert "boto3, of the extra bots-scheduler[ecs]" in told_of_ecs(bots(*command))


def test_to_ask_for_a_cluster_one_is_needed(bots: Bots) -> None:
    ended = bots("check", "--port", str(free_ports()), "--aws")

    assert "--aws: a cluster to ask for is needed, too (--ecs-cluster)." in told_of_ecs(ended)
