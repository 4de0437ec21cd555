from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.notify.output import ATTACHED_BYTES, INLINE_LINES, INLINE_WEIGHT, excerpt, weight


def test_a_short_output_is_shown_whole():
    assert excerpt("one\ntwo\n\n").text == "one\ntwo"
    assert excerpt("one").file is None


def test_of_a_long_one_the_end_is_shown_and_all_is_a_file():
    output = "".join(f"line {n}\n" for n in range(5000))
    shown = excerpt(output)
    assert shown.text.split("\n") == [f"line {n}" for n in range(5000 - INLINE_LINES, 5000)]
    assert shown.note == "This is the end of the output; all of it (48.9 kB) is attached."
    assert shown.file.content.decode() == output


def test_of_a_huge_one_the_last_megabytes_are_a_file():
    shown = excerpt("ä" * (ATTACHED_BYTES // 2 + 500_000))
    assert "the last 20.0 MB of its 21.0 MB is attached." in shown.note
    assert len(shown.file.content) <= ATTACHED_BYTES
    shown.file.content.decode()


def test_what_was_never_stored_is_mentioned():
    assert excerpt("x", 2_500_000).note == "2.5 MB of output were more than is stored."


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.text(max_size=60), st.integers(1, 3000))
def test_what_is_shown_is_the_end_and_no_heavier_than_it_may_be(piece, times):
    shown = excerpt(piece * times + "<'&\">" * times)
    assert weight(shown.text) <= INLINE_WEIGHT
    assert shown.text.endswith("<'&\">")
    assert (shown.file is None) == (shown.note == "")
