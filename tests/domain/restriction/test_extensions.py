"""Rule 18: an extension to an earlier day is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.decide import decide
from service.domain.event import ProposedEvent, RecordedEvent, StreamSoFar
from service.errors import ExtensionShortens
from tests.answers.facts import Event, period
from tests.domain.restriction.told import act, announcement, suspension

NO_HASH = "0" * 64
THROUGH_2025 = announcement(in_force=period("2025-04-04", "2025-12-31"))


def recorded(position: int, event: Event) -> RecordedEvent:
    return RecordedEvent(
        position=position,
        id=event["id"],
        stream=event["stream"],
        version=position,
        type=event["type"],
        schema_version=1,
        effective=event.get("effective"),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        actor="somebody",
        metadata={},
        data=event["data"],
        source=event["source"],
        hash=NO_HASH,
    )


def decided(event: Event, *before: Event) -> None:
    earlier = [recorded(position, one) for position, one in enumerate(before, 1)]
    proposed = ProposedEvent(
        id=None,
        stream=event["stream"],
        type=event["type"],
        schema_version=1,
        effective=event.get("effective"),
        data=event["data"],
        source=event["source"],
        metadata={},
    )
    so_far = StreamSoFar(len(earlier), None, lambda types: [one for one in earlier if one.type in types])
    decide(proposed, so_far)


def longer(through: str, on: str = "2025-10-01", **said: Any) -> Event:
    return act("extended", on, in_force=period(None, through), **said)


def paused(through: str, on: str = "2025-10-01") -> Event:
    return act("suspension_extended", on, period=period(None, through))


def test_an_extension_to_an_earlier_day_is_refused_and_one_to_the_same_day_is_not():
    with pytest.raises(ExtensionShortens):
        decided(longer("2025-12-30"), THROUGH_2025)
    decided(longer("2025-12-31"), THROUGH_2025)
    decided(longer("open"), THROUGH_2025)


def test_it_is_held_against_the_extension_before_it():
    with pytest.raises(ExtensionShortens):
        decided(longer("2026-06-30", "2025-11-01"), THROUGH_2025, longer("2026-12-31"))


def test_an_earlier_extension_that_is_learned_later_is_taken():
    decided(longer("2026-06-30", "2025-09-01"), THROUGH_2025, longer("2026-12-31"))


def test_where_no_end_is_stated_any_end_is_taken():
    decided(longer("2025-06-01"), announcement())


def test_an_end_that_may_be_later_is_taken():
    decided(longer("2025-12"), announcement(in_force=period("2025-04-04", "2025-12-15")))


def test_a_suspension_extended_to_an_earlier_day_is_refused():
    before = (announcement(), suspension("2025-05-01", "2025-12-31"))
    with pytest.raises(ExtensionShortens):
        decided(paused("2025-12-30"), *before)
    decided(paused("2025-12-31"), *before)
    decided(paused("2025-11-30", "2025-11-15"), *before, act("reinstated", "2025-11-01"))


def test_of_two_extensions_of_one_day_the_second_is_held_against_the_first():
    with pytest.raises(ExtensionShortens):
        decided(longer("2026-06-30", "2025-10-01"), THROUGH_2025, longer("2026-12-31", "2025-10-01"))
