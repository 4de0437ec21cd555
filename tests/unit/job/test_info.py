from typing import Any

import pytest

import botscheduler
from botsched.job import JobBase
from botsched.job.info import Argument, JobClassInfo, describe


class Job(JobBase):
    def run(self) -> None: ...


def described(**info: Any) -> JobClassInfo:
    return describe(type("Job", (Job,), {"info": info, "__module__": "jobs.some"}))


def test_everything_may_be_left_off() -> None:
    assert described() == JobClassInfo(
        job_class_string="jobs.some.Job",
        name="Job",
        notes="",
        arguments=(),
        example_arguments="",
        report_title="",
        enabled=True,
        module="jobs.some",
        file="",
    )


def test_arguments_keep_their_order_and_may_have_names() -> None:
    entries = [{"type": "int", "description": "d", "name": "n", "other": 1}, {}]
    assert described(arguments=entries).arguments == (
        Argument("int", "d", "n"),
        Argument("string", "", None),
    )


@pytest.mark.parametrize("given", ['["a", 1]', ["a", 1]])
def test_example_arguments_are_json_as_text_or_as_values(given: Any) -> None:
    assert described(example_arguments=given).example_arguments == '["a", 1]'


def test_texts_are_kept_as_they_are_but_not_without_end() -> None:
    info = described(notes="<b>\n  two lines  ", job_class_name="n" * 9999)
    assert info.notes == "<b>\n  two lines  "
    assert len(info.name) == 200


def test_meta_info_gives_the_keys_that_ndscheduler_knows() -> None:
    class Told(Job):
        info = {"notes": "n"}

    assert Told.meta_info() == {
        "job_class_string": f"{__name__}.{Told.__qualname__}",
        "notes": "n",
        "arguments": [],
        "example_arguments": "",
    }
    assert Told.create_test_instance().job_id is None
    assert Told.run_job("j", "e") is None


def test_botscheduler_gives_authors_all_they_need() -> None:
    names: dict[str, Any] = {}
    exec("from botscheduler import *", names)
    items = "Title Section Subsection Text Code Data File Image List Plot Table"
    expected = {"JobBase", "JobError", "report", *items.split()}
    assert expected == set(botscheduler.__all__)
    assert expected <= set(names)
