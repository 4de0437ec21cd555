import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.moving.crontab.lines import Crontab, Dialect, Entry, Fault, parse, split_command


def read(text: str | bytes, *, users: bool = False, dialect: Dialect = Dialect.DEBIAN) -> Crontab:
    return parse(text.encode() if isinstance(text, str) else text, dialect, user_column=users)


def only(text: str | bytes, **how: bool) -> Entry:
    [entry] = read(text, **how).lines
    assert isinstance(entry, Entry)
    return entry


def refused(text: str | bytes, **how: bool) -> Fault:
    [fault] = read(text, **how).lines
    assert isinstance(fault, Fault)
    assert fault.cure
    return fault


@pytest.mark.parametrize(
    ("line", "when", "command"),
    [
        ("* * * * * true", "* * * * *", "true"),
        ("  \t*/5 0\t1-3 jan,feb\tmon   /bin/x  a  b", "*/5 0 1-3 jan,feb mon", "/bin/x  a  b"),
        ("@daily\t/bin/x", "@daily", "/bin/x"),
        ("@every_minute x", "@every_minute", "x"),
        ("-*/5 * * * * x", "*/5 * * * *", "x"),
        ("5 4 * * * X=1 y # z", "5 4 * * *", "X=1 y # z"),
        ("5 4 * * * =x", "5 4 * * *", "=x"),
    ],
)
def test_times_and_command(line: str, when: str, command: str) -> None:
    entry = only(f"{line}\n")
    assert (entry.when, entry.command, entry.user, entry.stdin) == (when, command, None, "")


@pytest.mark.parametrize(
    ("line", "user", "command"),
    [
        ("* * * * * root true", "root", "true"),
        ("* * * * *\troot\t  cd / && x y", "root", "cd / && x y"),
        ("@hourly www-data x", "www-data", "x"),
    ],
)
def test_the_user_of_a_system_crontab(line: str, user: str, command: str) -> None:
    entry = only(f"{line}\n", users=True)
    assert (entry.user, entry.command) == (user, command)


@pytest.mark.parametrize(
    ("text", "command", "stdin"),
    [
        ("cat%a%b", "cat", "a\nb\n"),
        ("cat%", "cat", ""),
        ("cat%a%", "cat", "a\n"),
        ("cat %%  a", "cat ", "\n  a\n"),
        (r"date +\%F", "date +%F", ""),
        (r"x '\%'%\%1%\\2\3%", "x '%'", "%1\n\\\\2\\3\n"),
        (r"echo \\\%", r"echo \%", ""),
        (r"echo \\%in", "echo \\", "in\n"),
        (r"sed 's/\\/x/'", r"sed 's/\/x/'", ""),
        (r"grep '\.'", r"grep '\.'", ""),
        ("x \\", "x \\", ""),
        ('"a%b"', '"a', 'b"\n'),
    ],
)
def test_percent_signs_as_the_cron_of_debian_has_them(text: str, command: str, stdin: str) -> None:
    assert split_command(text, Dialect.DEBIAN) == (command, stdin)


def test_cronie_leaves_two_backslashes() -> None:
    assert split_command(r"sed 's/\\/x/' \%", Dialect.CRONIE) == (r"sed 's/\\/x/' %", "")


@pytest.mark.parametrize(
    ("line", "variables"),
    [
        ("A=b", {"A": "b"}),
        ("  A =  b c   ", {"A": "b c"}),
        ('A="  b "', {"A": "  b "}),
        ("A=' b'  ", {"A": " b"}),
        ('"A"=b', {"A": "b"}),
        ("'A B'=c", {"A B": "c"}),
        ('A=b"c"', {"A": 'b"c"'}),
        ("A=$B # c", {"A": "$B # c"}),
        ("A=", {"A": ""}),
        ('A=""', {"A": ""}),
        ("A=b=c", {"A": "b=c"}),
    ],
)
def test_variables(line: str, variables: dict[str, str]) -> None:
    assert only(f"{line}\n* * * * * x\n").variables == variables


def test_variables_hold_for_the_lines_below() -> None:
    first, second = read("* * * * * a\nA=1\nB=2\n* * * * * b\nA=3\n* * * * * c\n").entries[1:]
    assert first.variables == {"A": "1", "B": "2"}
    assert second.variables == {"A": "3", "B": "2"}


def test_the_comment_right_above_belongs_to_a_line() -> None:
    text = "# far\n\n# one\n#  two \n* * * * * a\n* * * * * b\n# of A\nA=1\n* * * * * c\n"
    assert [entry.comment for entry in read(text).entries] == [("one", "two"), (), ()]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"* * * *", "neither a variable nor times"),
        (b"this is no line", "neither a variable nor times"),
        (b"* * * * *", "It names no command."),
        (b"* * * * *   ", "It names no command."),
        (b"@daily", "It names no command."),
        (b"* * * * * %x", "It names no command."),
        (b'A="b', "The value of 'A' begins with a quote and does not end with it"),
        (b"A='b' c", "The value of 'A' begins with a quote"),
        (b"* * * * * echo caf\xe9", "It is not UTF-8: byte 0xe9 at character 19."),
        (b"A=caf\xe9", "It is not UTF-8: byte 0xe9 at character 6."),
        (b"* * * * * a\0b", "It holds a null byte."),
    ],
)
def test_lines_that_make_no_sense_are_told(line: bytes, why: str) -> None:
    fault = refused(b"\n" + line + b"\n")
    assert fault.why.startswith(why) or why in fault.why
    assert fault.number == 2


def test_a_system_crontab_needs_a_command_after_the_user() -> None:
    assert refused("* * * * * root\n", users=True).why == "It names no command after the user."
    assert refused("* * * * *\n", users=True).why == "It names no command."


def test_comments_may_be_of_any_encoding() -> None:
    assert only(b"# caf\xe9\n* * * * * x\n").comment == ("caf\ufffd",)


@pytest.mark.parametrize(
    ("text", "oddity"),
    [
        ("A=1\r\n* * * * * x\r\n", "It has the line ends of Windows."),
        ("A=1\n* * * * * x", "Its last line does not end"),
    ],
)
def test_oddities_of_a_file_are_told(text: str, oddity: str) -> None:
    crontab = read(text)
    assert [told.startswith(oddity) for told in crontab.oddities] == [True]
    [entry] = crontab.entries
    assert (entry.command, entry.variables) == ("x", {"A": "1"})


def test_a_line_for_which_cron_leaves_out_the_whole_file_is_told() -> None:
    spoilt = read(b"x\n* * * * * a\nA='b\n* * * * * caf\xe9\n")
    assert spoilt.oddities == (
        "Cron leaves out the whole file because of lines 1, 3: it ran nothing of it lately.",
    )
    assert read(b"* * * * * caf\xe9\n").oddities == ()


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_line() -> None:
    assert only(b"\xef\xbb\xbf* * * * * x\n").when == "* * * * *"


def test_nothing_is_in_nothing() -> None:
    assert read("") == Crontab(())
    assert read("\n  \n# only this\n\t#and this\n").lines == ()


def test_long_lines_are_whole() -> None:
    assert only(f"* * * * * echo {'x' * 100_000}\n").command == f"echo {'x' * 100_000}"


@given(st.binary(), st.booleans(), st.sampled_from(Dialect))
def test_whatever_it_is_it_is_read(content: bytes, users: bool, dialect: Dialect) -> None:
    for line in parse(content, dialect, user_column=users).lines:
        assert line.number <= content.count(b"\n") + 1
        line.text.encode()


FIELD = st.sampled_from(["*", "5", "*/5", "1-5", "x", "@", '"', "'", "%", "\\", "=", "#", "\t"])


@given(st.lists(FIELD, max_size=12).map(" ".join), st.booleans())
def test_what_looks_like_a_line_is_read(text: str, users: bool) -> None:
    for line in read(text, users=users).lines:
        assert isinstance(line, Entry | Fault)
        if isinstance(line, Entry):
            assert line.command.strip()
