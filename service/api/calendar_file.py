"""The calendar as calendars read it: iCalendar (RFC 5545), one event for each change that a date brings."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import icalendar
from fastapi import Response

from service.api.schemas import Calendar, CalendarEntry
from service.domain.countries import name_of
from service.domain.dates import ONE_DAY

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
    event.add("summary", f"{name_of(entry.controller)}: {entry.about} {entry.what}")
    event.add("description", f"{_when(entry)} {NOTICE}")
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
