"""What a browser is told to load ahead."""

from pathlib import Path

import pytest

from botsched.web.assets import FOLDER
from botsched.web.handlers.page import routes
from botsched.web.imports import Imports, closure

SOURCES = {
    "app/main.js": 'import { a } from "./areas.js";\nimport "./api.js";\n',
    "app/areas.js": """
export const AREAS = [
  { path: "", nav: "x", view: () => import("./views/home.js") },
  { path: "jobs/:id", nav: "x", view: () => import("./views/job.js") },
  { path: "jobs/new", nav: "x", view: () => import("./views/form.js") },
];
""",
    "app/api.js": "/* no */import{b}from'./no.js';\nexport { c } from \"../vendor/c.js\";\n",
    "app/views/home.js": "",
    "app/views/job.js": "import {\n  d,\n  e,\n} from './part.js';\nconst from = \"./no.js\";\n",
    "app/views/part.js": 'import { f } from "./job.js";\nconst g = () => import("./later.js");\n',
    "app/views/form.js": 'import{h}from"../api.js";import{i}from"./part.js";let j;\n',
    "vendor/c.js": "export function k(l) { return l.querySelector('.no[js]'); }",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    return tmp_path


def test_modules_are_followed_to_all_that_they_import_before_they_run(folder: Path) -> None:
    assert closure(folder, ["app/views/form.js"]) == {
        *("app/views/form.js", "app/views/part.js", "app/views/job.js"),
        *("app/api.js", "vendor/c.js"),
    }


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/", {"app/views/home.js"}),
        ("/jobs/42", {"app/views/job.js", "app/views/part.js"}),
        ("/jobs/new", {"app/views/form.js", "app/views/part.js", "app/views/job.js"}),
        ("/elsewhere", set()),
    ],
)
def test_each_address_has_the_modules_of_all_and_those_of_its_view(
    folder: Path, address: str, own: set[str]
) -> None:
    common = {"app/areas.js", "app/api.js", "vendor/c.js"}

    assert set(Imports(folder).of(address)) == common | own


@pytest.mark.parametrize("path", [route.path for route in routes])
def test_each_view_of_the_page_is_known(path: str) -> None:
    modules = Imports(FOLDER).of(path.replace("{name}", "some"))

    assert [name for name in modules if name.count("/") == 3 and "/shell/" not in name]
    assert all((FOLDER / name).is_file() for name in modules)
