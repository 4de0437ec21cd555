from botsched.reports import clean


def test_terminal_colours_and_titles_are_dropped():
    assert clean("\x1b[1;31mred\x1b[0m \x1b]0;title\x07end\x1b[K") == "red end"


def test_line_ends_of_all_systems_become_one():
    assert clean("a\r\nb\rc\n") == "a\nb\nc\n"


def test_what_cannot_be_encoded_or_shown_is_replaced():
    assert clean("a\x00b\udc80c\td\x9b") == "a\ufffdb\ufffdc\td\ufffd"


def test_what_is_not_seen_and_turns_the_rest_around_is_dropped():
    assert clean("a\u202egpj.exe\u2066b\u200f\ufeffc") == "agpj.exebc"
