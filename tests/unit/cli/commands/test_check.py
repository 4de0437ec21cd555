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
