"""The Python client and GroundControl's classes, through the proxy, as scripts use them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from botsched.client import (
    CertificateError,
    Client,
    ConfigurationError,
    LoginError,
    NotFoundError,
)
from botsched.client.access import VARIABLES
from botsched.client.address import Address
from botsched.client.introduction import Introduction
from GroundControl.AddJob import AddJob
from GroundControl.functions import FunctionJobError
from GroundControl.JobHandler import JobHandler
from GroundControl.UpdateJob import UpdateJob
from tests.support.certificates import write_self_signed
from tests.support.program import PASSWORD, PROGRAM, TREE, USER, Program

pytestmark = pytest.mark.slow

JOBS = '''
import pathlib, time

class Stepwise(JobBase):
    """Says more only when somebody has read what it said."""

    def run(self, told):
        print("first", flush=True)
        while not pathlib.Path(told).exists():
            time.sleep(0.01)
        print("second", flush=True)
'''

# A script that has its function scheduled, in the manner of GroundControl's users.
ADDING = """
import os
from GroundControl.AddJob import AddJob

here = os.path.abspath(os.path.dirname(__file__))
if __name__ == "__main__":
    path = os.path.join(here, "figures.py")
    minutely = ["*/1", "*", "*", "*", "*"]
    AddJob("Nightly figures", path, "collect", here + "/figures.log", cron_time=minutely).commit()
"""
FUNCTION = """
import figures_settings

def collect(log):
    print("unit", figures_settings.UNIT)
    return log
"""


@pytest.fixture(scope="module")
def program(make_program_once) -> Program:
    return make_program_once(jobs=JOBS).start()


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def url(program: Program) -> str:
    return f"https://localhost:{program.port}"


def trust(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "trust", *arguments],
        cwd=TREE,
        input=answer,
        text=True,
        capture_output=True,
        check=False,
    )


def fingerprint_in(told: str) -> str:
    return next(word for word in told.split() if word.count(":") == 31)


@pytest.fixture
def trusted(url: str) -> str:
    server = Introduction(Address.parse(url))
    server.keep(*server.candidate())
    return url


@pytest.fixture
def access(trusted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Server and login in the environment, as in CI."""
    for name, value in (("SERVER", trusted), ("USER", USER), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"BOTS_SCHEDULER_{name}", value)


def test_the_authority_is_shown_asked_for_and_outlives_a_restart(program, url, tmp_path):
    def look() -> None:
        with Client(url, USER, PASSWORD) as client:
            list(client.jobs())

    with pytest.raises(CertificateError, match=f'"bots-scheduler trust {url}" shows it'):
        look()
    asked = trust(url)
    assert asked.returncode == 2
    assert "There is no terminal to ask on" in asked.stderr
    assert f"The authority that signs the certificate of {url} has the SHA-256" in asked.stdout
    with pytest.raises(CertificateError):
        look()

    done = trust(url, "--fingerprint", fingerprint_in(asked.stdout))
    assert f"{url} is trusted now, by {tmp_path}/config" in done.stdout
    look()
    assert trust(url).stdout == f"{url} is trusted already.\n"
    program.stop()
    program.start()
    look()


def test_the_authority_is_taken_from_its_file(program, url):
    file = program.folder / ".bots-scheduler" / "mitmproxy-ca-cert.pem"
    assert trust(url, "--certificate", str(file)).returncode == 0
    with Client(url, USER, PASSWORD) as client:
        list(client.jobs())
    with Client(f"https://127.0.0.1:{program.port}", USER, PASSWORD, ca=file) as client:
        list(client.jobs())


def test_another_certificate_than_the_trusted_one_is_refused(trusted, tmp_path):
    other = write_self_signed(tmp_path / "other.pem")
    refused = trust(trusted, "--certificate", str(other))
    assert refused.returncode == 1
    assert "Nothing is kept" in refused.stderr
    [kept] = (tmp_path / "config" / "bots-scheduler" / "trusted").iterdir()
    kept.write_bytes(other.read_bytes())  # as if somebody else answered there
    with Client(trusted, USER, PASSWORD) as client, pytest.raises(CertificateError):
        list(client.jobs())


def test_a_wrong_login_and_none_are_told_apart(trusted):
    with (
        Client(trusted, USER, "wrong") as client,
        pytest.raises(LoginError, match=f"the password of '{USER}' is wrong"),
    ):
        list(client.jobs())
    with Client(trusted) as client, pytest.raises(LoginError, match="wants a login"):
        list(client.jobs())


@pytest.mark.usefixtures("access")
def test_output_is_followed_while_it_is_printed(tmp_path):
    told = tmp_path / "told"
    with Client() as client:
        job = client.add_job("stepwise", "own.tests_of_it.Stepwise", [str(told)], month=2)
        run = client.run(job)
        printed = client.follow(run)
        assert str(next(printed)) == "first\n"
        told.touch()
        assert "".join(map(str, printed)) == "second\n"
        assert client.wait(run, timeout=60).succeeded


@pytest.mark.usefixtures("access")
def test_scripts_handle_function_jobs_as_groundcontrol_documents_it(tmp_path, capsys):
    (tmp_path / "add.py").write_text(ADDING)
    (tmp_path / "figures.py").write_text(FUNCTION)
    (tmp_path / "figures_settings.py").write_text("UNIT = 7\n")
    script = subprocess.run(
        [sys.executable, tmp_path / "add.py"],
        env=os.environ | {"PYTHONPATH": str(TREE)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert script.stderr == ""
    assert script.stdout.startswith("Added 'Nightly figures' as job ")

    handler = JobHandler()
    [job] = handler.list_jobs("Nightly figures")
    path, log = f"{tmp_path}/figures.py", f"{tmp_path}/figures.log"
    assert job.arguments == [path, "collect", log]
    assert [job[field] for field in ("minute", "hour", "month", "day", "day_of_week")] == (
        ["*/1", "*", "*", "*", "*"]
    )
    ran = handler.run_job(job.job_id, wait=True, timeout=60)
    assert (ran.state, ran.result) == ("succeeded", log)
    assert "".join(handler.follow_job(job.job_id)) == "unit 7\n"

    hourly = ["0", "*/1", "*", "*", "*"]
    update = UpdateJob("Figures", path, "collect", log, cron_time=hourly, job_id=job.job_id)
    assert update.commit(new_name=True) == job.job_id
    UpdateJob("Figures", path, "collect", [log, 2], minute=30).commit()
    [job] = handler.list_jobs("Figures")
    assert (job.arguments, job["minute"], job["hour"]) == ([path, "collect", log, 2], "30", "*")

    for _ in range(2):
        AddJob("Test3 Job", path, "collect", {"log": log}, hour="2").commit()
    with pytest.raises(FunctionJobError) as error:
        UpdateJob("Test3 Job", path, "collect", log, cron_time=hourly).commit()
    assert str(error.value) == (
        "FAILED! UpdateJob.update_job(): Job name is not unique (Test3 Job). Use job ID."
    )
    JobHandler().remove_job(job.job_id)
    with pytest.raises(NotFoundError):
        handler.remove_job(job.job_id)
    assert capsys.readouterr().out.endswith(f"Removed job {job.job_id}.\n")


def test_without_a_server_one_error_names_the_three_places():
    with pytest.raises(ConfigurationError, match=r"server=.*BOTS_SCHEDULER_SERVER.*client\.ini"):
        JobHandler().list_jobs()
