"""What the terminal is told after the start."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from botsched.app.parts import Parts
from botsched.app.summary import summary
from botsched.catalog import load
from botsched.domain.ids import new_id
from botsched.domain.outbox import Mail, MailState
from botsched.settings.load import load_settings
from botsched.settings.model import DatabaseSettings, Dbms, Settings
from botsched.store.store import Store
from tests.support.values import NOW, a_job

JOBS = """
from botscheduler import *
class Base(JobBase):
    def run(self):
        pass
class Leaf(Base):
    pass
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "some.py").write_text(JOBS)
    (folder / "broken.py").write_text("import nothing_of_this_name\n")
    return load_settings({"jobs": (str(folder),), "no_proxy": True})


def told(settings: Settings, jobs: list[str], mails: list[str]) -> str:
    """The summary of a start with jobs of these classes, and mails owed through these profiles."""
    store = Store(DatabaseSettings(Dbms.SQLITE, path=Path("test.db")))

    def fill(session) -> None:
        for name in jobs:
            session.jobs.add(a_job(job_class=name))
        session.outbox.add(
            [
                Mail(str(number), "e1", profile, MailState.DEFERRED, 1, NOW, NOW)
                for number, profile in enumerate(mails)
            ]
        )
        session.outbox.add([Mail(new_id(), "e1", "gone", MailState.DEAD, 1, NOW, None)])

    store.write(fill)
    catalogue = load(settings.execution.job_folders).description()
    web = SimpleNamespace(port=8889)
    parts = Parts(store, None, None, None, None, web, None, None, catalogue)  # type: ignore[arg-type]
    text = summary(settings, parts)
    store.close()
    return text


def test_jobs_whose_class_is_gone_are_counted_and_their_classes_named(settings) -> None:
    text = told(settings, ["own.gone.A", "own.some.Leaf", "own.gone.A", "jobs.x.B"], [])

    assert (
        "\n  FAULT     3 jobs have a class that is in no job folder: jobs.x.B, own.gone.A\n" in text
    )


def test_long_faults_are_wrapped_below_their_beginning(settings) -> None:
    names = [f"own.gone.{letter * 20}" for letter in "ABCD"]
    lines = told(settings, names, []).splitlines()

    begin = next(n for n, line in enumerate(lines) if "in no job folder" in line)
    assert max(map(len, lines[begin : begin + 3])) <= 80
    assert lines[begin + 1].startswith(" " * 12 + "own.gone.")
    assert " ".join(" ".join(lines).split()).count(", ".join(names)) == 1


def test_a_class_that_others_derive_from_or_that_fails_to_load_is_not_gone(settings) -> None:
    text = told(settings, ["own.some.Base", "own.some.Leaf", "own.broken.Any"], [])

    assert "in no job folder" not in text
    assert text.count("FAULT") == 1


def test_mails_of_profiles_that_are_not_selected_are_told(settings) -> None:
    text = told(settings, [], ["old", "old", "older"])

    assert (
        "\n  NOTE      2 mails wait for 'old', which is no profile or channel of this start\n"
        in text
    )
    assert "\n  NOTE      1 mail waits for 'older', which is no profile or channel of this" in text
    assert "'gone'" not in text
    assert "mails wait" not in told(settings, [], [])[: text.index("NOTE")]


def test_a_certificate_that_is_not_verified_is_told(settings, tmp_path) -> None:
    (tmp_path / "smtp.ini").write_text(
        "[ops]\nhostname = mail.example.com\nport = 465\nfrom = a@x.org\nto = b@x.org\n"
        "fallback = spare\n"
        "[spare]\nhostname = spare.example.com\nport = 465\nfrom = a@x.org\nto = b@x.org\n"
        "verify = no\n"
    )
    chosen = {"smtp_config": "smtp.ini", "smtp_profile": ("ops",), "no_proxy": True}
    text = " ".join(told(load_settings(chosen), [], []).split())

    assert "NOTE the certificate of spare.example.com is not verified (profile 'spare')" in text
    assert "mail.example.com" not in text
    assert "through ops Ctrl" in text.replace(text[text.index("NOTE") : text.index("Ctrl")], "")


def test_a_password_that_others_can_read_is_told(settings, tmp_path) -> None:
    smtp_ini = tmp_path / "smtp.ini"
    smtp_ini.write_text(
        "[ops]\nhostname = mail.example.com\nport = 25\nfrom = a@x.org\nto = b@x.org\n"
        "user = bots\npassword = geheim\n"
    )
    chosen = {"smtp_config": "smtp.ini", "smtp_profile": ("ops",), "no_proxy": True}
    text = " ".join(told(load_settings(chosen), [], []).split())

    assert "NOTE the password of the profile 'ops' is sent without TLS: others can read it" in text
    assert f"NOTE {smtp_ini}: everybody on this machine may read the password in it" in text
    assert "geheim" not in text


def test_channels_are_told_and_those_that_others_can_listen_to(settings, tmp_path) -> None:
    (tmp_path / "notify.ini").write_text(
        "[webhook chat]\nurl = http://chat.example.com/T0KEN\n"
        "[webhook relay]\nurl = http://localhost:8080/\n"
        "[command pager]\ncommand = true\n"
    )
    (tmp_path / "notify.ini").chmod(0o600)
    chosen = load_settings({"notify_config": "notify.ini", "no_proxy": True})
    text = told(chosen, [], ["pager"])

    assert "\n  channels  chat, relay, pager, for the rules that name them\n" in text
    assert "\n  NOTE      the web hook 'chat' is told without TLS: others can read it\n" in text
    assert text.count("NOTE") == 1
    assert "T0KEN" not in text


def test_what_jobs_of_ecs_lack_is_told(settings) -> None:
    cure = "botsched.ecs.task.RunTask is there with --ecs-cluster."

    assert cure not in told(settings, ["own.gone.Gone"], [])
    assert cure in told(settings, ["botsched.ecs.task.RunTask"], [])
