"""Goods and their definitions in the words of the field, without a register."""

from datetime import date

from service.domain.claims import Record
from service.domain.commodity.definition import Definition, definition_of, definitions_of
from service.domain.commodity.match import Definitions
from service.domain.ledger import ledger
from tests.answers.facts import Event


def definition(*events: Event) -> Definition:
    """What the events of one stream define, recorded in their order."""
    records = [
        Record(
            position=position,
            id=event["id"],
            type=event["type"],
            schema_version=1,
            effective=event.get("effective"),
            recorded_on=date(2026, 1, 1),
            data=event["data"],
            source=event["source"],
        )
        for position, event in enumerate(events, 1)
    ]
    found = definition_of(ledger(events[0]["stream"], records))
    assert found is not None
    return found


def definitions(*events: Event) -> Definitions:
    """What names stand for, one stream a name."""
    streams = {event["stream"]: [one for one in events if one["stream"] == event["stream"]] for event in events}
    return definitions_of([definition(*stream) for stream in streams.values()])
