"""What stands beside a status and moves nothing: the milestones and notes that share its goods, its company or its pair
of countries, and its days (rule 30)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.domain.milestone.timeline import Milestone, happened_by
from service.domain.note.timeline import Note, told_by
from service.domain.truth import Truth
from service.projections import milestones, notes
from service.projections.read_model import things
from service.register.known import Known
from service.register.parts import MilestoneBeside, NoteBeside

MOST = 5
"""How many of each a status shows, the latest first."""
LONGEST = 200
"""How many characters of a note it shows."""


@dataclass(frozen=True)
class Shared:
    """What a status is about, as milestones and notes may share it."""

    country: str
    controllers: frozenset[str]
    goods: frozenset[str]
    streams: frozenset[str]
    """The restrictions, licenses and companies that it shows."""


def milestones_beside(shared: Shared, known: Known, on: date) -> list[MilestoneBeside]:
    found = things(known.connection, milestones.MODEL, known.at.seen, country=shared.country)
    beside = (one for one in found if happened_by(one, on) is not Truth.NO and _of(one, shared))
    return [_milestone(one, on) for one in latest_first(beside)[:MOST]]


def _of(one: Milestone, shared: Shared) -> bool:
    return bool(shared.controllers & set(one.parties) - {shared.country}) or bool(shared.streams & set(one.about))


def latest_first(found: Iterable[Milestone]) -> list[Milestone]:
    return sorted(found, key=lambda one: (one.day.latest or date.max, one.stream), reverse=True)


def _milestone(one: Milestone, on: date) -> MilestoneBeside:
    slug = one.stream.partition("/")[2]
    return MilestoneBeside(
        id=slug,
        kind=one.kind,
        title=one.title,
        state=one.word,
        happened=happened_by(one, on).word,
        parties=list(one.parties),
        earliest=one.day.earliest,
        latest=one.day.latest,
        link=f"/v1/milestones/{slug}",
    )


def notes_beside(shared: Shared, known: Known, on: date) -> list[NoteBeside]:
    found = things(known.connection, notes.MODEL, known.at.seen, country=shared.country)
    beside = (one for one in found if told_by(one, on) is not Truth.NO and _about(one, shared))
    return [_note(one) for one in newest_first(beside)[:MOST]]


def newest_first(found: Iterable[Note]) -> list[Note]:
    return sorted(found, key=lambda one: one.position, reverse=True)


def _about(one: Note, shared: Shared) -> bool:
    goods = {commodity.name for commodity in one.commodities if commodity.name}
    pair = bool(shared.controllers & set(one.countries) - {shared.country})
    return pair or bool(goods & shared.goods) or bool(shared.streams & set(one.about))


def _note(one: Note) -> NoteBeside:
    slug = one.stream.partition("/")[2]
    text = one.text if len(one.text) <= LONGEST else f"{one.text[:LONGEST].rstrip()}…"
    return NoteBeside(id=slug, kind=one.kind, text=text, countries=list(one.countries), link=f"/v1/notes/{slug}")
