from botsched.domain.execution import State
from botsched.notify.changes import changes
from botsched.reports import Code, Image, List, Plot, Table, Text, Title, to_data

GOOD = {"state": State.SUCCEEDED}


def test_what_differs_is_told_as_it_was_and_is(execution):
    before = execution(**GOOD, job_class="a.B", arguments=["x"], hostname="old", result=1)
    now = execution(job_class="a.C", arguments={"n": "ü"}, result=None)
    assert changes(now, before) == (
        Table(
            [
                ("Class", "a.B", "a.C"),
                ("Arguments", '["x"]', '{"n": "ü"}'),
                ("Host", "old", "web1"),
            ],
            ("", "then", "now"),
        ),
    )


def test_of_a_good_run_the_result_is_compared(execution):
    before, now = execution(**GOOD, result=None), execution(**GOOD, result=[7])
    assert changes(now, before) == (Table([("Result", "none", "[7]")], ("", "then", "now")),)


def test_that_nothing_changed_is_said_where_there_was_something(execution):
    (said,) = changes(execution(), execution(**GOOD))
    assert said.text.startswith("Nothing that is known here")
    told = GOOD | {"result": 1}
    assert changes(execution(**told), execution(**told)) == (
        Text("Nothing: its result is the same."),
    )
    told |= {"report": to_data((Text("x"),))}
    assert changes(execution(**told), execution(**told)) == (
        Text("Nothing: its result and its report are the same."),
    )
    assert changes(execution(**GOOD), execution(**GOOD, report=[])) == ()


def test_a_report_on_one_side_only_is_told(execution):
    reported, silent = execution(**GOOD, report=to_data((Text("x"),))), execution(**GOOD)
    assert changes(reported, silent) == (Text("It gave no report then."),)
    assert changes(silent, reported) == (Text("It gave a report then, and none now."),)
    assert changes(execution(), reported)[0].text.startswith("Nothing that is known here")


def test_lines_that_look_like_heads_of_a_comparison_are_lines(execution):
    before, after = (to_data((Text(text),)) for text in ("-- a\nx", "++ b\nx"))
    said = changes(execution(**GOOD, report=after), execution(**GOOD, report=before))
    assert said[1] == Code("--- a\n+++ b\n x", "diff")


def test_reports_are_compared_by_what_they_say_not_by_how_it_is_laid_out(execution):
    def a_report(*rows) -> list:
        return to_data(
            (Title("Ports"), Table([*rows, ("all", "x")], ("port", "state")), List("end"))
        )

    before = a_report(("22", "open"), ("80", "open"))
    after = a_report(("22", "open"), ("5432/tcp", ["a", Text("b\nc")]))
    said = changes(execution(**GOOD, report=after), execution(**GOOD, report=before))
    assert said[1] == Code(" 22 | open\n-80 | open\n+5432/tcp | a b c\n all | x", "diff")


def test_plots_are_compared_number_by_number(execution):
    before, after = (
        to_data([Plot([1, second, 3], ["Mon", "Tue", "Wed"], unit="GB")]) for second in (2, 200)
    )
    said = changes(execution(**GOOD, report=after), execution(**GOOD, report=before))
    assert said[1] == Code(" Mon | 1\n-Tue | 2\n+Tue | 200\n Wed | 3", "diff")


def test_another_picture_is_a_change_without_words(execution):
    before, after = (to_data([Image(data, alt="a curve")]) for data in (b"one", b"two"))
    (said,) = changes(execution(**GOOD, report=after), execution(**GOOD, report=before))
    assert said.text == "The report is another one, but not in its words: in pictures or files."


def test_a_long_comparison_is_cut(execution):
    before, after = (
        to_data((List([f"{word} {n}" for n in range(500)]),)) for word in ("old", "<new>")
    )
    said = changes(execution(**GOOD, report=after), execution(**GOOD, report=before))
    lines = said[1].text.split("\n")
    assert len(lines) == 61
    assert lines[-1] == "… and 940 more lines"


def test_a_report_that_cannot_be_read_is_not_compared(execution):
    broken = [{"type": "hologram"}]
    (said,) = changes(
        execution(**GOOD, report=broken), execution(**GOOD, report=to_data((Text("x"),)))
    )
    assert isinstance(said, Text)
