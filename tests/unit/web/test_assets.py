"""Where the page's files are found."""

import shutil
from pathlib import Path

import pytest

from botsched.errors import NotFoundError
from botsched.web.assets import FOLDER, Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_an_address_changes_with_any_content_and_with_nothing_else(folder: Path) -> None:
    before = Assets(folder).path("app/main.js")
    assert Assets(folder).path("app/main.js") == before

    (folder / "style/base.css").write_text("other")

    assert Assets(folder).path("app/main.js") != before


def test_sheets_and_libraries_come_in_one_each_in_their_order(folder: Path) -> None:
    (folder / "style/zz.css").write_text(".last { color: red; }")
    assets = Assets(folder)

    sheet, script = assets.find(assets.sheet).content, assets.find(assets.libraries).content

    assert sheet.startswith((folder / "vendor/bootstrap/css/bootstrap.min.css").read_bytes())
    assert sheet.endswith(b".last { color: red; }")
    places = [script.index(word) for word in (b"jQuery v", b"underscore", b"Bootstrap v")]
    assert places == sorted(places)


def test_a_file_of_another_version_is_not_found(folder: Path) -> None:
    former = Assets(folder).path("app/main.js")
    (folder / "style/base.css").write_text("other")
    assets = Assets(folder)

    assert assets.find(assets.path("app/main.js")).media_type == "text/javascript; charset=utf-8"
    for address in (former, assets.path("none.js"), assets.path("../assets.py")):
        with pytest.raises(NotFoundError):
            assets.find(address)
