import pytest

from botsched.reports import Plot
from botsched.reports.plots.words import summary


@pytest.mark.parametrize(
    ("plot", "words"),
    [
        (Plot([3, 12, 7], title="Mails"), "Mails: from 3 to 12, at last 7"),
        (Plot([5, 5], unit="GB"), "always 5 GB"),
        (
            Plot({"a": [1, 2.5], "b": [None, None]}),
            "a from 1 to 2.5, at last 2.5; b without values",
        ),
        (Plot([1, 4, None], unit="%"), "from 1 to 4 %, at last 4 %"),
    ],
)
def test_a_plot_is_told_in_words(plot, words):
    assert summary(plot) == words
