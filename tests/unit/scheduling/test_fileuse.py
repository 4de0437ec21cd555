"""Which jobs use which files."""

import pytest

from botsched.catalog import Argument, CatalogueDescription, JobClassInfo
from botsched.domain.datafile import FileUse
from botsched.scheduling.fileuse import file_use, named_files
from tests.support.values import a_job

TEXT = Argument("string", "")
FILE = Argument("file", "")


def known(name: str, *arguments: Argument) -> JobClassInfo:
    return JobClassInfo(name, name, "", arguments, "", "", True, "", "")


@pytest.mark.parametrize(
    ("arguments", "declared", "expected"),
    [
        (["a", "b", "c"], (TEXT, FILE), {"b"}),
        (["a"], (TEXT, FILE), set()),
        (["a", "b"], (TEXT, TEXT), set()),
        (["./a"], (FILE,), {"a"}),
        ([None, 3, "", ["a"]], (FILE, FILE, FILE, FILE), set()),
        ({"x": "a", "y": "b"}, (TEXT, Argument("file", "", "y")), {"b"}),
        ({"x": "a"}, (Argument("file", "", "y"),), set()),
        ({"x": "a", "y": "b"}, (FILE,), {"a", "b"}),
        (["a", 1, "b"], None, {"a", "b"}),
        ({"x": "a", "y": {}}, None, {"a"}),
        (["a"], (), set()),
    ],
)
def test_files_are_what_arguments_of_that_type_name(arguments, declared, expected) -> None:
    assert set(named_files(arguments, declared)) == expected


def test_each_file_tells_its_jobs_by_name(record) -> None:
    record.add(
        a_job(id="1", name="b", job_class="jobs.Check", arguments=["hosts", "x"]),
        a_job(id="2", name="a", job_class="jobs.Check", arguments=["hosts", "hosts"]),
        a_job(id="3", name="c", job_class="jobs.Print", arguments=["hosts"]),
        a_job(id="4", name="d", job_class="gone.Gone", arguments=["hosts"]),
    )
    catalogue = CatalogueDescription((known("jobs.Check", FILE, FILE), known("jobs.Print", TEXT)))

    use = record.store.read(lambda session: file_use(session, catalogue))

    assert use == {
        "hosts": FileUse(3, (("2", "a"), ("1", "b"), ("4", "d"))),
        "x": FileUse(1, (("1", "b"),)),
    }


def test_of_very_many_jobs_the_first_are_named(record) -> None:
    record.add(*(a_job(id=str(n), name=f"job {n:03}", arguments=["hosts"]) for n in range(50)))

    use = record.store.read(lambda session: file_use(session, CatalogueDescription()))

    assert use["hosts"].count == 50
    assert [name for _, name in use["hosts"].jobs] == [f"job {n:03}" for n in range(20)]
