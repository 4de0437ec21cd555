from botsched.domain.printable import printable


def test_what_a_terminal_would_obey_is_shown() -> None:
    assert printable("a\x1b[2J\nb\u202e") == "a\\x1b[2J\\nb\\u202e"
