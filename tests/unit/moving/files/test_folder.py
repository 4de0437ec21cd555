"""Files in folders: found, read with all their faults, written under names that stay."""

import errno
import os
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.moving.files.content import Form
from botsched.moving.files.folder import (
    find_files,
    read_files,
    set_name,
    write_files,
)

MADE = "01a1fb65e53d76379161b5fbc3baa356"


def a_file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def members(job_id: str, name: str = "Backup", **more: object) -> dict[str, object]:
    return {"job_id": job_id, "name": name, **more}


def test_files_are_found_in_folders_below_but_for_hidden_ones(tmp_path) -> None:
    wanted = [a_file(tmp_path / name, "") for name in ("a.toml", "b/c.json")]
    for name in ("README.md", ".git/x.json", ".hidden.toml", "d.toml/e.txt"):
        a_file(tmp_path / name, "")

    assert find_files([tmp_path, wanted[0]]) == wanted


def test_what_is_not_there_is_told_all_at_once(tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError) as caught:
        find_files([tmp_path / "gone", tmp_path / "empty"])

    assert [fault.partition(" ")[2] for fault in caught.value.faults] == [
        "there is no such file or folder.",
        "holds no file of a job: no *.toml and no *.json.",
    ]


def test_both_forms_are_read_to_the_same(tmp_path) -> None:
    toml = a_file(tmp_path / "a.toml", 'a = 1\nat = 2030-01-02T03:04:05Z\n[b]\nc = ["x"]\n')
    json = a_file(
        tmp_path / "a.json", '{"a": 1, "at": "2030-01-02T03:04:05+00:00", "b": {"c": ["x"]}}'
    )

    one, other = read_files([toml, json])

    assert one.members == other.members == {
        "a": 1, "at": "2030-01-02T03:04:05+00:00", "b": {"c": ["x"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.toml", "a = ", "Invalid value"),
        ("a.toml", "a = 1\na = 2", "Cannot overwrite a value"),
        ("a.toml", "a = [nan]", "nan is no number"),
        ("a.json", "{", "Expecting property name"),
        ("a.json", "[]", "it does not hold an object"),
        ("a.json", '{"a": 1, "a": 2}', "'a' is there twice in one object"),
        ("a.json", '{"a": NaN}', "NaN is no number"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"a": ' + "7" * 5000 + "}", "understood: a number of 5000 digits is too long."),
        ("a.toml", "a = " + "7" * 5000, "understood: a number of 5000 digits is too long."),
    ],
)
def test_a_file_that_is_not_understood_is_named(tmp_path, name, text, words) -> None:
    with pytest.raises(SettingsError) as caught:
        read_files([a_file(tmp_path / name, text), a_file(tmp_path / "b.toml", "=")])

    assert len(caught.value.faults) == 2
    assert caught.value.faults[0].startswith(str(tmp_path / name))
    assert words in caught.value.faults[0]


def test_control_characters_in_names_of_files_are_told_not_printed(tmp_path) -> None:
    (tmp_path / "a\n\x1b[2J.toml").write_text("=")
    for fails in (lambda: read_files(find_files([tmp_path])), lambda: find_files([Path("b\nc")])):
        with pytest.raises(SettingsError) as caught:
            fails()
        assert caught.value.faults[0].isprintable()
        assert "\\n" in caught.value.faults[0]


def test_bytes_that_are_no_text_are_told(tmp_path) -> None:
    (tmp_path / "a.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(SettingsError, match="is not UTF-8, from byte 5 on"):
        read_files([tmp_path / "a.toml"])


def test_a_set_is_named_like_the_one_folder(tmp_path) -> None:
    inside = a_file(tmp_path / "nightly" / "a.toml", "")

    assert set_name([tmp_path / "nightly"]) == set_name([inside]) == "nightly"
    assert set_name([inside, a_file(tmp_path / "b" / "a.toml", "")]) is None


def test_files_are_named_after_chosen_ids_and_else_after_names(tmp_path) -> None:
    other = MADE[:-1] + "7"
    jobs = [
        members("db.nightly:1"), members(MADE, "Größe / Täglich"), members(other, "große täglich"),
        members(MADE[:-1] + "8", "☃"),
    ]  # fmt: skip

    write_files(tmp_path / "new" / "er", jobs, Form.TOML)

    assert sorted(path.name for path in (tmp_path / "new" / "er").iterdir()) == [
        f"{MADE[:-1]}8.toml",
        "db.nightly:1.toml",
        f"grosse-taglich-{other[-8:]}.toml",
        "grosse-taglich.toml",
    ]


def test_a_file_keeps_its_name_and_is_written_when_something_changed(tmp_path) -> None:
    own = a_file(tmp_path / "sub" / "my own name.json", '{"job_id": "a", "name": "old"}')
    other = a_file(tmp_path / "other.toml", 'job_id = "b"\n')

    first = write_files(tmp_path, [members("a"), members("c")], Form.TOML)
    again = write_files(tmp_path, [members("a"), members("c")], Form.TOML)

    assert (first.made, first.changed, first.others) == ((tmp_path / "c.toml",), (own,), (other,))
    assert (again.made, again.changed) == ((), ())
    assert again.unchanged == (own, tmp_path / "c.toml")
    assert own.read_text() == '{\n  "job_id": "a",\n  "name": "Backup"\n}\n'


def test_jobs_of_crontabs_are_named_too(tmp_path) -> None:
    place = "crontab:var.spool.cron.crontabs.ann"
    jobs = [members(f"{place}:93d00ea0045{last}") for last in ("8", "8.2")]

    written = write_files(tmp_path, jobs, Form.TOML)

    assert [path.name for path in written.made] == ["backup.toml", "backup-a00458.2.toml"]


def test_a_file_that_says_the_same_in_its_own_way_stays(tmp_path) -> None:
    own = a_file(tmp_path / "a.toml", '# Ask Ann first.\nname = "Backup"\njob_id = "a"\nx = 1\n')

    same = write_files(tmp_path, [members("a", x=1)], Form.TOML)
    other = write_files(tmp_path, [members("a", x=True)], Form.TOML)

    assert (same.unchanged, other.changed) == ((own,), (own,))


def test_a_file_is_changed_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    own = a_file(tmp_path / "elsewhere", 'job_id = "a"\n')
    own.chmod(0o640)
    link = tmp_path / "jobs" / "a.toml"
    link.parent.mkdir()
    link.symlink_to(own)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", no_space)
        with pytest.raises(SettingsError, match="cannot be written: No space left on device"):
            write_files(link.parent, [members("a")], Form.TOML)
    assert own.read_text() == 'job_id = "a"\n'
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.toml", "elsewhere", "jobs"]

    write_files(link.parent, [members("a")], Form.TOML)
    assert link.is_symlink()
    assert own.read_text() == 'job_id = "a"\nname = "Backup"\n'
    assert own.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.toml", "elsewhere", "jobs"]


def no_space(path: Path, content: bytes) -> None:
    """As a disk that becomes full in the middle."""
    with path.open("wb") as file:
        file.write(content[:3])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_of_toml_that_cannot_say_it_is_told(tmp_path) -> None:
    own = a_file(tmp_path / "a.toml", 'job_id = "a"\n')

    with pytest.raises(SettingsError, match=r"a\.toml: TOML cannot say null, .*written as JSON"):
        write_files(tmp_path, [members("a", pub_args=[None])], Form.TOML)

    assert own.read_text() == 'job_id = "a"\n'


def test_the_file_of_another_job_is_never_written_over(tmp_path) -> None:
    taken = [a_file(tmp_path / name, f'job_id = "{name}"\n') for name in ("a.toml", "a-2.toml")]

    written = write_files(tmp_path, [members("a")], Form.TOML)

    assert written.made == (tmp_path / "a-3.toml",)
    assert [path.read_text() for path in taken] == ['job_id = "a.toml"\n', 'job_id = "a-2.toml"\n']


def test_null_among_arguments_is_written_in_json(tmp_path) -> None:
    written = write_files(tmp_path, [members("a", pub_args=[None])], Form.TOML)

    assert [path.name for path in written.made] == ["a.json"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    a_file(tmp_path / "file", "")
    with pytest.raises(SettingsError, match="cannot be written: "):
        write_files(tmp_path / "file" / "in", [members("a")], Form.TOML)
