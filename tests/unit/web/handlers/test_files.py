"""Data files over HTTP."""

from pathlib import Path
from typing import Any

import pytest

BODY = (
    '--xyz\r\nContent-Disposition: form-data; name="file"; filename="{}"\r\n\r\n{}\r\n--xyz--\r\n'
)
FORM = {"Content-Type": "multipart/form-data; boundary=xyz"}


def upload(ask: Any, name: str, content: str) -> Any:
    return ask("POST", "/api/v1/files", BODY.format(name, content).encode(), FORM)


def test_a_file_is_uploaded_listed_and_deleted(ask: Any) -> None:
    answer = upload(ask, "hösts 1.txt", "# my hosts\n\na\nb\n# c\n")
    assert (answer.status, answer.json) == (201, {"file": "hösts 1.txt"})
    path = "/api/v1/files/h%C3%B6sts%201.txt"

    (listed,) = (
        f for f in ask("GET", "/api/v1/files").json["files"] if f["filename"] == "hösts 1.txt"
    )
    assert listed.pop("created_time").endswith("+00:00")
    assert listed == {
        "filename": "hösts 1.txt",
        "user": "ann",
        "entries": 2,
        "description": "my hosts",
    }
    assert ask("OPTIONS", path).json == {"file": "hösts 1.txt"}

    assert ask("DELETE", path).json == {"file": "hösts 1.txt"}

    assert ask("OPTIONS", path).status == 404


def test_an_upload_takes_the_place_of_the_old_file(ask: Any) -> None:
    upload(ask, "twice.txt", "1\n")
    upload(ask, "twice.txt", "1\n2\n")

    files = ask("GET", "/api/v1/files").json["files"]
    assert [f["entries"] for f in files if f["filename"] == "twice.txt"] == [2]


def test_a_file_of_some_megabytes_arrives_whole(ask: Any) -> None:
    assert upload(ask, "large.txt", "line\n" * 2_000_000).status == 201

    files = ask("GET", "/api/v1/files").json["files"]
    assert [f["entries"] for f in files if f["filename"] == "large.txt"] == [2_000_000]


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fetc%2fpasswd",
        "..%2F",
        "..",
        "%2e%2e",
        "%2e%2e%5cx",
        ".hidden",
        "a%00b",
        "a%0ab",
        "%20a",
        "x" * 300,
    ],
)
@pytest.mark.parametrize("method", ["DELETE", "OPTIONS"])
def test_names_that_lead_elsewhere_are_refused(ask: Any, method: str, name: str) -> None:
    answer = ask(method, f"/api/v1/files/{name}")

    assert answer.status == 422
    assert list(answer.json["fields"]) == ["filename"]


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".x", "/etc/passwd", "a\\\\b", "x" * 201])
def test_uploads_that_lead_elsewhere_are_refused(
    ask: Any, name: str, services: Any, tmp_path: Path
) -> None:
    answer = upload(ask, name, "content")

    assert answer.status == 422
    assert list(answer.json["fields"]) == ["filename"]


def test_a_link_out_of_the_folder_is_refused(ask: Any, services: Any, tmp_path: Path) -> None:
    upload(ask, "first.txt", "")
    folder = services.files.path("first.txt").parent
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")

    assert ask("DELETE", "/api/v1/files/link").status == 422
    assert upload(ask, "link", "overwritten").status == 422
    assert (tmp_path / "secret").read_text() == "secret"


def test_json_is_no_upload(ask: Any) -> None:
    answer = ask("POST", "/api/v1/files", {"file": "x"})

    assert answer.status == 415
    assert "-F file=@NAME" in answer.json["error"]


def test_files_put_there_by_hand_are_listed(ask: Any, services: Any) -> None:
    upload(ask, "first.txt", "")
    folder = services.files.path("first.txt").parent
    (folder / "by hand.txt").write_bytes(b"# mine\none\n\xff\n")
    (folder / ".hidden").write_text("")
    (folder / "gone").symlink_to(folder / "nowhere")

    files = {file["filename"]: file for file in ask("GET", "/api/v1/files").json["files"]}

    assert (files["by hand.txt"]["entries"], files["by hand.txt"]["description"]) == (2, "mine")
    assert files["by hand.txt"]["user"] == ""
    assert not files.keys() & {".hidden", "gone"}
