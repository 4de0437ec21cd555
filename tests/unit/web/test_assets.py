"""Where the page's files are found."""

from pathlib import Path

import pytest

from botsched.web.assets import Assets, closure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "app/main.js",
        "app/api.js",
        "app/ui/icon.js",
        "app/views/jobs/list.js",
        "style/a.css",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_an_address_changes_with_any_content_and_with_nothing_else(folder: Path) -> None:
    before = Assets(folder).path("app/main.js")
    assert Assets(folder).path("app/main.js") == before

    (folder / "style/a.css").write_text("other")

    assert Assets(folder).path("app/main.js") != before


def test_modules_are_followed_to_all_that_they_import(folder: Path) -> None:
    for name, source in {
        "app/main.js": 'import { a } from "./api.js";\nlet b = () => import("./views/b.js");\n',
        "app/api.js": 'import "./ui/icon.js";\nexport { c } from "../vendor/c.js";\n',
        "app/ui/icon.js": "import {\n  d,\n  e,\n} from '../api.js';\nconst from = \"./no.js\";\n",
        "vendor/c.js": "var f;",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)

    found = closure(folder, ["app/main.js"])

    assert found == ["app/api.js", "app/main.js", "app/ui/icon.js", "vendor/c.js"]
    assert Assets(folder).modules == [
        Assets(folder).path(name) for name in found if name != "app/main.js"
    ]


def test_what_all_views_share_is_loaded_ahead_and_a_views_own_modules_are_not(folder: Path) -> None:
    assets = Assets(folder)

    assert assets.modules == [assets.path("app/ui/icon.js")]
    assert assets.sheets[1:] == [assets.path("style/a.css")]
