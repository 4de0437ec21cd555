import pytest

from botsched.reports import Plot, Table, render_text
from botsched.reports.columns import display_width


def shown(item, width=60):
    return render_text((item,), width).split("\n")


def test_bars_begin_at_0_and_have_their_numbers():
    plot = Plot([8, 4, 0, None, 1], ["a", "b", "c", "d", "e"], "bars", "Figures", "kg")
    assert shown(plot, 24) == [
        "Figures",
        "a  ██████████████ 8 kg",
        "b  ███████ 4 kg",
        "c   0 kg",
        "d",
        "e  █▊ 1 kg",
    ]


def test_bars_of_several_series_stand_below_each_other():
    plot = Plot({"in": [4, -2], "out": [2, 1]}, ["www", "数据"], "bars")
    assert shown(plot, 40) == [
        "www   in            █████████████████ 4",
        "      out           ████████▍ 2",
        "数据  in   █████████ -2",
        "      out           ████ 1",
    ]


def test_lines_are_columns_between_round_numbers():
    plot = Plot([0, 8], ["Monday", "Sunday"], title="Up", unit="%")
    assert shown(plot, 22) == [
        "Up",
        "8 % ┤               ▂█",
        "    ┤             ▃▇██",
        "    ┤           ▃▇████",
        "    ┤         ▄███████",
        "4 % ┤       ▄█████████",
        "    ┤    ▁▅███████████",
        "    ┤  ▁▅█████████████",
        "0 % ┤▁▆███████████████",
        "     Monday     Sunday",
    ]


def test_each_series_of_lines_has_its_name_and_the_same_scale():
    lines = shown(Plot({"a": [4, 4], "b": [1, None]}), 20)
    assert [line for line in lines if "┤" not in line][:2] == ["a", "b"]
    assert lines[1] == "4 ┤█████████████████"
    assert lines[16:] == ["  ┤█", "0 ┤█", "   1               2"]


@pytest.mark.parametrize("kind", ["lines", "bars"])
def test_a_plot_without_values_says_so(kind):
    assert shown(Plot([None], kind=kind, title="T")) == ["T", "There are no values to show."]


@pytest.mark.parametrize("kind", ["lines", "bars"])
@pytest.mark.parametrize("width", [60, 76, 200])
def test_no_line_is_wider_than_asked_for(kind, width):
    names = ["a long\n\x1b[31mlabel with more words than there is room for", "数" * 30, "c"]
    plot = Plot({"one": [1.25, -1e9, 3], "数" * 9: [0.001, None, 5]}, names, kind, unit="GB")
    assert max(map(display_width, shown(plot, width))) <= width


def test_a_plot_may_stand_in_a_table():
    assert "█" in render_text((Table([["x", Plot([1, 2], kind="bars")]]),))
