from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from botsched.settings.load import gather_settings
from botsched.settings.model import (
    Dbms,
    EcsSettings,
    ProxySettings,
    SchedulingSettings,
    Settings,
    TableNames,
    WebSettings,
)
from botsched.settings.shipped import shipped
from tests.unit.settings.conftest import FaultsOf, Load


def proxy_of(settings: Settings) -> ProxySettings:
    assert settings.proxy
    return settings.proxy


def test_defaults_are_those_of_the_documentation(load: Load, tmp_path: Path) -> None:
    settings = load()

    assert settings.web == WebSettings(port=8889, max_workers=8)
    assert settings.scheduling == SchedulingSettings(True, 3, 3600, ZoneInfo("UTC"))
    assert settings.execution.job_folders == (shipped("jobs"),)
    assert settings.execution.data_dir == tmp_path / "data"
    assert (settings.execution.slots, settings.execution.stop_grace) == (2, 10.0)
    assert settings.database.dbms is Dbms.SQLITE
    assert settings.database.path == tmp_path / "bots-scheduler.db"
    assert settings.database.tables == TableNames()
    assert settings.mail.profiles == ()
    assert settings.debug is False
    assert proxy_of(settings) == ProxySettings(
        host="",
        port=8888,
        upstream_port=8889,
        htpasswd=tmp_path / ".htpasswd",
        state_dir=tmp_path / ".bots-scheduler",
        create_htpasswd=True,
    )


def test_a_flag_wins_over_its_variable_and_that_over_the_default(load: Load) -> None:
    environ = {"BOTS_SCHEDULER_PORT": "7000", "BOTS_SCHEDULER_MAX_WORKERS": "5"}

    settings = load(environ, port="9000")

    assert proxy_of(settings).port == 9000
    assert settings.web.max_workers == 5


def test_an_empty_variable_counts_as_absent(load: Load) -> None:
    assert proxy_of(load({"BOTS_SCHEDULER_PORT": ""})).port == 8888


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False)])
def test_a_switch_is_read_from_the_environment(load: Load, text: str, value: bool) -> None:
    assert load({"BOTS_SCHEDULER_DEBUG": text}).debug is value


def test_coalescing_can_be_switched_off(load: Load) -> None:
    assert load(job_coalesce=False).scheduling.coalesce is False


def test_local_means_loopback(load: Load) -> None:
    settings = load(local=True)

    assert proxy_of(settings).host == "127.0.0.1"
    assert settings.mail.public_url == "https://localhost:8888"


def test_without_proxy_links_lead_to_the_server_itself(load: Load) -> None:
    settings = load(no_proxy=True, port="80")

    assert settings.proxy is None
    assert settings.mail.public_url == "http://127.0.0.1:81"


def test_the_cluster_may_be_named_as_it_was_for_ecs_scheduler(load: Load) -> None:
    environ = {
        "ECSS_ECS_CLUSTER": "{STAGE}-cluster",
        "ECSS_NAME": "sched-{HOST}-{STAGE}",
        "STAGE": "prod",
        "HOST": "a1",
    }

    assert load().ecs == EcsSettings(None, "bots-scheduler")
    assert load(environ).ecs == EcsSettings("prod-cluster", "sched-a1-prod")
    ours = environ | {"BOTS_SCHEDULER_ECS_CLUSTER": "{ours}"}
    assert load(ours, ecs_cluster="flag").ecs.cluster == "flag"


def test_runs_are_told_of_the_cluster_and_its_jobs_are_loaded_when_there_is_one(
    load: Load,
) -> None:
    without = load().execution
    given = load(ecs_cluster="work", ecs_name="night").execution

    assert (without.modules, without.environment) == ((), ())
    assert given.modules == ("botsched.ecs.task",)
    assert given.environment == (("ECSS_ECS_CLUSTER", "work"), ("ECSS_NAME", "night"))


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        (
            {"ECSS_NAME": "x-{HOST}"},
            "ECSS_NAME=x-{HOST}: the environment has no variable HOST.",
        ),
        (
            {"ECSS_ECS_CLUSTER": "{HOST}", "HOST": "a b"},
            "ECSS_ECS_CLUSTER={HOST}: accepted is the name or the ARN of a cluster.",
        ),
        (
            {"BOTS_SCHEDULER_ECS_CLUSTER": "{HOST}", "HOST": "a"},
            "BOTS_SCHEDULER_ECS_CLUSTER={HOST}: accepted is the name or the ARN of a cluster.",
        ),
    ],
)
def test_what_is_wrong_with_a_variable_of_ecs_scheduler_is_told(
    faults_of: FaultsOf, environ: dict[str, str], fault: str
) -> None:
    assert faults_of(environ) == [fault]


def test_all_faults_are_reported_at_once(faults_of: FaultsOf, tmp_path: Path) -> None:
    faults = faults_of(
        {"BOTS_SCHEDULER_JOB_MAX_INSTANCES": "none"},
        port="65535",
        timezone="Mars/Base",
        certificate="missing.pem",
        executions_table="a b",
        smtp_profile=("ops",),
    )

    assert [fault.split(":")[0] for fault in faults] == [
        "--port 65535",
        "--executions-table a b",
        "BOTS_SCHEDULER_JOB_MAX_INSTANCES=none",
        "--timezone Mars/Base",
        "--certificate missing.pem",
        "--smtp-profile ops",
    ]


@pytest.mark.parametrize(
    ("name", "text", "accepted"),
    [
        ("port", "0", "from 1 to 65534"),
        ("port", "\uff18\uff18", "from 1 to 65534"),  # digits, but not those of this world's ports
        ("dbms", "oracle", "sqlite, postgresql, mysql"),
        ("job_misfire", "-1", "from 1"),
        ("stop_grace", "nan", "from 0 to 86400"),
        ("public_url", "ftp://x", "http://"),
        ("public_url", "https://x/\r\nBcc: eve@example.com", "without blanks"),
        ("jobs_table", "jobs; drop", "letters"),
        ("jobs_table", "j" * 49, "48"),
        ("smtp_profile", " ", "a name"),
        ("smtp_config", "~nobody-of-this-name/smtp.ini", "the path of a file"),
        ("ecs_cluster", "arn:aws:ecs:eu-west-1:1:cluster/x", "the name or the ARN"),
        ("ecs_cluster", "x" * 256, "the name or the ARN"),
        ("ecs_name", "me & you", "up to 128"),
        ("ecs_name", "n" * 129, "up to 128"),
    ],
)
def test_a_wrong_value_names_flag_value_and_what_is_accepted(
    faults_of: FaultsOf, name: str, text: str, accepted: str
) -> None:
    [fault] = faults_of(**{name: text})

    assert fault.startswith(f"--{name.replace('_', '-')} {text}: accepted is")
    assert accepted in fault


def test_tables_need_different_names(faults_of: FaultsOf) -> None:
    [fault] = faults_of(jobs_table="same", logs_table="SAME")

    assert "same" in fault


def test_a_given_file_must_exist(faults_of: FaultsOf) -> None:
    for name in ("htpasswd", "certificate", "smtp_config", "db_config", "static_dir"):
        [fault] = faults_of(**{name: "missing"})
        flag = name.replace("_", "-")
        assert fault == f"--{flag} missing: No such file or directory."


@pytest.mark.parametrize("name", ["notify", "smtp", "db", "secrets"])
def test_a_link_that_leads_nowhere_is_no_absent_file(
    faults_of: FaultsOf, tmp_path: Path, name: str
) -> None:
    link = tmp_path / "conf" / f"{name}.ini"
    link.parent.mkdir()
    link.symlink_to("/run/of-yesterday.ini")

    assert faults_of() == [f"{link} leads to /run/of-yesterday.ini: No such file or directory."]


def test_a_page_of_ones_own_has_a_document(faults_of: FaultsOf, load: Load, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    [fault] = faults_of(static_dir="page")
    assert fault.startswith(f"--static-dir page: there is no {page / 'index.html'};")

    (page / "index.html").touch()
    assert load(static_dir="page").web.static_dir == page


def test_a_given_htpasswd_file_is_not_created(load: Load, tmp_path: Path) -> None:
    (tmp_path / "users").touch()

    proxy = proxy_of(load(htpasswd="users"))

    assert proxy.htpasswd == tmp_path / "users"
    assert proxy.create_htpasswd is False


def test_a_data_folder_that_is_a_file_is_refused(faults_of: FaultsOf, tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    assert faults_of() == ["--data-dir data: is not a folder."]


def test_the_mail_file_is_not_read_while_no_profile_is_chosen(load: Load, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "smtp.ini").write_text("nonsense")

    assert load().mail.profiles == ()


def test_passwords_that_everybody_may_read_are_noted(load: Load, tmp_path: Path) -> None:
    mail, database = tmp_path / "smtp.ini", tmp_path / "db.conf"
    addresses = "hostname = mail.example.com\nport = 465\nfrom = a@x.org\nto = b@x.org\n"
    mail.write_text(
        f"[open]\n{addresses}\n[ops]\n{addresses}fallback = spare\n"
        f"[spare]\n{addresses}user = bots\npassword = geheim\n"
    )
    database.write_text("[mysql]\nuser = bots\npassword = geheim\nhostname = x\ndatabase = y\n")
    for file in (mail, database):
        file.chmod(0o644)

    def noted(*profiles: str, **flags: object) -> list[str]:
        notes = load(smtp_config="smtp.ini", smtp_profile=profiles, **flags).notes
        assert all("may read the password in it" in note for note in notes)
        return [note.split(": ")[0] for note in notes]

    assert noted("ops", dbms="mysql") == [str(database), str(mail)]
    assert noted("open") == []  # no password is in use
    mail.chmod(0o640)  # for a group, which may be that of the server
    assert noted("ops") == []


def test_db_conf_is_honoured_only_where_the_usual_file_is_absent(
    load: Load, tmp_path: Path
) -> None:
    (tmp_path / "db.conf").write_text("[sqlite]\nfile_path = old.db\n")
    assert load().database.path == tmp_path / "old.db"

    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "db.ini").write_text("[sqlite]\nfile_path = new.db\n")
    assert load().database.path == tmp_path / "new.db"


def test_the_server_answers_to_the_public_name_as_well(load: Load) -> None:
    settings = load(no_proxy=True, public_url="https://Bots.example.com:444/jobs")

    assert settings.web.hosts == {"localhost", "127.0.0.1", "::1", "bots.example.com"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("BOTS_SCHEDULER_TIMEZON", "did you mean BOTS_SCHEDULER_TIMEZONE?"),
        ("BOTS_SCHEDULER_XYZZY", "see run --help"),
    ],
)
def test_an_unknown_variable_is_named(faults_of: FaultsOf, name: str, words: str) -> None:
    [fault] = faults_of({name: "secret", "PATH": "/bin", "BOTS_SCHEDULER_PYTHON": "python3.12"})

    assert fault.startswith(f"{name}: there is no such variable; {words}")
    assert "secret" not in fault


def test_faulty_options_are_blamed_and_the_others_hold(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    flags = {
        "port": "x",
        "certificate": "nowhere.pem",
        "dbms": "postgresql",
        "smtp_profile": ["ops"],
        "jobs": ["mine"],
    }

    settings, faults = gather_settings(flags, environ={}, folder=tmp_path)

    assert faults.blamed == {"port", "certificate", "db_config", "smtp_profile"}
    assert len(faults.found) == 4
    assert settings.execution.job_folders == (tmp_path / "mine",)
