"""A country's status: what the others control towards it, or what it controls itself, by goods."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.answer import Control
from service.domain.commodity.match import Commodity
from service.domain.countries import in_sentence
from service.domain.determine import CONTROLS
from service.domain.restriction.considered import Considered
from service.register import titles
from service.register.ask import Determined
from service.register.beside import Shared, milestones_beside, notes_beside
from service.register.goods import own, towards
from service.register.headline import freshness
from service.register.known import Known
from service.register.parts import MilestoneBeside, NoteBeside, Row
from service.register.shapes import Question
from service.register.status import PageAsked, Place, page, rows_of

PAGE_BYTES, COMMODITY_BYTES = 48_000, 8_000
"""A page of rows ends where they would take more: the whole page takes some 60 KB at most, of one commodity 12."""
IN_WORDS: dict[Control, str] = {
    "prohibited": "prohibited",
    "presumption_of_denial": "presumed to be denied",
    "quota": "under a quota",
    "license_required": "needing a license",
    "conditional": "allowed under a condition",
    "notification": "to be notified",
    "undetermined": "not certain",
    "suspended": "suspended",
    "not_yet_in_force": "not yet in force",
    "not_restricted": "no longer restricted",
    "no_data": "with licenses only",
}


@dataclass(frozen=True)
class Wanted:
    """Whose status is asked for, and how much of it."""

    country: str
    role: Literal["destination", "controller"]
    commodity: Commodity | None
    controller: str | None
    detail: Literal["brief", "full"]
    page_bytes: int | None = None
    """How long a page of rows is as JSON at most; none: as long as the API's."""


@dataclass(frozen=True)
class CountryStatusFound:
    headline: str
    controls: list[Row]
    nothing_on_record: list[str]
    milestones: list[MilestoneBeside]
    notes: list[NoteBeside]
    next: Place | None


def every_control(wanted: Wanted, known: Known, on: date) -> tuple[str, list[Determined]]:
    """The headline of a status, and all that it has rows for, in no pages."""
    found = rows_of(_questions(wanted, known), known, on, wanted.detail)
    return _headline(wanted, found, known, on), found


def country_status(wanted: Wanted, known: Known, on: date, after: Place | None, limit: int) -> CountryStatusFound:
    found = rows_of(_questions(wanted, known), known, on, wanted.detail)
    most = wanted.page_bytes or (COMMODITY_BYTES if wanted.commodity else PAGE_BYTES)
    rows, following = page(found, PageAsked(after, limit, most))
    speaking = {one.asking.question.controller for one in found}
    shared = _shared(wanted, found)
    return CountryStatusFound(
        headline=_headline(wanted, found, known, on),
        controls=rows,
        nothing_on_record=[code for code in _controllers(wanted, known) if code not in speaking],
        milestones=milestones_beside(shared, known, on),
        notes=notes_beside(shared, known, on),
        next=following,
    )


def _controllers(wanted: Wanted, known: Known) -> list[str]:
    if wanted.role == "controller":
        return [wanted.country]
    if wanted.controller:
        return [wanted.controller]
    return [code for code in known.controllers if code != wanted.country]


def _questions(wanted: Wanted, known: Known) -> list[Question]:
    asked = []
    for controller in _controllers(wanted, known):
        to = None if wanted.role == "controller" else wanted.country
        goods = [wanted.commodity] if wanted.commodity else _named(controller, to, known)
        asked += [_question(controller, to, one) for one in goods]
    return asked


def _named(controller: str, to: str | None, known: Known) -> list[Commodity]:
    return own(controller, known) if to is None else towards(to, controller, known)


def _question(controller: str, to: str | None, goods: Commodity) -> Question:
    """What is not asked about is left out of a question."""
    if to is None:
        return Question(controller=controller, commodity=goods)
    return Question(controller=controller, destination=to, commodity=goods)


def _shared(wanted: Wanted, found: Sequence[Determined]) -> Shared:
    bearing = [each for one in found for each in (*one.whole.decisive, *_possible(one))]
    return Shared(
        country=wanted.country,
        controllers=frozenset(one.asking.question.controller for one in found if one.asking.question.controller),
        goods=frozenset(name for one in found if (name := one.asking.question.commodity.name)),
        streams=frozenset(each.provision.stream for each in bearing),
    )


def _possible(one: Determined) -> list[Considered]:
    return [each for each in one.whole.considered if each.may_bear]


def _headline(wanted: Wanted, found: Sequence[Determined], known: Known, on: date) -> str:
    """How many of which control, the strictest first; and how old the record is."""
    name, day = in_sentence(wanted.country), titles.day(on)
    what = titles.goods(wanted.commodity, known) if wanted.commodity else "goods"
    way = f"from {name}" if wanted.role == "controller" else f"to {name}"
    if not found:
        return f"Nothing is recorded about {titles.short(what)} {way} on {day}; that is no clearance."
    counted = Counter(one.whole.control for one in found)
    told = [f"{counted[control]} {IN_WORDS[control]}" for control in CONTROLS if counted[control]]
    by = len({one.asking.question.controller for one in found})
    rows = f"{len(found)} controls" if len(found) > 1 else "1 control"
    said = f"{rows} of {by} {'country' if by == 1 else 'countries'} on {titles.short(what)} {way}"
    return " ".join(filter(None, (f"{said} on {day}: {titles.listed(told, most=8)}.", _freshness(found))))


def _freshness(found: Sequence[Determined]) -> str:
    """Of the country whose record is the oldest, which is named beside others."""
    told = {one.asking.question.controller: (one.asking.recorded_through, freshness(one.asking)) for one in found}
    stale = [(through, said, code) for code, (through, said) in told.items() if through and said and code]
    if not stale:
        return ""
    _, said, code = min(stale)
    return said if len(told) == 1 else f"The record of {in_sentence(code)} is the oldest. {said}"
