"""What would be answered otherwise if events were recorded: watched answers, and the questions that the events are
about. They are recorded and taken back in one transaction, so that nothing of it is seen."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from service.api.http.register import Register
from service.console import told
from service.console.moments import Reading
from service.domain.answer import Control
from service.domain.commodity.match import Commodity
from service.domain.countries import name_of
from service.domain.dates import ANY_DAY, bounds
from service.domain.event import ProposedEvent, RecordedEvent
from service.domain.scope import OnlyCountries, Scope
from service.errors import TookTooLong
from service.feeds import exposure
from service.log import read
from service.log.instants import now
from service.register import titles
from service.register.ask import answer, subject_of
from service.register.changed import said
from service.register.concerned import parties_of, with_party
from service.register.goods import distinct, goods_of
from service.register.known import Known
from service.register.parts import Answer
from service.register.shapes import KnownAt, Question

MOST_GOODS, MOST_PLACES, MOST_QUESTIONS = 4, 3, 6


@dataclass(frozen=True)
class Changed:
    """A question, its answer as it is and as it would be."""

    asked: str
    before: Control
    after: Control
    headlines: tuple[str, str]
    differs: bool


@dataclass(frozen=True)
class Preview:
    """`on`: the day that the questions are about."""

    on: date
    questions: list[Changed]
    watched: list[dict[str, Any]]


def preview(register: Register, page: Reading, proposed: Sequence[ProposedEvent], actor: str) -> Preview:
    """Raises what recording the events raises, and TookTooLong."""
    page = replace(page, on=max([page.on, *_starts(proposed)]))
    deadline = time.monotonic() + exposure.SUPPOSED_S

    def look(connection: Connection, events: Sequence[RecordedEvent]) -> tuple[list[Question], list[Answer]]:
        then = replace(page, connection=connection, at=_at(events[-1].position))
        asked, found = list(_questions(proposed, page, then))[:MOST_QUESTIONS], []
        for one in asked:
            if time.monotonic() > deadline:
                raise TookTooLong("The answers cannot be looked at in time.")
            found.append(_answered(then, one))
        return asked, found

    url = register.engine.url.render_as_string(hide_password=False)
    asked, after = exposure.supposing(url, proposed, actor, now, look)
    before = [_answered(page, one) for one in asked]
    watched = exposure.by_events(url, proposed, actor, now)
    if watched.next_after:
        raise TookTooLong("More watches depend on this than can be looked at in time.")
    changed = [_changed(*three, page) for three in zip(asked, before, after, strict=True)]
    return Preview(page.on, changed, [one["data"] for one in watched.told])


def _starts(proposed: Sequence[ProposedEvent]) -> Iterator[date]:
    """When what the events announce begins: before that nothing is answered otherwise."""
    for event in proposed:
        data = event.data.get("data") or event.data
        for period in (data.get(name) or {} for name in ("in_force", "period", "validity")):
            start = bounds(period["from"]) if period.get("from") else ANY_DAY
            yield from (day for day in (start.latest or start.earliest,) if day)


def _at(position: int) -> KnownAt:
    return KnownAt(position=position, instant=None, root="")


def _answered(page: Reading, question: Question) -> Answer:
    return answer(question, Known(page.connection, _at(page.at.position)), page.on)


def _changed(question: Question, before: Answer, after: Answer, page: Reading) -> Changed:
    goods = titles.goods(question.commodity, page.known)
    to = f" to {name_of(question.destination)}" if question.destination else ""
    party = next((one.label for _, one in subject_of(question, page.known, page.on).parties), "")
    asked = f"{goods} from {name_of(question.controller or '')}{to}{f', for {party}' if party else ''}"
    return Changed(asked, before.control, after.control, (before.headline, after.headline), said(before) != said(after))


def _questions(proposed: Sequence[ProposedEvent], page: Reading, then: Reading) -> Iterator[Question]:
    """What the events are about, by country, goods and destination, as a rule or a license lists them: for the parties
    that they name, or the thing before and after them (`then`), and for anybody."""
    for event in proposed:
        controller, goods, places = _about(event, page)
        whom = [*_said(event, page), *_stands(event.stream, page), *_stands(event.stream, then)]
        named = [party for data in whom for party in parties_of(data)]
        parties = [party for at, party in enumerate(named) if party not in named[:at]]
        for line in goods[:MOST_GOODS] if controller else []:
            for place in places[:MOST_PLACES] or [""]:
                given = {"controller": controller, "destination": place, "commodity": line}
                about = {name: one for name, one in given.items() if one}
                yield from (Question.model_validate(with_party(about, party)) for party in parties)
                yield Question.model_validate(about)


def _said(event: ProposedEvent, page: Reading) -> list[Mapping[str, Any]]:
    """What an event says; of one about another event, what that says, and as what it is corrected."""
    earlier = read.by_id(page.connection, str(event.data["event"])) if "event" in event.data else None
    return [event.data, *([earlier.data] if earlier else [])]


def _stands(stream: str, page: Reading) -> Iterator[Mapping[str, Any]]:
    """Whom a rule or a license names as it stands, by the names of an event's data."""
    found = told.of_stream(stream, page)
    if found is not None and stream.startswith("restriction/"):
        yield from ({"scope": scope.model_dump(exclude_none=True)} for scope in found.on(page.on).scopes)
    elif found is not None and stream.startswith("license/"):
        parties = (
            {"role": one.role, "party": one.party.model_dump(exclude_none=True)} for one in found.on(page.on).parties
        )
        yield {"issuer": found.issuer, "parties": list(parties)}


def _about(event: ProposedEvent, page: Reading) -> tuple[str | None, list[Commodity], list[str]]:
    data = dict(event.data.get("data") or event.data)
    found = told.of_stream(event.stream, page)
    on_day = found.on(page.on) if found is not None and event.stream.startswith(("restriction/", "license/")) else None
    if event.stream.startswith("restriction/"):
        scopes = [Scope.model_validate(data["scope"])] if "scope" in data else list(on_day.scopes) if on_day else []
        listed = (scope.destinations for scope in scopes)
        places = [place for to in listed if isinstance(to, OnlyCountries) for place in to.only]
        controller = data.get("controller") or (found.controller if found else None)
        return controller, distinct(line for scope in scopes for line in goods_of(scope)), _countries(places)
    if event.stream.startswith("license/"):
        lines = [Commodity.model_validate(_goods_alone(one["commodity"])) for one in data.get("lines", ())]
        lines = lines or ([line.line.commodity for line in on_day.lines] if on_day else [])
        places = [data["destination"]] if data.get("destination") else list(on_day.destinations) if on_day else []
        return data.get("issuer") or (found.issuer if found else None), distinct(lines), _countries(places)
    return None, [], []


def _goods_alone(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in ("match", "parameters")}


def _countries(places: Sequence[str]) -> list[str]:
    return [one for one in places if "/" not in one and one != "all"]
