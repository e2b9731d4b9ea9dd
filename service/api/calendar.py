"""The calendar: what changes by itself, by a date alone, within a window of days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import icalendar
from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.calendar_filters import About, Watched
from service.api.http import media
from service.api.http.paging import Paged, cursor, place_after
from service.api.http.parameters import PlainDay, PublicBy, Strict, Text, country_of
from service.api.http.register import Here, Register, day_of
from service.api.http.rendering import rendered
from service.api.shape import NextAfter, Shape
from service.domain.countries import name_of
from service.domain.dates import ONE_DAY
from service.errors import FieldError, InvalidRequest
from service.register.coming import Change, Coming, place_of
from service.register.known import Known
from service.register.shapes import KnownAt


class CalendarEntry(Shape):
    """A change that a date brings by itself: bounds of its first day, both included; null where there is no bound.

    `confirmed`: a source speaks of the thing on or after that day. `agreed`: it follows from what an authority said it
    would do, without an act seen; what follows without that act stands beside it.
    """

    about: str
    title: Annotated[str, Field(description="What the thing is called.")]
    controller: str
    what: str
    earliest: date | None
    latest: date | None
    confirmed: bool
    agreed: bool = False


class Calendar(Shape):
    """What changes by itself from one day through another, both included."""

    from_: Annotated[date, Field(alias="from")]
    through: date
    known_at: KnownAt
    entries: list[CalendarEntry]
    next_after: NextAfter


NOTICE = "It follows from the dates that sources state, and an act may change it. It is not legal advice."
NOBODY_YET = datetime(1970, 1, 1, tzinfo=UTC)


class CalendarFile(Response):
    media_type = "text/calendar"


def ical(calendar: Calendar) -> bytes:
    """The entries that have a day to stand at, in their order."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Lodestone//calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Export controls: what changes by itself")
    stamp = calendar.known_at.instant or NOBODY_YET
    for entry in calendar.entries:
        made.add_component(_event(entry, stamp))
    written: bytes = made.to_ical()
    return written


def _event(entry: CalendarEntry, stamp: datetime) -> icalendar.Event:
    """A whole day; where it is vague, from the first day that it may be to the last. The end is not included."""
    first, last = entry.earliest or entry.latest, entry.latest or entry.earliest
    event = icalendar.Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{entry.about} {entry.what} {entry.earliest} {entry.latest}")))
    event.add("dtstamp", stamp)
    event.add(
        "summary", f"{name_of(entry.controller)}: {entry.title} {entry.what}{' (agreed)' if entry.agreed else ''}"
    )
    event.add("description", f"{_when(entry)} It is recorded as {entry.about}. {NOTICE}")
    event.add("dtstart", first)
    if last and last < last.max:
        event.add("dtend", last + ONE_DAY)
    event.add("status", "CONFIRMED" if entry.confirmed and entry.earliest == entry.latest else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _when(entry: CalendarEntry) -> str:
    if entry.earliest == entry.latest:
        return f"On {entry.earliest}."
    if entry.earliest and entry.latest:
        return f"On some day from {entry.earliest} through {entry.latest}."
    return f"On some day from {entry.earliest} on." if entry.earliest else f"On some day up to {entry.latest}."


router = APIRouter(prefix="/v1/calendar", tags=["calendar"])
WINDOW = timedelta(days=1_826)
"""Five years: what rules announce ahead rarely lies further off, and a year would hide most of it."""


class Days(Strict):
    """A window of days, and the state of knowledge that it is read from."""

    from_: Annotated[
        PlainDay | SkipJsonSchema[None],
        Field(alias="from", description="The first day, YYYY-MM-DD; today (UTC) where left out."),
    ] = None
    through: Annotated[
        PlainDay | SkipJsonSchema[None],
        Field(description="The last day; five years (1,826 days) after the first where left out."),
    ] = None
    country: Annotated[Text | SkipJsonSchema[None], Field(description="Only what this country controls.")] = None
    commodity: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only what may be about these goods: digits are HS, anything else a name."),
    ] = None
    company: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only what names this company, or may name it: its stream or its id."),
    ] = None
    watched: Annotated[bool, Field(description="Only what may concern a watched question.")] = False
    known_at: Annotated[Text | SkipJsonSchema[None], Field(description="A log position, or an RFC 3339 instant.")] = (
        None
    )
    public_by: PublicBy = None


class Window(Days, Paged):
    """The same, a page at a time."""


@router.get(
    "", operation_id="getCalendar", response_model=Calendar, summary="What changes by itself", responses=media.LISTING
)
def window(register: Here, asked: Annotated[Window, Query()]) -> Response:
    """Starts, ends, lapses and expiries that fall, certainly or possibly, into a window of days, both included.

    They follow from the dates that sources stated. An act that nobody has recorded may change them.
    """
    first, last = _days(register, asked)
    country = country_of(asked.country, "country") if asked.country else None
    after = place_after(asked.after)
    with register.answering(asked.known_at) as connection:
        at = register.known_at(connection, asked.known_at, public_by=asked.public_by)
        wanted = _wanted(Known(connection, at), first, asked)
        coming = Coming(connection, at.seen, first, last, country, wanted)
        shown, more = coming.page(after, asked.limit)
    next_after = cursor(place_of(shown[-1])) if more else None
    body = _calendar(first, last, at, shown, next_after)
    filters = {name: value for name in ("commodity", "company", "watched") if (value := getattr(asked, name))}
    window_ = {**filters, "from": first, "through": last, "known_at": at.position, "after": next_after}
    following = window_ if next_after else None
    return rendered(register, body, following=following)


@router.get(
    ".ics", operation_id="getCalendarFile", response_class=CalendarFile, summary="The calendar, to subscribe to"
)
def file(register: Here, asked: Annotated[Days, Query()]) -> Response:
    """The same as an iCalendar file (RFC 5545), each change a whole day, or the span of days on which it may fall.

    All of the window is in it. A change is tentative where its day is vague, or where no source confirms it.
    """
    first, last, at, found = _inside(register, asked)
    return CalendarFile(ical(_calendar(first, last, at, found)))


def _inside(register: Register, asked: Days) -> tuple[date, date, KnownAt, list[Change]]:
    """The window, the state of knowledge, and what falls into the window, in the order of its coming."""
    first, last = _days(register, asked)
    country = country_of(asked.country, "country") if asked.country else None
    with register.answering(asked.known_at) as connection:
        at = register.known_at(connection, asked.known_at, public_by=asked.public_by)
        wanted = _wanted(Known(connection, at), first, asked)
        return first, last, at, Coming(connection, at.seen, first, last, country, wanted).page(None, None)[0]


def _wanted(known: Known, first: date, asked: Days) -> list[About | Watched]:
    about = About.of(known, first, asked.commodity, asked.company)
    return [about, *([Watched.of(known, first)] if asked.watched else [])]


def _calendar(first: date, last: date, at: KnownAt, shown: Sequence[Change], next_after: str | None = None) -> Calendar:
    entries = [_entry(change) for change in shown]
    return Calendar(**{"from": first}, through=last, known_at=at, entries=entries, next_after=next_after)


def _days(register: Register, asked: Days) -> tuple[date, date]:
    first = register.day_of(asked.from_, "from")
    latest_start = date.max - WINDOW
    last = day_of(asked.through, first + WINDOW if first <= latest_start else date.max, "through")
    if last < first:
        raise InvalidRequest("The end of the period is before its start.", [FieldError("through", "not before from")])
    return first, last


def _entry(change: Change) -> CalendarEntry:
    transition = change.transition
    return CalendarEntry(
        about=transition.stream,
        title=change.title,
        controller=change.controller,
        what=transition.what,
        earliest=transition.day.earliest,
        latest=transition.day.latest,
        confirmed=transition.confirmed,
        agreed=transition.agreed,
    )
