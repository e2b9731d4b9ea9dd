"""Two answers to one question side by side: other days, or other states of knowledge. Only what differs is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from service.api.http.register import Here, Register
from service.console import asked
from service.console.addresses import address
from service.console.ask import DEFINITIONS
from service.console.pages import PageRoute, page
from service.console.pictures import published
from service.console.told import Told
from service.console.words import said
from service.domain.claims import REDACTED
from service.domain.event import RecordedEvent
from service.log import read
from service.register import titles
from service.register.ask import Determined, determined, told
from service.register.changed import said as what_it_says
from service.register.event_sentence import Sentences
from service.register.known import Known
from service.register.parts import Answer, PossiblePart, ProvisionPart, SetAsidePart, TransitionPart
from service.register.titles import in_words, some_day

router = APIRouter(route_class=PageRoute, include_in_schema=False)
TIMES = ("on", "public_by", "known_at")
THEN = "then_"
MOST_EVENTS = 30
MOST_EFFECTS = 6
"""For how many days the answer is asked again, to tell what their events changed."""


@dataclass(frozen=True)
class Side:
    """An answer, the times that it is for in words, and where it is shown."""

    answer: Answer
    title: str
    link: str


@dataclass(frozen=True)
class Difference:
    name: str
    then: list[str]
    now: list[str]

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True)
class Between:
    """An event that one side rests on and the other does not, and how the answer changed with its day."""

    told: Told
    effect: str


@router.get("/compare")
def compare(request: Request, register: Here) -> Response:
    sent = dict(request.query_params)
    then = {name: sent.pop(f"{THEN}{name}", "").strip() for name in TIMES}
    given = asked.given_of(sent.items())
    if not {"goods", "hs", "code"} & given.keys():
        return RedirectResponse(address("/", given), 303)
    then = {name: value for name, value in then.items() if value}
    shown: dict[str, Any] = {"given": given, "then": then, "today": register.today(), "sides": None}
    if then:
        with register.reading() as connection:
            shown |= _compared(register, connection, given, then)
    return page(request, "compare.html", **shown)


def _compared(register: Register, connection: Connection, given: asked.Given, then: dict[str, str]) -> dict[str, Any]:
    earlier = {name: value for name, value in given.items() if name not in TIMES} | then
    sides = [_side(register, connection, one) for one in (earlier, given)]
    first, last = (side.answer for side in sides)
    return {
        "sides": sides,
        "differences": _differences(first, last),
        "between": _between(register, connection, given, first, last),
        "same": what_it_says(first) == what_it_says(last),
    }


def _determined(register: Register, connection: Connection, given: asked.Given) -> Determined:
    at = register.known_at(connection, given.get("known_at"), public_by=given.get("public_by"))
    known = Known(connection, at)
    question = asked.question_of(given, known).model_copy(update={"detail": "full"})
    return determined(question, known, register.day_of(given.get("on"), "on"))


def _side(register: Register, connection: Connection, given: asked.Given) -> Side:
    found = told(_determined(register, connection, given))
    title = [f"On {titles.day(found.as_of)}"]
    title += [f"as public by {titles.day(found.public_by)}"] if found.public_by else []
    title += [f"as recorded up to position {found.known_at.position}"] if "known_at" in given else []
    return Side(found, ", ".join(title), address("/answer", given))


def _differences(first: Answer, last: Answer) -> list[Difference]:
    pairs = zip(_lines(first), _lines(last), strict=True)
    return [Difference(name, before, after) for (name, before), (_, after) in pairs]


def _lines(one: Answer) -> list[tuple[str, list[str]]]:
    """What a reader compares, each in words."""
    official, reported = one.licenses.official.min, one.licenses.reported.min
    return [
        ("Control", [said(one.control)]),
        ("License of the company", [" ".join(filter(None, (said(one.standing), said(one.standing_cause))))]),
        ("Covered", [said(one.covered) or "does not apply"]),
        ("Rules that decide", [f"{_called(part)}, {_days(part)}" for part in one.basis]),
        ("Rules that may apply", [f"{_called(part)}: {said(part.control)}" for part in one.possible]),
        ("Licenses known", [f"at least {official} by official word, {reported} by the press"]),
        ("Licenses that may serve", [f"{part.title}: {said(part.state)}" for part in one.licenses.known]),
        ("Said otherwise", [f"{_called(part)}: {part.reason}" for part in one.conflicts]),
        ("Next change", [_change(one.next_change)] if one.next_change else []),
        ("Newest source", [titles.day(one.recorded_through)] if one.recorded_through else []),
    ]


def _called(part: ProvisionPart | PossiblePart | SetAsidePart) -> str:
    return part.number or part.title


def _change(found: TransitionPart) -> str:
    return f"{found.title}: {said(found.what)}, {some_day(found.earliest, found.latest)}"


def _days(part: ProvisionPart) -> str:
    start = f"since {in_words(part.since)}" if part.since else "start not stated"
    return f"{start} through {in_words(part.through)}" if part.through else start


def _between(
    register: Register, connection: Connection, given: asked.Given, first: Answer, last: Answer
) -> list[Between]:
    """The events that only one of the two rests on, by the day of their publication."""
    entries = read.entries_by_id(connection, sorted(set(first.because) ^ set(last.because)))
    found = [entry.event for entry in entries.values() if entry.event.source != REDACTED]
    dated = sorted(((published(one).latest or date.max, one) for one in found), key=_in_order)[:MOST_EVENTS]
    sentences = Sentences(connection, last.known_at.seen, last.as_of)
    happened = [day for day, one in dated if not one.type.startswith(DEFINITIONS)]
    effects = _effects(register, connection, given, (first, last), happened)
    return [Between(Told(one, sentences.of(one)), effects.pop(day, "")) for day, one in dated]


def _in_order(dated: tuple[date, RecordedEvent]) -> tuple[date, int]:
    return dated[0], dated[1].position


def _effects(
    register: Register, connection: Connection, given: asked.Given, sides: tuple[Answer, Answer], days: Sequence[date]
) -> dict[date, str]:
    """Where the two differ in what was public: how the answer changed on each day that something was published."""
    first, last = sides
    if first.public_by == last.public_by:
        return {}
    start, end = first.public_by or date.min, last.public_by or register.today()
    before, effects = first.control, dict[date, str]()
    for day in sorted({day for day in days if start < day <= end})[:MOST_EFFECTS]:
        now = _determined(register, connection, given | {"public_by": day.isoformat()}).whole.control
        effects[day] = f"{said(before)} → {said(now)}" if now != before else "the control stays"
        before = now
    return effects
