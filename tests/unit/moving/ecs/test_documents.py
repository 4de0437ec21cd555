import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.moving.ecs.documents import Document, documents


def make_database(file: Path, statement: str, *rows: tuple[str, str]) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        for row in rows:
            connection.execute("INSERT INTO jobs VALUES (?, ?)", row)
        connection.commit()
    return file


def test_a_database_gives_the_rows_of_its_table(tmp_path: Path) -> None:
    table = "CREATE TABLE jobs(id TEXT PRIMARY KEY NOT NULL, data JSONTEXT NOT NULL)"
    file = make_database(tmp_path / "#1 jobs?.db", table, ("b", "{}"), ("a", '{"x": 1}'))

    assert list(documents(file)) == [
        Document(f"{file}: a", "a", '{"x": 1}'),
        Document(f"{file}: b", "b", "{}"),
    ]
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_folder_gives_its_json_files(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "a.b.json").write_bytes(b'"\xff"')
    (tmp_path / "other.txt").write_text("{}")

    assert [(each.job_id, each.text) for each in documents(tmp_path)] == [
        ("a.b", '"\ufffd"'),
        ("b", "{}"),
    ]
    assert [each.job_id for each in documents(tmp_path / "b.json")] == ["b"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    other = make_database(tmp_path / "other.db", "CREATE TABLE things(id INT)")

    with pytest.raises(SettingsError, match="is no database of ECS Scheduler: no such table: jobs"):
        list(documents(other))
    with pytest.raises(SettingsError, match="gone: No such file or directory"):
        list(documents(tmp_path / "gone"))
