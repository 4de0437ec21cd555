"""A program written for ndscheduler, run as it is."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.program import TREE, Program

FILES = {
    "simple/__init__.py": "",
    "simple/settings.py": """
        import logging

        DEBUG = True
        HTTP_PORT = PORT
        HTTP_ADDRESS = '0.0.0.0'
        logging.getLogger().setLevel(logging.DEBUG)
        JOB_CLASS_PACKAGES = ['simple.jobs']
        SCHEDULER_CLASS = 'simple.around.Scheduler'
    """,
    "simple/around.py": """
        from ndscheduler.corescheduler.core.base import BaseScheduler

        class Scheduler(BaseScheduler):
            @classmethod
            def pre_run(cls, job_class, job_id, execution_id, *args, **kwargs):
                print('pre_run of', job_class.__name__, job_id, args)

            @classmethod
            def post_run(cls, job_class, job_id, execution_id, result_json, *args, **kwargs):
                print('post_run with', result_json)
    """,
    "simple/scheduler.py": """
        from ndscheduler.server import server

        class Mine(server.SchedulerServer):
            def post_scheduler_start(self):
                if len(self.scheduler_manager.get_jobs()) == 0:
                    job_id = self.scheduler_manager.add_job(
                        job_class_string='simple.jobs.words.Words',
                        name='Words',
                        pub_args=['one', {'two': 2}],
                        minute='*/1')
                    self.scheduler_manager.pause_job(job_id)
                    job = self.scheduler_manager.get_job(job_id)
                    print('added', job.name, job.next_run_time, job.trigger.fields[6])

            def post_scheduler_stop(self):
                print('stopped with', len(self.scheduler_manager.get_jobs()))

        if __name__ == "__main__":
            Mine.run()
    """,
    "simple/jobs/__init__.py": "",
    "simple/jobs/words.py": """
        from ndscheduler import job

        class Words(job.JobBase):
            @classmethod
            def meta_info(cls):
                return {
                    'job_class_string': '%s.%s' % (cls.__module__, cls.__name__),
                    'notes': 'Gives back two words.',
                    'arguments': [{'type': 'string', 'description': 'one'}],
                    'example_arguments': '["one", "two"]'}

            def run(self, first, second, *args, **kwargs):
                return [first, second]
    """,
}


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    environment = {
        "NDSCHEDULER_SETTINGS_MODULE": "simple.settings",
        "PYTHONPATH": f".:{TREE}",
        "BOTS_SCHEDULER_NO_PROXY": "1",
    }
    command = (sys.executable, "-u", "simple/scheduler.py")
    program = Program(tmp_path, (), environment, direct=True, command=command)
    for name, source in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(dedent(source).replace("PORT\n", f"{program.port + 1}\n"))
    try:
        yield program.start()
    finally:
        program.clean_up()


def test_a_program_for_ndscheduler_runs_unchanged(program: Program) -> None:
    assert "added Words None */1" in program.output
    assert "ndscheduler: DEBUG: " in program.output
    assert "DEBUG" not in program.log
    [job] = program.get("jobs")["jobs"]
    assert job["job_class_string"] == "simple.jobs.words.Words"
    assert (job["trigger"], job["trigger_params"]["minute"]) == ("cron", "*/1")

    run = program.ran(job["job_id"])
    assert run["result"] == '["one", {"two": 2}]'
    printed = program.text_of(run["execution_id"])
    assert printed.startswith(f"pre_run of Words {job['job_id']} ('one', {{'two': 2}})\n")
    assert "post_run with [\n" in printed

    assert program.stop() == 0
    assert "stopped with 1" in program.output
    assert (program.folder / "datastore.db").exists()
