"""The events of the log in sentences; and one event: its source, its neighbours, what it corrects, its proof."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.events import EventId
from service.api.http.parameters import Strict
from service.api.http.register import Here
from service.console import told
from service.console.addresses import address
from service.console.asked import LONGEST, country_of
from service.console.moments import Field, Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.domain.catalogue import TYPES
from service.domain.claims import REDACTED
from service.domain.event import RecordedEvent
from service.domain.subjects import STREAM
from service.errors import FieldError, InvalidRequest, NotFound
from service.log import read
from service.log.conditions import positions_about

router = APIRouter(route_class=PageRoute, include_in_schema=False)
A_PAGE = 50
NEIGHBOURS = 3
"""How many events before and after one are shown beside it."""
MOST_CHANGES = 60


class Listing(Strict):
    """Which events: of a stream, of a type, about a country or a thing; before a log position."""

    stream: Field = None
    type: Field = None
    country: Field = None
    about: Field = None
    before: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None


@router.get("/events")
def events(request: Request, register: Here, asked: Annotated[Listing, Query()]) -> Response:
    with reading(register, Moments()) as reader:
        subjects = _subjects(asked)
        found = read.page(
            reader.connection,
            0,
            A_PAGE + 1,
            stream=asked.stream,
            types=_types(asked.type),
            positions=positions_about(*subjects) if subjects else None,
            through=asked.before - 1 if asked.before else None,
            newest_first=True,
        )
        shown = found[:A_PAGE]
        given = {name: value for name, value in asked.model_dump(exclude={"before"}).items() if value}
        filters = given | ({"country": country_of(asked.country, "country")} if asked.country else {})
        more = address("/events", given, before=shown[-1].position) if len(found) > A_PAGE else None
        return page(
            request,
            "events.html",
            events=[told.Told(one, reader.sentences.of(one)) for one in shown],
            following=more,
            given=given,
            types=sorted(TYPES),
            position=reader.at.position,
            latest=asked.before is None and not given,
            api=address("/v1/events", filters),
        )


def _subjects(asked: Listing) -> list[str]:
    """Raises InvalidRequest."""
    if asked.about and not STREAM.fullmatch(asked.about):
        raise InvalidRequest(
            "The thing is not named.", [FieldError("about", "a stream, such as restriction/some-slug")]
        )
    country = [country_of(asked.country, "country")] if asked.country else []
    return [*country, *([asked.about] if asked.about else [])]


def _types(named: str | None) -> list[str] | None:
    """Raises InvalidRequest."""
    if named and named not in TYPES:
        raise InvalidRequest("The type is not known.", [FieldError("type", f"one of {', '.join(sorted(TYPES))}")])
    return [named] if named else None


@router.get("/event/{id}")
def event(request: Request, register: Here, id: EventId) -> Response:  # noqa: A002  the path's own name
    with reading(register, Moments()) as reader:
        found = read.by_id(reader.connection, id)
        if found is None:
            raise NotFound("No event has this id.")
        stream = read.stream_events(reader.connection, found.stream)
        at = next(number for number, one in enumerate(stream) if one.id == found.id)
        around = stream[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
        corrected = _spoken_of(found, stream)
        return page(
            request,
            "event.html",
            event=found,
            says=reader.sentences.of(found),
            redacted=found.source == REDACTED,
            named=reader.sentences.named(found.stream),
            known=told.of_stream(found.stream, reader) is not None,
            around=[told.Told(one, reader.sentences.of(one)) for one in around],
            spoken_of=_told(corrected, reader),
            changes=list(changes(corrected.data, _data_of(found)))[:MOST_CHANGES] if corrected else [],
            about_it=[told.Told(one, reader.sentences.of(one)) for one in stream if one.data.get("event") == found.id],
            data=json.dumps(found.data, ensure_ascii=False, indent=2),
            size=reader.at.position,
        )


def _told(one: RecordedEvent | None, reader: Reading) -> told.Told | None:
    return told.Told(one, reader.sentences.of(one)) if one else None


def _spoken_of(found: RecordedEvent, stream: list[RecordedEvent]) -> RecordedEvent | None:
    """The event that a correction, retraction or repeat names."""
    return next((one for one in stream if one.id == found.data.get("event")), None)


def _data_of(found: RecordedEvent) -> Mapping[str, Any]:
    return found.data.get("data") or {}


def changes(before: Any, after: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two values differ: the place, what stood there, and what stands there now. Nothing for an empty `after`."""
    if not at and not after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from changes(before.get(name), after.get(name), f"{at}.{name}" if at else name)
    elif before != after:
        yield at.replace("_", " "), _short(before), _short(after)


def _short(value: Any) -> str:
    told_as = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value is not None else ""
    return told_as if len(told_as) <= 2 * LONGEST else f"{told_as[: 2 * LONGEST]}…"


@router.get("/events/since")
def since(request: Request, register: Here, after: Annotated[int, Query(ge=0, le=2**53 - 1)]) -> Response:
    """What came after a page was read, as a part of that page."""
    with reading(register, Moments()) as reader:
        found = read.page(reader.connection, after, A_PAGE)
        told_of = [told.Told(one, reader.sentences.of(one)) for one in reversed(found)]
        return page(request, "since.html", events=told_of, after=after)
