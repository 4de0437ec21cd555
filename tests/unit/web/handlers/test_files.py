"""Data files over HTTP."""

import socket
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import pytest

from botsched.web.handlers.files import File

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
    assert listed.pop("modified_time").endswith("+00:00")
    assert listed == {
        "size": 20,
        "used_by": [],
        "used_by_count": 0,
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
@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
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


def test_a_file_that_grows_is_sent_as_long_as_it_was(
    ask: Any, services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.files.put("growing.log", b"first", "ann")
    read_chunk = File._chunk

    async def grown(self: File, file: BinaryIO, most: int) -> bytes:
        with services.files.path("growing.log").open("ab") as writing:
            writing.write(b" and more")
        return await read_chunk(self, file, most)

    monkeypatch.setattr(File, "_chunk", grown)

    assert ask("GET", "/api/v1/files/growing.log").body == b"first"


HOSTILE = "<img src=x onerror=alert(1)> 'a\"; ü%41"


def test_a_file_is_sent_to_be_saved_whatever_is_in_it(ask: Any, services: Any) -> None:
    content = b"<script>alert(1)</script>\0" + b"x" * 1_000_000
    services.files.put(HOSTILE, content, "eve")

    answer = ask("GET", f"/api/v1/files/{quote(HOSTILE, safe='')}")

    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"<img src=x onerror=alert(1)> 'a_; __41\"; filename*=UTF-8''"
        "%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%20%27a%22%3B%20%C3%BC%2541"
    )


def test_the_head_of_a_file_tells_its_length(ask: Any, services: Any) -> None:
    services.files.put("head.txt", b"12345", "ann")

    answer = ask("HEAD", "/api/v1/files/head.txt")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "5", b"")
    assert ask("HEAD", "/api/v1/files/nothing.txt").status == 404


def test_a_file_is_read_as_text_written_and_read_again(ask: Any, services: Any) -> None:
    services.files.put("edit.txt", "# ☃\r\none\n".encode(), "ann")
    path = "/api/v1/files/edit.txt"
    seen = ask("GET", f"{path}?format=json").json
    assert (seen["text"], seen["complete"], seen["description"]) == ("# ☃\r\none\n", True, "☃")

    written = ask("PUT", path, seen | {"text": "two\n"})

    assert (written.status, written.json["file"]) == (200, "edit.txt")
    again = ask("GET", f"{path}?format=json").json
    assert (again["text"], again["version"]) == ("two\n", written.json["version"])
    late = ask("PUT", path, {"text": "three\n", "version": seen["version"]})
    assert late.status == 409
    assert "was changed meanwhile" in late.json["error"]


def test_a_new_file_is_written_only_where_there_is_none(ask: Any) -> None:
    body = {"text": "one\n", "version": ""}

    assert ask("PUT", "/api/v1/files/new%20one.txt", body).status == 200
    assert ask("PUT", "/api/v1/files/new%20one.txt", body).status == 409
    assert ask("GET", "/api/v1/files/new%20one.txt").body == b"one\n"


@pytest.mark.parametrize("content", [b"\0", b"x" * (512 * 1024 + 1)])
def test_what_is_not_shown_as_a_whole_cannot_be_sent_back(
    ask: Any, services: Any, content: bytes
) -> None:
    services.files.put("odd", content, "ann")
    shown = ask("GET", "/api/v1/files/odd?format=json").json
    assert shown["version"] is None

    assert ask("PUT", "/api/v1/files/odd", shown).status == 400
    assert ask("GET", "/api/v1/files/odd").body == content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": 3}, 400),
        ({"text": "x", "mode": "0777"}, 400),
        ({"text": "a\0b"}, 422),
        ({"text": "x" * 600_000}, 422),
        ({"text": "x" * 1_100_000}, 413),
    ],
)
def test_texts_that_make_no_sense_are_refused(ask: Any, body: Any, status: int) -> None:
    assert ask("PUT", "/api/v1/files/refused.txt", body).status == status
    assert ask("GET", "/api/v1/files/refused.txt").status == 404


def test_a_format_that_is_not_known_is_refused(ask: Any) -> None:
    assert ask("GET", "/api/v1/files/x?format=html").status == 400


def test_a_client_that_goes_in_the_middle_leaves_nothing_behind(
    ask: Any, server: Any, services: Any
) -> None:
    services.files.put("much", b"x" * 20_000_000, "ann")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in ask.headers.items())
        connection.sendall(f"GET /api/v1/files/much HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")

    assert len(ask("GET", "/api/v1/files/much").body) == 20_000_000
