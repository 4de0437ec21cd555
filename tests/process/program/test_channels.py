"""Web hooks, commands and classes of one's own, told of runs by the real program."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import Program, until
from tests.support.smtpserver import SmtpServer
from tests.support.webreceiver import Answer, Receiver, web_receiver

pytestmark = pytest.mark.slow

FAIL = "own.tests_of_it.Fail"
NOTIFY = """
[defaults]
subject = {{outcome}}: {{job}}

[rule all]
on = failure
profiles = chat, refusing, pager, board

[webhook chat]
url = {url}/hooks/T0KEN-of-chat?key=S3CRET-key
headers = Authorization: Bearer S3CRET-bearer
secret = S3CRET-of-all-signatures

[webhook refusing]
url = {url}/hooks/T0KEN-of-refusing?key=S3CRET-key
headers = Authorization: Bearer S3CRET-bearer

[command pager]
command = ./page.sh

[channel board]
class = board.py:Board
token = S3CRET-of-board
"""
BOARD = """
class Board:
    def __init__(self, options):
        self.token = options["token"]

    def send(self, notice):
        raise OSError(f"no board for {self.token}")
"""
SECRETS = ("T0KEN-of", "S3CRET-")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def program(make_program, receiver: Receiver) -> Program:
    program = make_program("--notify-config", "notify/notify.ini")
    program.environment["no_proxy"] = "*"
    folder = Path(program.folder, "notify")
    folder.mkdir()
    (folder / "notify.ini").write_text(NOTIFY.format(url=receiver.url))
    (folder / "notify.ini").chmod(0o600)
    (folder / "page.sh").write_text("#!/bin/sh\ncat > told.json\necho paged\n")
    (folder / "page.sh").chmod(0o755)
    (folder / "board.py").write_text(BOARD)
    return program


def test_a_failure_is_told_by_each_channel_and_no_secret_anywhere(
    program: Program, receiver: Receiver
) -> None:
    receiver.answers.extend([Answer(400, body=b"bad S3CRET-bearer, S3CRET-key")] * 2)
    program.start()
    assert "channels  chat, refusing, pager, board, for the rules that name them" in program.output

    execution = program.ran(program.add_job(FAIL, name="Backup"))["execution_id"]

    until(lambda: _outcomes(program, execution).get("board", ("",))[0] == "deferred")
    until(lambda: _outcomes(program, execution)["pager"][0] == "delivered")
    until(lambda: len(receiver.posts) == 2)
    until(
        lambda: (
            {_outcomes(program, execution)[name][0] for name in ("chat", "refusing")} == {"dead"}
        )
    )
    told = json.loads(Path(program.folder, "notify", "told.json").read_text())
    assert (told["channel"], told["kind"], told["to"]) == ("pager", "run", [])
    assert told["execution"]["id"] == execution
    assert told["subject"].endswith(": Backup")
    assert "The disk is full." in told["text"]
    posts = {post.path.partition("?")[0]: post for post in receiver.posts}
    assert "webhook-signature" in posts["/hooks/T0KEN-of-chat"].headers
    assert (
        "it answered 400 Bad Request (bad ***, ***)" in _outcomes(program, execution)["refusing"][1]
    )
    assert "OSError: no board for ***" in _outcomes(program, execution)["board"][1]

    listed = {each["name"]: each["kind"] for each in program.get("profiles")["profiles"]}
    assert listed == {
        "chat": "webhook", "refusing": "webhook", "pager": "command", "board": "channel",
    }  # fmt: skip
    seen = [program.output, program.log, "\n".join(_dump(program))]
    seen += [program.get(path) for path in ("system", "profiles", "defaults")]
    seen += program.pids().values()
    for secret in SECRETS:
        assert secret not in json.dumps(seen)


SPARE = """
[spare]
hostname = localhost
port = {port}
security = unencrypted
from = bots@example.org
to = ops@example.org
"""


def test_a_mail_server_stands_in_for_a_web_hook_that_fails(
    program: Program, receiver: Receiver
) -> None:
    receiver.answers.extend([Answer(503, body=b"out of order")] * 3)
    with SmtpServer() as server:
        Path(program.folder, "conf").mkdir(exist_ok=True)
        Path(program.folder, "conf", "smtp.ini").write_text(SPARE.format(port=server.port))
        Path(program.folder, "notify", "notify.ini").write_text(
            f"[rule all]\non = failure\nprofiles = chat\n"
            f"[webhook chat]\nurl = {receiver.url}/\nfallback = spare\n"
        )
        program.start()
        execution = program.ran(program.add_job(FAIL, name="Backup"))["execution_id"]
        for attempts in (1, 2):
            until(lambda number=attempts: len(receiver.posts) == number)
            until(lambda: _outcomes(program, execution)["chat"][0] == "deferred")
            # time passes
            program.change("UPDATE scheduler_outbox SET next_attempt_at = created_at")
        [mail] = server.wait_for(1)
        until(lambda: _outcomes(program, execution)["chat"][0] == "delivered")

    assert mail.recipients == ("ops@example.org",)
    assert len(receiver.posts) == 3
    assert {post.headers["webhook-id"] for post in receiver.posts} == {
        json.loads(post.body)["id"] for post in receiver.posts
    }
    [told] = program.execution(execution)["mails"]
    assert [each["profile"] for each in told["log"]] == ["chat", "chat", "chat", "spare"]


def _outcomes(program: Program, execution: str) -> dict[str, tuple[str, str]]:
    """State and last error of the mails about an execution, by channel."""
    mails = program.execution(execution)["mails"]
    return {mail["profile"]: (mail["state"], mail["last_error"] or "") for mail in mails}


def _dump(program: Program) -> list[str]:
    """All that is in the database."""
    tables = [
        row["name"] for row in program.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    return [
        "|".join(map(str, tuple(row)))
        for table in tables
        for row in program.rows(f'SELECT * FROM "{table}"')
    ]
