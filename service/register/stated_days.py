"""Days as sources state them, read back in words: "some day up to 24 November 2026"."""

from calendar import monthrange
from datetime import date

from service.domain.sources import when
from service.register.titles import day

OPEN = "open"


def in_words(text: str) -> str:
    """A day, a vague day or an instant as it was stated; what cannot be read as one stays as it is."""
    if text == OPEN:
        return "an open end"
    try:
        found = when(text)
    except ValueError:
        return text
    return some_day(found.earliest, found.latest)


def some_day(earliest: date | None, latest: date | None) -> str:
    """Some day between two bounds, both included."""
    if earliest and latest:
        return _between(earliest, latest)
    if latest:
        return f"some day up to {day(latest)}"
    return f"some day from {day(earliest)} on" if earliest else "a day that no source states"


def _between(earliest: date, latest: date) -> str:
    if earliest == latest:
        return day(earliest)
    if (earliest.month, earliest.day, latest.month, latest.day) == (1, 1, 12, 31) and earliest.year == latest.year:
        return str(earliest.year)
    a_month = earliest.day == 1 and latest.day == monthrange(latest.year, latest.month)[1]
    if a_month and (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{earliest:%B} {earliest.year}"
    if (latest - earliest).days == 1:
        return f"{day(earliest)} or {day(latest)}"
    return f"some day from {day(earliest)} to {day(latest)}"
