import pytest

from botsched.bootstrap import pythons
from botsched.bootstrap.errors import BootstrapError
from tests.unit.bootstrap.conftest import FakePython


def test_the_newest_is_chosen_by_number_and_not_by_name(fake_python: FakePython) -> None:
    fake_python("python3.9", "3.9.18")
    fake_python("python3", "3.12.1")
    newest = fake_python("python3.11", "3.13.0")

    assert pythons.choose().path == str(newest)


def test_one_that_does_not_run_is_passed_over(fake_python: FakePython) -> None:
    fake_python("python3.13", "3.13.0", runs=False)
    works = fake_python("python3.11", "3.11.7")

    assert pythons.choose().path == str(works)


def test_one_that_lacks_modules_is_passed_over(fake_python: FakePython) -> None:
    fake_python("python3.13", "3.13.0", "ensurepip")
    whole = fake_python("python3.11", "3.11.2")

    assert pythons.choose().path == str(whole)


def test_a_preview_is_passed_over(fake_python: FakePython) -> None:
    fake_python("python3.15", "3.15.0", level="alpha")
    final = fake_python("python3.11", "3.11.2")

    assert pythons.choose().path == str(final)


def test_other_programs_of_the_family_are_not_asked(fake_python: FakePython) -> None:
    fake_python("python3-config", "3.13.0")
    fake_python("python3.13-gdb.py", "3.13.0")

    with pytest.raises(BootstrapError, match="none was found here"):
        pythons.choose()


def test_one_minor_version_can_be_asked_for(fake_python: FakePython) -> None:
    fake_python("python3.13", "3.13.0")
    older = fake_python("python3.11", "3.11.2")

    assert pythons.choose((3, 11)).path == str(older)


def test_too_old_a_python_is_told_with_the_cure(fake_python: FakePython) -> None:
    path = fake_python("python3", "3.6.15")

    with pytest.raises(BootstrapError) as caught:
        pythons.choose()

    assert str(caught.value).startswith(
        f"Python 3.11 or newer is needed; the newest found here is Python 3.6.15 ({path}). Install"
    )


def test_the_missing_package_of_debian_is_named(fake_python: FakePython) -> None:
    path = fake_python("python3", "3.11.2", "ensurepip")

    with pytest.raises(BootstrapError) as caught:
        pythons.choose()

    assert str(caught.value) == (
        f"Python 3.11.2 ({path}) lacks ensurepip. "
        "On Debian and Ubuntu: apt install python3.11-venv."
    )


def test_a_python_named_in_the_environment_is_taken(
    fake_python: FakePython, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_python("python3.13", "3.13.0")
    named = fake_python("python3.11", "3.11.2")
    monkeypatch.setenv(pythons.CHOICE, "python3.11")

    assert pythons.choose().path == str(named)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("python3.14", "there is no Python that runs under this name"),
        ("python3.9", "this is Python 3.9.1"),
        ("python3.12", "lacks ssl. It was built without"),
    ],
)
def test_a_named_python_of_no_use_is_told(
    fake_python: FakePython, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
) -> None:
    fake_python("python3.9", "3.9.1")
    fake_python("python3.12", "3.12.1", "ssl")
    fake_python("python3.13", "3.13.0")
    monkeypatch.setenv(pythons.CHOICE, name)

    with pytest.raises(BootstrapError, match=fault):
        pythons.choose()
