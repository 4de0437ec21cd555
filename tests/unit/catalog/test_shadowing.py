"""Job modules written for other schedulers, loaded unchanged."""

import importlib
from pathlib import Path

import pytest

from botsched.catalog import load
from botsched.job.invoke import invoke
from botsched.job.outcome import Call
from tests.unit.catalog.conftest import MakeFolder

NDSCHEDULER_STYLE = '''
"""A job in the manner of ndscheduler's documentation."""
from {import_from} import job


class CountJob(job.JobBase):

    @classmethod
    def meta_info(cls):
        return {{
            'job_class_string': '%s.%s' % (cls.__module__, cls.__name__),
            'notes': 'Counts the letters of words.',
            'arguments': [
                {{'type': 'string', 'description': 'first word'}},
                {{'type': 'string', 'description': 'second word'}}
            ],
            'example_arguments': '["first", "second"]'
        }}

    @classmethod
    def get_succeeded_description(cls, result=None):
        return 'counted %d' % result['letters']

    def run(self, first, second, *args, **kwargs):
        print('counting for %s' % self.execution_id)
        return {{'letters': len(first + second), 'job': self.job_id}}


if __name__ == '__main__':
    job = CountJob.create_test_instance()
    job.run('a', 'b')
'''


@pytest.mark.parametrize("import_from", ["ndscheduler", "ndscheduler.corescheduler"])
def test_a_job_module_for_ndscheduler_loads_and_runs(
    make_folder: MakeFolder, import_from: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = NDSCHEDULER_STYLE.format(import_from=import_from)
    catalogue = load([make_folder("jobs", {"count_job.py": source})])
    assert catalogue.description().failures == ()
    (info,) = catalogue.description().classes
    assert info.job_class_string == "jobs.count_job.CountJob"
    assert info.name == "CountJob"
    assert info.notes == "Counts the letters of words."
    assert [argument.description for argument in info.arguments] == ["first word", "second word"]
    assert info.example_arguments == '["first", "second"]'

    outcome = invoke(catalogue.find(info.job_class_string), Call("j1", "e1", ["ab", "cde"]))
    assert outcome.succeeded
    assert outcome.result == {"letters": 5, "job": "j1"}
    assert outcome.description == "counted 5"
    assert capsys.readouterr().out == "counting for e1\n"


def test_the_base_class_can_be_imported_by_its_name(make_folder: MakeFolder) -> None:
    source = "from ndscheduler.job import JobBase\nclass J(JobBase):\n    def run(self): return 1\n"
    other = source.replace("ndscheduler.job", "ndscheduler.corescheduler.job")
    catalogue = load([make_folder("jobs", {"a.py": source, "b.py": other})])
    found = [info.job_class_string for info in catalogue.description().classes]
    assert found == ["jobs.a.J", "jobs.b.J"]


def test_what_else_ndscheduler_has_is_a_plain_import_failure(make_folder: MakeFolder) -> None:
    catalogue = load([make_folder("jobs", {"a.py": "import ndscheduler.server.handlers\n"})])
    (failure,) = catalogue.description().failures
    assert failure.error == "ModuleNotFoundError: No module named 'ndscheduler.server.handlers'"


def test_another_ndscheduler_is_shadowed(
    make_folder: MakeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder("other/ndscheduler", {"__init__.py": "", "job.py": "raise RuntimeError('theirs')"})
    monkeypatch.syspath_prepend(tmp_path / "other")
    importlib.import_module("ndscheduler")
    source = NDSCHEDULER_STYLE.format(import_from="ndscheduler")

    assert load([make_folder("jobs", {"a.py": source})]).description().failures == ()


def test_settings_and_helpers_of_ndscheduler_are_there_for_jobs(
    make_folder: MakeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
        from ndscheduler import constants, settings, utils
        from ndscheduler.corescheduler import constants as later, utils as more
        from ndscheduler.job import JobBase

        assert (settings.WORD, settings.THREAD_POOL_SIZE) == ("swordfish", 4)
        assert utils.import_from_path("ndscheduler.job.JobBase") is JobBase
        assert later.EXECUTION_STATUS_DICT is constants.EXECUTION_STATUS_DICT
        assert len(more.generate_uuid()) == 32
    """
    (tmp_path / "settings_of_mine.py").write_text("WORD = 'swordfish'")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("NDSCHEDULER_SETTINGS_MODULE", "settings_of_mine")

    assert load([make_folder("jobs", {"a.py": source})]).description().failures == ()


BOTSCHEDULER_STYLE = """
from botscheduler import *


class FileReport(JobBase):
    info = {
        'job_class_name': "Lines of a file",
        'notes': "This reports on a data file",
        'arguments': [
            {'type': "file", 'description': "Data file"},
            {'type': "string", 'description': "Heading"},
        ],
        'example_arguments': '["hosts.txt", "Hosts"]',
        'report_title': "Hosts",
        'enabled': True,
    }

    @report
    def run(self, path, heading, *args, **kwargs):
        with open(path) as f:
            lines = f.read().splitlines()
        yield Title(heading)
        yield Section("Lines")
        yield List(lines)
        yield Table([[n, l] for n, l in enumerate(lines, 1)], ["#", "line"])
"""


def test_a_job_module_for_bots_scheduler_loads_and_runs(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "hosts.txt").write_text("alpha\nbeta\n")
    catalogue = load([make_folder("jobs", {"file_report.py": BOTSCHEDULER_STYLE})])
    (info,) = catalogue.description().classes
    assert (info.name, info.report_title) == ("Lines of a file", "Hosts")

    job_class = catalogue.find("jobs.file_report.FileReport")
    outcome = invoke(job_class, Call("j", "e", ["hosts.txt", "Hosts"], data))
    assert (outcome.error, outcome.result) == (None, None)
    assert outcome.report is not None
    assert [type(item).__name__ for item in outcome.report] == [
        "Title",
        "Section",
        "List",
        "Table",
    ]
