"""The names of job folders."""

from pathlib import Path

import pytest

from botsched.domain.packages import outermost, package_name


@pytest.mark.parametrize(
    ("packages", "name", "top"),
    [
        ((), "c", "a/b/c"),
        (("a/b/c",), "c", "a/b/c"),
        (("a/b",), "c", "a/b/c"),
        (("a/b", "a/b/c"), "b.c", "a/b"),
        (("a", "a/b", "a/b/c"), "a.b.c", "a"),
        (("a", "a/b/c"), "c", "a/b/c"),
    ],
)
def test_a_package_in_packages_has_all_their_names(
    tmp_path: Path, packages: tuple[str, ...], name: str, top: str
) -> None:
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    for package in packages:
        (tmp_path / package / "__init__.py").touch()

    assert package_name(folder) == name
    assert outermost(folder) == tmp_path / top
