"""Where the page's files are found."""

from pathlib import Path

import pytest

from botsched.web.assets import Assets


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


def test_what_all_views_share_is_loaded_ahead_and_a_views_own_modules_are_not(folder: Path) -> None:
    assets = Assets(folder)

    assert assets.modules == [assets.path("app/api.js"), assets.path("app/ui/icon.js")]
    assert assets.sheets[1:] == [assets.path("style/a.css")]
