import socket
from pathlib import Path

from tests.unit.cli.conftest import Bots


def test_a_fresh_folder_is_ready_for_the_first_start(bots: Bots, tmp_path: Path) -> None:
    ended = bots("check")

    assert ended.code == 0
    assert [line.split()[:2] for line in ended.out.splitlines()] == [
        ["ok", f"{subject}:"]
        for subject in ("settings", "certificate", "htpasswd", "database", "jobs")
    ]
    assert list(tmp_path.iterdir()) == []


def test_the_faults_of_all_parts_are_shown_together(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "site.pem").write_text("no certificate")
    (tmp_path / "users").write_text("ann:plain\n")
    (tmp_path / "bots-scheduler.db").write_text("no database" * 1000)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.py").write_text("def broken(:\n")

    ended = bots("check", "--certificate", "site.pem", "--htpasswd", "users", "--jobs", "mine")

    faulty = [line.split()[1] for line in ended.out.splitlines() if line.startswith("FAULT")]
    assert ended.code == 2
    assert faulty == ["certificate:", "htpasswd:", "database:", "jobs:"]
    assert "plain" not in ended.out.replace("users", "")


def test_faulty_settings_end_the_check(bots: Bots) -> None:
    assert bots("check", "--port", "x").code == 2


def test_a_file_without_users_lets_nobody_in(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "users").touch()

    assert "nobody can log in" in bots("check", "--htpasswd", "users").out


def test_a_test_mail_needs_a_profile(bots: Bots) -> None:
    ended = bots("check", "--mail", "ann@example.com")

    assert ended.code == 2
    assert "--mail ann@example.com" in ended.err


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
