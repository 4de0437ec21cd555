"""What scripts give, and what becomes of it."""

from pathlib import Path
from typing import Any

import pytest

from botsched.client import Client
from GroundControl.AddJob import AddJob
from GroundControl.functions import FunctionJob, FunctionJobError
from GroundControl.UpdateJob import UpdateJob


def test_cron_fields_have_the_order_of_groundcontrol() -> None:
    job = FunctionJob("name", "/x.py", "f", None, ["1", "2", 3, "4", "mon"])
    assert job.schedule == {
        "minute": "1", "hour": "2", "month": "3", "day": "4", "day_of_week": "mon",
    }  # fmt: skip


def test_missing_fields_are_stars() -> None:
    assert FunctionJob("name", "/x.py", "f", minute=0, day_of_week="0").schedule == {
        "minute": "0", "hour": "*", "month": "*", "day": "*", "day_of_week": "0",
    }  # fmt: skip
    assert FunctionJob("name", "/x.py", "f").schedule == {}


@pytest.mark.parametrize("cron_time", ["* * * * *", ["*"], ["*"] * 6, []])
def test_a_list_of_other_than_five_fields_is_refused(cron_time: Any) -> None:
    with pytest.raises(FunctionJobError, match="a list of five is accepted: minute, hour, month"):
        FunctionJob("name", "/x.py", "f", cron_time=cron_time)


def test_a_list_and_single_fields_are_not_mixed() -> None:
    with pytest.raises(FunctionJobError, match="not both"):
        FunctionJob("name", "/x.py", "f", cron_time=["*"] * 5, minute="1")


@pytest.mark.parametrize(
    ("exec_args", "arguments"),
    [
        (None, ["/x.py", "f"]),
        ("one text", ["/x.py", "f", "one text"]),
        ("", ["/x.py", "f", ""]),
        (0, ["/x.py", "f", 0]),
        (["a", 2], ["/x.py", "f", "a", 2]),
        (("a",), ["/x.py", "f", "a"]),
        ([], ["/x.py", "f"]),
        ([{"x": 1}], ["/x.py", "f", {"x": 1}]),
        ({"x": 1}, {"path": "/x.py", "function": "f", "x": 1}),
    ],
)
def test_arguments_are_one_value_several_or_named(exec_args: Any, arguments: Any) -> None:
    assert FunctionJob("name", "/x.py", "f", exec_args).arguments == arguments


def test_names_that_the_job_itself_takes_are_refused() -> None:
    with pytest.raises(FunctionJobError, match="'path' cannot be given by name; give a list"):
        FunctionJob("name", "/x.py", "f", {"path": "/y"})


def test_a_relative_path_is_where_the_script_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert FunctionJob("name", Path("a/x.py"), "f").arguments == [f"{Path.cwd()}/a/x.py", "f"]
    assert FunctionJob("name", "~/x.py", "f").arguments == ["~/x.py", "f"]


def test_a_server_without_the_class_is_told(client: Client) -> None:
    told = "has no job class PythonFunction"
    with pytest.raises(FunctionJobError, match=told):
        AddJob("name", "/x.py", "f", client=client).commit()
    with pytest.raises(FunctionJobError, match=told):
        UpdateJob("name", "/x.py", "f", job_id="1", client=client).commit()


def test_a_new_name_needs_the_id_and_an_old_one_a_job(client: Client) -> None:
    failed = r"FAILED! UpdateJob\.update_job\(\): "
    with pytest.raises(FunctionJobError, match=f"{failed}A new name needs the job ID"):
        UpdateJob("name", "/x.py", "f", client=client).commit(new_name=True)
    with pytest.raises(FunctionJobError, match=rf"{failed}There is no job of this name \(none\)"):
        UpdateJob("none", "/x.py", "f", client=client).commit()
