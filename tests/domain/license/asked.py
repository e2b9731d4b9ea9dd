"""A question asked of a few events, without a register: the controls and licenses that they tell of are folded here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.domain.claims import Record
from service.domain.commodity.match import Commodity
from service.domain.commodity.names import Definitions
from service.domain.determine import Determination, Knowledge, determine
from service.domain.ledger import ledger
from service.domain.parties import Asked
from service.domain.quantities import Quantity
from service.domain.scope import Subject
from service.seeds.lives import FOLDS
from tests.answers.facts import ANY_DAY, JAY, MAGNETS, Event

EXPORTER = {"name": "JL Mag", "country": "CN"}
CUSTOMER = {"name": "Mahle Electric India", "country": "IN"}


def asked_about(party: dict[str, str] | None) -> Asked | None:
    """A party by name, of which nothing else is on record."""
    if party is None:
        return None
    return Asked(None, frozenset({party["name"].casefold()}), party["country"], label=party["name"])


def determined(
    *events: Event,
    as_of: str = ANY_DAY,
    exporter: dict[str, str] | None = None,
    end_user: dict[str, str] | None = JAY,
    commodity: dict[str, Any] = MAGNETS,
    quantity: str | None = None,
    **question: Any,
) -> Determination:
    """The answer about magnets from China to India for Jay Ushin, unless a test asks otherwise."""
    subject = Subject(
        commodity=Commodity(**commodity),
        exporter=asked_about(exporter),
        end_user=asked_about(end_user),
        quantity=Quantity(value=quantity, unit="KGM") if quantity else None,
        **({"destination": "IN"} | question),
    )
    return determine(subject, known(events), date.fromisoformat(as_of))


def known(events: Sequence[Event]) -> Knowledge:
    things: dict[str, list[Record]] = {}
    for position, event in enumerate(events, 1):
        things.setdefault(event["stream"], []).append(record_of(event, position))
    folded = [FOLDS[stream.partition("/")[0]](ledger(stream, records)) for stream, records in things.items()]
    of_noun = {
        noun: [one for stream, one in zip(things, folded, strict=True) if one and stream.startswith(noun)]
        for noun in ("restriction", "license")
    }
    restrictions: Any = of_noun["restriction"]
    licenses: Any = of_noun["license"]
    return Knowledge(restrictions, licenses, Definitions(), None)


def record_of(event: Event, position: int) -> Record:
    return Record(
        position=position,
        id=event["id"],
        type=event["type"],
        schema_version=1,
        effective=event.get("effective"),
        recorded_on=date(2026, 1, 1),
        data=event["data"],
        source=event["source"],
    )


def standing(*events: Event, **question: Any) -> tuple[str, str | None, str | None]:
    """Standing, its cause, and covered."""
    found = determined(*events, **question)
    return found.standing, found.standing_cause, found.covered
