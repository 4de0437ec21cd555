from botsched.reports import Image, Plot, render_html


def html(plot: Plot) -> str:
    return render_html((plot,))


def test_lines_are_a_picture_between_labels_that_are_text():
    images: list[Image] = []

    def source(image: Image) -> str:
        images.append(image)
        return "cid:plot"

    plot = Plot({"used": [61, 72], "free": [9, 8]}, ["Mon", "Sun"], title="Disk <1>", unit="GB")
    shown = render_html((plot,), image_src=source)
    assert len(images) == 1
    assert '<img src="cid:plot" alt="Disk &lt;1&gt;: used from 61 to 72 GB, at last' in shown
    for text in ("80 GB", "40 GB", "0 GB", "Mon", "Sun", "used", "free", "Disk &lt;1&gt;"):
        assert f">{text}<" in shown or f"> {text}<" in shown, text


def test_bars_are_cells_that_every_mail_reader_paints():
    shown = html(Plot([10, 30, -10, 0], ["a", "b", "c", "d"], "bars", unit="%"))
    assert "<img" not in shown
    widths = [part.split('"')[1] for part in shown.split("<td ")[1:] if "height:14px" in part]
    assert widths == ["25%", "25%", "50%", "25%", "75%", "25%", "75%"]
    assert shown.count("bgcolor=") == 3
    assert ">-10 %<" in shown


def test_the_smallest_of_bars_is_seen_and_0_is_none():
    shown = html(Plot([1, 100_000, 0], kind="bars"))
    assert '<td width="1%" bgcolor=' in shown
    assert shown.count("bgcolor=") == 2


def test_without_values_nothing_is_drawn():
    assert "There are no values to show." in html(Plot({"a": [None]}))
    assert "<img" not in html(Plot([]))


def test_one_value_stands_below_itself_once():
    assert html(Plot([5], ["today"])).count("today") == 1
