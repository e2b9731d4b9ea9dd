"""Questions about restrictions, answered without a register."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.domain.claims import Record
from service.domain.commodity.match import NONE_DEFINED, Commodity
from service.domain.company.names import normalized
from service.domain.determine import Determination, Knowledge, determine
from service.domain.ledger import ledger
from service.domain.parties import Asked
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from tests.answers.facts import MAGNETS, Event


def known(*events: Event) -> Knowledge:
    """What the events tell, each stream folded by itself."""
    streams: dict[str, list[Event]] = {}
    for event in events:
        streams.setdefault(event["stream"], []).append(event)
    return Knowledge([_timeline(stream, told) for stream, told in streams.items()], (), NONE_DEFINED, None)


def _timeline(stream: str, events: Sequence[Event]) -> RestrictionTimeline:
    records = [
        Record(
            position=position,
            id=event["id"],
            type=event["type"],
            schema_version=1,
            effective=event.get("effective"),
            recorded_on=date(2026, 11, 1),
            data=event["data"],
            source=event["source"],
        )
        for position, event in enumerate(events, 1)
    ]
    found = restriction_timeline(ledger(stream, records))
    assert found is not None
    return found


def party(name: str, country: str) -> Asked:
    return Asked(None, frozenset({normalized(name)}), country, label=name)


def ask(knowledge: Knowledge, day: str = "2025-07-01", **about: Any) -> Determination:
    """Magnets to India, unless something else is asked about."""
    commodity = Commodity.model_validate(about.pop("commodity", MAGNETS))
    subject = Subject(commodity=commodity, **{"destination": "IN"} | about)
    return determine(subject, knowledge, date.fromisoformat(day))


def control(knowledge: Knowledge, day: str = "2025-07-01", **about: Any) -> str:
    return ask(knowledge, day, **about).control


def basis(found: Determination) -> list[str]:
    return [one.provision.stream.removeprefix("restriction/") for one in found.decisive]
