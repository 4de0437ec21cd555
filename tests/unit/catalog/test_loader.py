import json
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from botsched.catalog import Catalogue, CatalogueDescription, load
from botsched.errors import ExecutionError
from tests.unit.catalog.conftest import MakeFolder

JOB = """
    from botscheduler import *

    class Hello(JobBase):
        info = {"job_class_name": "Say hello", "notes": "Greets."}

        def run(self):
            return "hello"
"""


def names(catalogue: Catalogue) -> list[str]:
    return [info.job_class_string for info in catalogue.description().classes]


def errors(catalogue: Catalogue) -> dict[str, str]:
    return {failure.module: failure.error for failure in catalogue.description().failures}


def test_a_class_is_named_by_folder_module_and_class(make_folder: MakeFolder) -> None:
    catalogue = load([make_folder("jobs", {"greet.py": JOB, "deep/er/greet.py": JOB})])
    assert names(catalogue) == ["jobs.greet.Hello", "jobs.deep.er.greet.Hello"]
    assert catalogue.find("jobs.deep.er.greet.Hello")().run() == "hello"
    assert catalogue.find("jobs.greet.Hello").__module__ == "jobs.greet"


def test_folder_and_module_names_need_not_be_identifiers(make_folder: MakeFolder) -> None:
    catalogue = load([make_folder("my-jobs", {"say-hello.py": JOB})])
    assert names(catalogue) == ["my-jobs.say-hello.Hello"]


def test_a_description_tells_what_info_says(make_folder: MakeFolder) -> None:
    folder = make_folder("jobs", {"greet.py": JOB})
    (info,) = load([folder]).description().classes
    assert (info.name, info.notes, info.enabled) == ("Say hello", "Greets.", True)
    assert (info.module, info.file) == ("jobs.greet", str(folder / "greet.py"))


def test_packages_run_their_init_and_may_define_jobs_there(make_folder: MakeFolder) -> None:
    files = {"__init__.py": JOB + "    GREETING = 'hi'\n", "sub/__init__.py": JOB}
    files["other.py"] = "from jobs import GREETING\nimport jobs\nassert jobs.GREETING == 'hi'"
    catalogue = load([make_folder("jobs", files)])
    assert errors(catalogue) == {}
    assert names(catalogue) == ["jobs.Hello", "jobs.sub.Hello"]


@pytest.mark.parametrize(
    "statement",
    [
        "from jobs.helper import Base",
        "from .helper import Base",
        "from . import helper; Base = helper.Base",
        "import helper; Base = helper.Base",
        "from helper import Base",
        "import importlib; Base = importlib.import_module('helper').Base",
    ],
)
def test_a_helper_beside_can_be_imported_in_every_usual_way(
    make_folder: MakeFolder, statement: str
) -> None:
    helper = """
        from botscheduler import *

        class Base(JobBase):
            def run(self):
                return self.word
    """
    files = {"helper.py": helper, "a.py": f"{statement}\nclass A(Base):\n    word = 'a'\n"}
    catalogue = load([make_folder("jobs", files)])
    assert errors(catalogue) == {}
    assert names(catalogue) == ["jobs.a.A"]
    assert catalogue.find("jobs.a.A")().run() == "a"
    assert "helper" not in sys.modules


def test_a_plain_import_finds_the_helper_of_its_own_folder(make_folder: MakeFolder) -> None:
    job = JOB.replace("    class", "    import helper\n\n    class").replace(
        '"hello"', "helper.NAME"
    )
    one = make_folder("one", {"a.py": job, "helper.py": "NAME = 'one'"})
    files = {"a.py": job, "helper.py": "NAME = 'two'", "sub/b.py": job, "sub/c.py": job}
    two = make_folder("two", files | {"sub/helper.py": "NAME = 'sub'"})
    catalogue = load([one, two])
    assert errors(catalogue) == {}
    assert {name: catalogue.find(name)().run() for name in names(catalogue)} == {
        "one.a.Hello": "one",
        "two.a.Hello": "two",
        "two.sub.b.Hello": "sub",
        "two.sub.c.Hello": "sub",
    }


def test_a_plain_import_finds_the_helper_of_the_folder_above(make_folder: MakeFolder) -> None:
    job = JOB.replace("    class", "    import helper\n\n    class").replace(
        '"hello"', "helper.NAME"
    )
    catalogue = load([make_folder("jobs", {"sub/a.py": job, "helper.py": "NAME = 'above'"})])
    assert catalogue.find("jobs.sub.a.Hello")().run() == "above"


def test_a_class_belongs_to_the_module_that_defines_it(make_folder: MakeFolder) -> None:
    files = {"a.py": "from jobs.b import *\nAlias = Hello\n", "b.py": JOB}
    assert names(load([make_folder("jobs", files)])) == ["jobs.b.Hello"]


def test_a_plain_import_works_as_late_as_in_run(make_folder: MakeFolder) -> None:
    job = JOB.replace('return "hello"', "import helper; return helper.NAME")
    catalogue = load([make_folder("jobs", {"a.py": job, "helper.py": "NAME = 'late'"})])
    assert catalogue.find("jobs.a.Hello")().run() == "late"


def test_a_module_named_like_a_library_does_not_stand_in_for_it(make_folder: MakeFolder) -> None:
    user = "import json\nassert json.loads('1') == 1\n"
    catalogue = load([make_folder("jobs", {"json.py": JOB, "user.py": user})])
    assert errors(catalogue) == {}
    assert names(catalogue) == ["jobs.json.Hello"]
    assert sys.modules["json"] is json


@pytest.mark.parametrize(
    ("source", "error", "last_line"),
    [
        ("def broken(:\n", "SyntaxError: invalid syntax (bad.py, line 1)", "SyntaxError: invalid"),
        ("1 / 0", "ZeroDivisionError: division by zero", "ZeroDivisionError: division"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'", "ModuleNotFound"),
        ("import sys; sys.exit(3)", "The module called sys.exit(3) while it was", "SystemExit: 3"),
        ("class Odd(BaseException): ...\nraise Odd('x\\ny')", "Odd: x y", "y"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth", "RecursionError"),
    ],
)
def test_a_module_that_fails_is_an_entry_and_the_others_load(
    make_folder: MakeFolder, source: str, error: str, last_line: str
) -> None:
    folder = make_folder("jobs", {"bad.py": source, "good.py": JOB})
    catalogue = load([folder])
    (failure,) = catalogue.description().failures
    assert (failure.module, failure.file) == ("jobs.bad", str(folder / "bad.py"))
    assert failure.error.startswith(error)
    assert failure.traceback is not None
    assert failure.traceback.splitlines()[-1].startswith(last_line)
    assert "bad.py" in failure.traceback
    assert "importlib" not in failure.traceback
    assert "botsched" not in failure.traceback
    assert names(catalogue) == ["jobs.good.Hello"]
    with pytest.raises(ExecutionError, match=r"no job class 'jobs\.bad\.Job'.*bad\.py: "):
        catalogue.find("jobs.bad.Job")


def test_a_failing_package_is_one_entry_but_the_folder_itself_goes_on(
    make_folder: MakeFolder,
) -> None:
    files = {"__init__.py": "1 / 0", "a.py": JOB, "sub/__init__.py": "{}['k']", "sub/b.py": JOB}
    catalogue = load([make_folder("jobs", files)])
    assert errors(catalogue) == {
        "jobs": "ZeroDivisionError: division by zero",
        "jobs.sub": "KeyError: 'k'",
    }
    assert names(catalogue) == ["jobs.a.Hello"]


def test_only_leaves_of_the_inheritance_tree_are_offered(make_folder: MakeFolder) -> None:
    base = """
        from abc import ABC, abstractmethod
        from botscheduler import *

        class Base(JobBase):
            def run(self):
                return type(self).__name__

        class Helper(JobBase):
            "For others to derive from; nobody does."

        class Unfinished(JobBase, ABC):
            info = {}
            @abstractmethod
            def more(self): ...
    """
    middle = "from jobs.base import Base\nclass Middle(Base):\n    pass\n"
    leaf = "from jobs.middle import *\nclass Leaf(Middle):\n    pass\n"
    files = {"base.py": base, "middle.py": middle, "a_leaf.py": leaf, "other.py": JOB}
    catalogue = load([make_folder("jobs", files)])
    assert errors(catalogue) == {}
    assert names(catalogue) == ["jobs.a_leaf.Leaf", "jobs.other.Hello"]
    assert catalogue.find("jobs.base.Base")().run() == "Base"  # for jobs that ran it before


def test_two_modules_may_have_a_class_of_the_same_name(make_folder: MakeFolder) -> None:
    other = JOB.replace('"hello"', '"other"')
    catalogue = load([make_folder("jobs", {"a.py": JOB, "b.py": other})])
    assert [catalogue.find(f"jobs.{m}.Hello")().run() for m in "ab"] == ["hello", "other"]


def test_a_disabled_class_is_marked_and_can_still_be_run(make_folder: MakeFolder) -> None:
    job = JOB.replace('"notes"', '"enabled": False, "notes"')
    catalogue = load([make_folder("jobs", {"a.py": job})])
    assert [info.enabled for info in catalogue.description().classes] == [False]
    assert catalogue.find("jobs.a.Hello")().run() == "hello"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("info = []", "Class Bad: info must be a dictionary, not list."),
        ("info = {'arguments': 'x'}", "Class Bad: info['arguments'] must be a list, not str."),
        ("info = {'enabled': 'no'}", "Class Bad: info['enabled'] must be True or False, not str."),
        ("info = {'notes': 1}", "Class Bad: info['notes'] must be a string, not int."),
        ("info = {}; run = None", "Class Bad: run must be a method, not NoneType."),
        ("info = {}; run = JobBase.run", "Class Bad has no run() method."),
        ("async def run(self): ...", "Class Bad: run() must not be async"),
        ("@report\n    async def run(self): ...", "Class Bad: run() must not be async"),
        ("meta_info = classmethod(lambda cls: 1 / 0)", "Class Bad: meta_info() failed: ZeroDiv"),
        ("meta_info = classmethod(lambda cls: 3)", "Class Bad: what meta_info() returns must be"),
    ],
)
def test_a_class_that_cannot_be_used_is_an_entry(
    make_folder: MakeFolder, body: str, error: str
) -> None:
    source = "from botscheduler import *\nclass Base(JobBase):\n    def run(self): ...\n"
    files = {"a.py": f"{source}class Bad(Base):\n    {body}\nclass Good(Base): ...\n"}
    catalogue = load([make_folder("jobs", files)])
    (failure,) = catalogue.description().failures
    assert (failure.module, failure.class_name) == ("jobs.a", "Bad")
    assert failure.error.startswith(error)
    assert names(catalogue) == ["jobs.a.Good"]
    with pytest.raises(ExecutionError, match=r"no job class 'jobs\.a\.Bad'.*Class Bad"):
        catalogue.find("jobs.a.Bad")


def test_a_class_with_meta_info_may_use_the_name_info_for_something_else(
    make_folder: MakeFolder,
) -> None:
    source = """
        from ndscheduler.job import JobBase

        class Old(JobBase):
            @classmethod
            def meta_info(cls):
                return {"notes": "old"}

            def info(self, text):
                print(text)

            def run(self):
                self.info("x")
    """
    catalogue = load([make_folder("jobs", {"a.py": source})])
    assert [info.notes for info in catalogue.description().classes] == ["old"]


def test_an_unknown_class_is_named_in_the_error(make_folder: MakeFolder) -> None:
    catalogue = load([make_folder("jobs", {"a.py": JOB})])
    with pytest.raises(ExecutionError, match=r"^There is no job class 'jobs\.b\.No' in the job"):
        catalogue.find("jobs.b.No")


def test_folders_that_cannot_be_packages_are_entries(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    good = make_folder("jobs", {"a.py": JOB})
    others = [make_folder(name, {"a.py": JOB}) for name in ("turtle", "botsched", "x/jobs", "v1.2")]
    (tmp_path / "plain.txt").touch()
    catalogue = load([good, *others, tmp_path / "missing", tmp_path / "plain.txt", good])
    assert names(catalogue) == ["jobs.a.Hello"]
    found = errors(catalogue)
    assert "named like a Python module" in found["turtle"]  # whether it is loaded or not
    assert "named like a Python module" in found["botsched"]
    assert "Two job folders are named 'jobs'" in found["jobs"]
    assert "has a dot in it" in found["v1.2"]
    assert "cannot be read: No such file or directory" in found["missing"]
    assert "cannot be read: Not a directory" in found["plain.txt"]


def test_a_module_with_a_dot_in_its_name_is_an_entry(make_folder: MakeFolder) -> None:
    catalogue = load([make_folder("jobs", {"a.b.py": JOB, "v1.2/c.py": JOB, "d.py": JOB})])
    assert names(catalogue) == ["jobs.d.Hello"]
    assert [f.module for f in catalogue.description().failures] == ["jobs.a.b", "jobs.v1.2.c"]


def test_loading_again_reads_changed_modules_anew(make_folder: MakeFolder) -> None:
    files = {"a.py": "from .b import word\n" + JOB.replace("\n    ", "\n"), "b.py": "word = 1"}
    folder = make_folder("jobs", files)
    assert names(load([folder])) == ["jobs.a.Hello"]
    (folder / "a.py").write_text("from .b import changed\n")
    (folder / "b.py").write_text("changed = 'quite another size'\n")
    catalogue = load([folder])
    assert (names(catalogue), errors(catalogue)) == ([], {})


def test_a_description_survives_the_way_through_json(make_folder: MakeFolder) -> None:
    job = JOB.replace('"notes"', '"arguments": [{"type": "file", "description": "d"}], "notes"')
    description = load([make_folder("jobs", {"a.py": job, "b.py": "1/0"})]).description()
    assert description.classes[0].arguments[0].type == "file"
    sent = json.loads(json.dumps(description.to_data()))
    assert CatalogueDescription.from_data(sent) == description


def test_a_linked_folder_is_named_like_the_link(make_folder: MakeFolder, tmp_path: Path) -> None:
    (tmp_path / "jobs").symlink_to(make_folder("release-7", {"a.py": JOB}))
    assert names(load([tmp_path / "jobs"])) == ["jobs.a.Hello"]


def test_a_folder_in_a_package_has_the_full_name_that_python_gives_it(
    make_folder: MakeFolder,
) -> None:
    package = make_folder(
        "simple",
        {
            "__init__.py": "word = 'hello'",
            "jobs/__init__.py": "",
            "jobs/a.py": JOB + "\n    from simple import word\n    import simple.jobs.a\n",
            "more/__init__.py": "",
            "more/a.py": JOB + "\n    from simple.jobs.a import Hello as Other\n",
        },
    )
    catalogue = load([package / "jobs", package / "more", make_folder("jobs", {"a.py": JOB})])

    assert catalogue.description().failures == ()
    assert names(catalogue) == ["simple.jobs.a.Hello", "simple.more.a.Hello", "jobs.a.Hello"]


def test_a_package_that_cannot_be_imported_is_an_entry_for_each_folder_in_it(
    make_folder: MakeFolder,
) -> None:
    package = make_folder(
        "simple", {"__init__.py": "import nonesuch", "a/__init__.py": "", "b/__init__.py": ""}
    )
    catalogue = load([package / "a", package / "b"])

    found = errors(catalogue)
    assert list(found) == ["simple.a", "simple.b"]
    assert "No module named 'nonesuch'" in found["simple.b"]


def test_modules_of_the_program_are_loaded_beside_the_folders(
    make_folder: MakeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_jobs_of_ours.py").write_text(dedent(JOB))
    monkeypatch.syspath_prepend(tmp_path)

    catalogue = load([make_folder("jobs", {"greet.py": JOB})], ["own_jobs_of_ours"])

    assert names(catalogue) == ["own_jobs_of_ours.Hello", "jobs.greet.Hello"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        (
            "from botsched.errors import ExecutionError\nraise ExecutionError('Install it.')",
            "Install it.",
        ),
    ],
)
def test_a_module_of_the_program_that_lacks_something_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, error: str
) -> None:
    (tmp_path / "own_jobs_lacking.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)

    assert errors(load([], ["own_jobs_lacking"])) == {"own_jobs_lacking": error}


def test_a_job_of_ecs_needs_a_cluster() -> None:
    with pytest.raises(ExecutionError, match="without a cluster of ECS; start the server with"):
        load([]).find("botsched.ecs.task.RunTask")
