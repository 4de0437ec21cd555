"""What times of users are taken."""

from datetime import datetime
from typing import Final

_YEARS: Final = range(1970, 3000)


def year_fault(moment: datetime) -> str | None:
    """What is wrong with the year, None when it is taken.

    Within these years, time zones and periods can be reckoned with; beyond, they overflow.
    """
    if moment.year in _YEARS:
        return None
    return f"is out of range; give a year from {_YEARS[0]} to {_YEARS[-1]}"
