"""Days as sources state them: EDTF (ISO 8601-2), read as *some day* between two bounds.

A day is `2025-04-04`, `2025-04`, `2025`, `2020~`, an interval (`2025-04-21/2025-04-30`, `../2025-10-30`) or a one-of
set (`[2025-11-09,2025-11-10]`, `[..2025-10-30]`). The edtf library reads the single dates. Intervals and sets are taken
apart here, because the library gives an unknown end a bound ten years later and fails on an open one.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Literal

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from service.domain.base import Frozen
from service.domain.truth import Truth, all_of

OPEN = ("", "..")
ONE_DAY = timedelta(days=1)
CALENDAR_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# No seasons (2025-21): they are as likely a mistyped month.
SEASON = re.compile(r"\d{4}-(1[3-9]|[2-9]\d|00)[~?%]?", re.ASCII)
SINGLE = re.compile(r"\d{3}[\dX](-\d{2}(-\d{2})?)?[~?%]?|\d{2}XX", re.ASCII)
PLAIN = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
MAX_LENGTH = 200
AS_WRITTEN = "2026-11-24, 2026-11, 2026, 2026~ (about), ../2026-11-24 (some day up to it) or [2026-11-09,2026-11-10]"
"""How a day is written, a vague one too, for whoever types one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Some day from `earliest` to `latest`, both included. None: no bound on that side."""

    earliest: date | None
    latest: date | None


ANY_DAY = Bounds(None, None)


@lru_cache(maxsize=16_384)
def bounds(text: str) -> Bounds:
    """The bounds of an EDTF day. Raises ValueError with a sentence that names what cannot be read."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"a day has at most {MAX_LENGTH} characters")
    if text.startswith("[") and text.endswith("]"):
        found = _union([_span(member, "..") for member in text[1:-1].split(",")])
    elif "/" in text:
        found = _span(text, "/")
    else:
        found = _single(text)
    return found


def _span(text: str, separator: str) -> Bounds:
    if text.startswith("..") and separator == "..":
        first, last = "", text[2:]
    else:
        first, found, last = text.partition(separator)
        if not found:
            return _single(first)
    if first in OPEN and last in OPEN:
        raise ValueError("contains no day")
    earliest = None if first in OPEN else _single(first).earliest
    latest = None if last in OPEN else _single(last).latest
    if earliest and latest and latest < earliest:
        raise ValueError("the end is before the start")
    return Bounds(earliest, latest)


def _union(spans: list[Bounds]) -> Bounds:
    earliest = [span.earliest for span in spans]
    latest = [span.latest for span in spans]
    return Bounds(
        None if None in earliest else min(day for day in earliest if day),
        None if None in latest else max(day for day in latest if day),
    )


def _single(text: str) -> Bounds:
    """A date without a range. A mark of doubt widens it by one unit of its own precision, a month for a day."""
    if CALENDAR_DAY.fullmatch(text):
        day = calendar_day(text)
        return Bounds(day, day)
    if not SINGLE.fullmatch(text):
        raise ValueError(f"not a date; write {AS_WRITTEN}")
    if SEASON.fullmatch(text):
        raise ValueError("not a day in the calendar")
    if plain := PLAIN.fullmatch(text):
        return _month_or_year(int(plain[1]), int(plain[2] or 0))
    try:
        parsed = parse_edtf(text)
        first, last = date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])
    except (EDTFParseException, ValueError, OverflowError) as unread:
        raise ValueError("not a day in the calendar") from unread
    return _widened(text, first, last) if text[-1] in "~?%" else Bounds(first, last)


def _month_or_year(year: int, month: int) -> Bounds:
    """All of a month, or of a year where the month is 0. The edtf library takes a thousand times as long for these."""
    if year < date.min.year or month > 12:
        raise ValueError("not a day in the calendar")
    last = monthrange(year, month or 12)[1]
    return Bounds(date(year, month or 1, 1), date(year, month or 12, last))


def _widened(text: str, first: date, last: date) -> Bounds:
    """ISO 8601-2 leaves the width of "approximately" open: a year around a year, a month around a month or a day."""
    months = 12 if len(text) == len("2020~") else 1
    return Bounds(_shifted(first, -months), _shifted(last, months))


def _shifted(day: date, months: int) -> date:
    """The same day of the month, some months on; the month's last day where it has no such day, or was the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("the date is at the limit of the calendar")
    length = monthrange(year, month + 1)[1]
    was_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if was_last and day.day >= 28 else min(day.day, length))


def calendar_day(text: str) -> date:
    """A plain calendar day, YYYY-MM-DD and nothing else. Raises ValueError."""
    if not CALENDAR_DAY.fullmatch(text):
        raise ValueError("not a calendar day; write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as unread:
        raise ValueError("not a day in the calendar") from unread


def reached(day: Bounds, on: date) -> Truth:
    """Whether the day has come: it is `on` or earlier."""
    if day.latest is not None and day.latest <= on:
        return Truth.YES
    if day.earliest is not None and day.earliest > on:
        return Truth.NO
    return Truth.POSSIBLE


def passed(day: Bounds, on: date) -> Truth:
    """Whether the day is over: it is earlier than `on`."""
    return reached(day, on - ONE_DAY) if on > date.min else Truth.NO


def some_day_of(days: Sequence[str]) -> Bounds | None:
    """Some day of those stated; None where no day is. Where others say `open`, it has no latest bound."""
    found = [bounds(day) for day in days if day != "open"]
    if not found:
        return None
    union = _union(found)
    return union if len(found) == len(days) else Bounds(union.earliest, None)


def _checked(text: str) -> str:
    bounds(text)
    return text


Day = Annotated[
    str,
    Field(min_length=1, max_length=MAX_LENGTH),
    AfterValidator(_checked),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_LENGTH,
            "description": "Some day, as an EDTF date (ISO 8601-2): 2025-04-04, 2025-04, 2020~, ../2025-10-30, [a..b].",
            "examples": ["2025-04-04", "../2025-10-30"],
        }
    ),
]


class Period(Frozen):
    """A span of days, both ends included. A null end: nobody stated it. `"open"`: stated to have no end."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    through: Day | Literal["open"] | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Period":
        first, last = self.first.earliest, self.last and self.last.latest
        if first and last and last < first:
            raise ValueError("the end is before the start")
        return self

    @property
    def first(self) -> Bounds:
        return bounds(self.from_) if self.from_ else ANY_DAY

    @property
    def last(self) -> Bounds | None:
        """The last day, or None where no end is stated, or it is stated to be open."""
        return bounds(self.through) if self.through and self.through != "open" else None

    def covers(self, on: date) -> Truth:
        """Whether the period certainly, possibly or not contains the day. An end that nobody stated does not end it."""
        begun = reached(self.first, on)
        over = passed(self.last, on) if self.last else Truth.NO
        return all_of((begun, over.negated()))


def period_of(starts: Sequence[str], ends: Sequence[str]) -> Period | None:
    """The period of the first start and the first end stated; None where neither is."""
    if not (starts or ends):
        return None
    return Period.model_validate({"from": starts[0] if starts else None, "through": ends[0] if ends else None})
