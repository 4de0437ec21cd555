"""What a plot shows, in a sentence: where nothing can be drawn, and for who cannot see."""

from botsched.reports.plots.item import Plot, Series
from botsched.reports.plots.scale import number_text

EMPTY = "There are no values to show."


def summary(plot: Plot) -> str:
    """Name the title, and of each series its range and its last value."""
    told = "; ".join(_range(each, plot.unit) for each in plot.series)
    return f"{plot.title}: {told}" if plot.title else told


def _range(series: Series, unit: str) -> str:
    values = [value for value in series.values if value is not None]
    name = f"{series.name} " if series.name else ""
    if not values:
        return f"{name}without values"
    low, high, last = min(values), max(values), number_text(values[-1], unit)
    if low == high:
        return f"{name}always {last}"
    return f"{name}from {number_text(low)} to {number_text(high, unit)}, at last {last}"
