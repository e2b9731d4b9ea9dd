"""Home, where a question is asked, and the page of an answer: an address to share."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.api.http.register import Here, Register
from service.console import asked, pictures
from service.console.addresses import address
from service.console.calendar import entries
from service.console.cited import together
from service.console.moments import Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.console.told import Told
from service.console.watches import watched
from service.console.words import said
from service.domain.catalogue import TYPES
from service.domain.claims import REDACTED
from service.domain.countries import name_of
from service.domain.event import RecordedEvent
from service.domain.license.considered import LicenseConsidered
from service.errors import InvalidRequest
from service.log import read
from service.register import titles
from service.register.answered import serves
from service.register.ask import Determined, determined, told
from service.register.event_sentence import Sentences
from service.register.known import Known
from service.register.parts import Answer, LicensePart, TurnsOn
from service.register.shapes import Question
from service.register.titles import some_day

router = APIRouter(route_class=PageRoute, include_in_schema=False)

LARGEST_PAGE = 58_000
"""Above how many bytes an answer's page shows less of each list."""
MOST_ASIDE, MOST_INFERRED = 8, 3
AROUND = timedelta(days=30)
"""How far back and ahead the home page looks."""
MOST_BELOW = 5
MOST_COMING = 100
"""How many changes to come are read, of which those of one act stand together."""
LOOKED_AT = 100
"""Among how many of the last events those of the last days are looked for."""
HAPPENINGS = [name for name in TYPES if name.startswith(("restriction.", "license."))]
DEFINITIONS = ("commodity.", "group.")
SAMPLES = (
    {"goods": "heavy_rare_earth_magnets", "from": "CN", "to": "IN"},
    {"goods": "gallium", "from": "CN", "to": "US"},
    {"goods": "nickel_ore", "from": "ID", "to": "CN"},
)


@router.get("/")
def home(request: Request, register: Here) -> Response:
    """The form, and below it what is watched, what changed and what is coming."""
    return _form(request, register, asked.given_of(request.query_params.multi_items()))


def _form(request: Request, register: Register, given: asked.Given, unread: InvalidRequest | None = None) -> Response:
    """What was typed into the form stays where it could not be read."""
    faults = {one.pointer: one.detail for one in unread.errors} if unread else {}
    with reading(register, Moments()) as reader:
        since, until = reader.today - AROUND, reader.today + AROUND
        return page(
            request,
            "home.html",
            unread.status if unread else 200,
            given=given,
            faults=faults,
            today=reader.today,
            samples=SAMPLES,
            watches=watched(reader.connection, reader.known, MOST_BELOW),
            latest=_latest(reader, since),
            since=since,
            coming=entries(reader, reader.today, until, most=MOST_COMING)[:MOST_BELOW],
        )


def _latest(reader: Reading, since: date) -> list[Told]:
    """The last events of rules and licenses that were published since a day."""
    found = read.page(reader.connection, 0, LOOKED_AT, types=HAPPENINGS, newest_first=True)
    recent = [one for one in found if (pictures.published(one).latest or date.min) >= since]
    return [Told(one, reader.sentences.of(one)) for one in recent[:MOST_BELOW]]


@router.get("/answer")
def answer(request: Request, register: Here) -> Response:
    given = asked.given_of(request.query_params.multi_items())
    if not {"goods", "hs", "code"} & given.keys():
        return RedirectResponse(address("/", given), 303)
    with register.reading() as connection:
        try:
            at = register.known_at(connection, given.get("known_at"), public_by=given.get("public_by"))
            on, known = register.day_of(given.get("on"), "on"), Known(connection, at)
            question = asked.question_of(given, known).model_copy(update={"detail": "full"})
            found = determined(question, known, on)
        except InvalidRequest as unread:
            return _form(request, register, given, unread)
        return _fitting(request, register, found, given)


def _fitting(request: Request, register: Register, found: Determined, given: asked.Given) -> Response:
    """The page of an answer; with less of each list where that would be too long a page."""
    made, today = told(found), register.today()
    for most in ALL_THAT_FITS:
        view = _view(made, found, today, most)
        answered = page(request, "answer.html", given=given, asking=found.asking, today=today, **view)
        if len(answered.body) <= LARGEST_PAGE:
            break
    return answered


@dataclass(frozen=True)
class Most:
    """How many of each an answer's page shows; all of them are where the page links to."""

    licenses: int
    sources: int
    reasons: int
    possible: int
    marks: int


ALL_THAT_FITS = Most(12, 24, 16, 12, 40), Most(9, 16, 10, 9, 28), Most(5, 10, 6, 6, 16)


@dataclass(frozen=True)
class Group:
    """Licenses that may serve, by whom they name."""

    title: str
    rows: list[tuple[LicensePart, list[pictures.Bar], str]]


def _view(made: Answer, found: Determined, today: date, most: Most) -> dict[str, Any]:
    known = found.asking.known
    held = [one for one in found.whole.licenses if serves(one)]
    axis = pictures.axis_of([*map(pictures.began, held), made.as_of], today)
    sentences = Sentences(known.connection, known.at.seen, made.as_of)
    return {
        "answer": made,
        "axis": axis,
        "groups": _groups(made.licenses.known[: most.licenses], held, axis, sentences),
        "lanes": pictures.lanes(_happenings(made, known, sentences)[-most.marks :], today),
        "inferred": _inferred(made),
        "reasons": _reasons(made)[: most.reasons],
        "sources": together(made.sources),
        "aside": _aside(made),
        "turning": [_turning(one, known) for one in made.turns_on],
        "posted": _posted(found.asking.question),
        "who": _asked_for(found),
        "most": most,
    }


def _asked_for(found: Determined) -> str | None:
    party = found.asking.subject.end_user or found.asking.subject.exporter
    return party.label if party else None


def _happenings(made: Answer, known: Known, sentences: Sentences) -> list[tuple[RecordedEvent, str]]:
    """The events that the answer rests on, each with its sentence. That a word was defined is no happening."""
    entries = read.entries_by_id(known.connection, made.because)
    found = [entry.event for entry in entries.values() if entry.event.source != REDACTED]
    happened = [one for one in found if not one.type.startswith(DEFINITIONS)]
    return [(one, sentences.of(one)) for one in sorted(happened, key=lambda one: one.position)]


def _inferred(made: Answer) -> list[str]:
    told = (f"{one.title} {said(one.what)}, {some_day(one.earliest, one.latest)}" for one in made.inferred)
    return list(dict.fromkeys(told))[:MOST_INFERRED]


def _groups(
    parts: Sequence[LicensePart], held: Sequence[LicenseConsidered], axis: pictures.Axis, sentences: Sentences
) -> list[Group]:
    by_stream = {one.license.stream: one for one in held}
    named = (
        "Licenses that name this company",
        "Licenses for a group that it belongs to",
        "Licenses that name nobody you asked about",
    )
    rows: dict[str, list[Any]] = {title: [] for title in named}
    for part in parts:
        one = by_stream[part.license]
        title = named[0 if one.named else 1 if part.cause == "class_member" else 2]
        whom = [sentences.party(party.party.model_dump(by_alias=True)) for party in one.on_day.parties]
        rows[title].append((part, pictures.bars(one.license, axis), titles.listed(dict.fromkeys(whom), most=3)))
    return [Group(title, found) for title, found in rows.items() if found]


def _reasons(made: Answer) -> list[Any]:
    return [one for one in made.reasons or () if one.outcome not in ("does_not_match", "conclusion")]


def _aside(made: Answer) -> list[Any]:
    """What is said otherwise first; then what was set aside for other reasons."""
    contradicting = {(one.event, one.reason) for one in made.conflicts}
    others = [one for one in made.set_aside if (one.event, one.reason) not in contradicting]
    return [*made.conflicts, *others][:MOST_ASIDE]


def _turning(one: TurnsOn, known: Known) -> dict[str, Any]:
    """A fact to fill in: its field, its label, and what the answer is for each value."""
    numbers = one.ask.startswith("commodity.parameters.") or one.ask == "content_percent"
    choices = [
        {"value": value, "label": _value(one.ask, value, known), "control": control, "exact": _exact(value, numbers)}
        for value, control in one.outcomes.items()
    ]
    field = asked.field_for(one.ask)
    return {"field": field, "label": asked.label_for(one.ask), "text": one.text, "choices": choices, "number": numbers}


def _exact(value: str, number: bool) -> bool:
    """Whether the value itself can be filled in: "more than 0" is none."""
    return not number or value.replace(".", "", 1).isdecimal()


def _value(ask: str, value: str, known: Known) -> str:
    if ask == "commodity.name":
        return titles.goods_named(value, known)
    return name_of(value) if len(value) == 2 and value.isupper() else value.replace("_", " ")


def _posted(question: Question) -> str:
    """The same question as the API takes it."""
    body = question.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"detail"})
    return json.dumps(body, ensure_ascii=False)
