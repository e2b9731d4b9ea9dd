"""One restriction's events, folded without a register: what it is on a day follows from them alone."""

from datetime import date
from typing import Any

from service.domain.claims import Ledger, Record
from service.domain.ledger import ledger
from service.domain.restriction.changes import transitions
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.timeline import RestrictionOnDay, RestrictionTimeline
from service.domain.transitions import Transition
from tests.answers.facts import Event, announced, fact, period, reported, suspended

STREAM = "restriction/r"


def announcement(**said: Any) -> Event:
    """A licensing requirement, announced on 2025-04-01 and in force from 2025-04-04, unless something else is said."""
    return announced("r", **said)


def proposal(on: str = "2025-02-01", **said: Any) -> Event:
    data = {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"name": "rare_earth_magnets"}]}} | said
    return fact(STREAM, "restriction.proposed", data, effective=on)


def act(
    name: str, on: str | None = None, *, tier: str = "issuer_text", published: str | None = None, **data: Any
) -> Event:
    return fact(STREAM, f"restriction.{name}", data, effective=on, tier=tier, published=published)


def suspension(start: str | None, through: str | None, **said: Any) -> Event:
    return suspended("r", start, through, **said) if start else act("suspended", period=period(None, through), **said)


def report(state: str, on: str, tier: str = "issuer_text", **said: Any) -> Event:
    return reported("r", state, on, {"tier": tier, **said})


def told(*events: Event) -> RestrictionTimeline:
    """The restriction that the events tell of, recorded in their order."""
    found = restriction_timeline(ledger_of(*events))
    assert found is not None
    return found


def ledger_of(*events: Event) -> Ledger:
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
    return ledger(STREAM, records)


def on(timeline: RestrictionTimeline, day: str) -> RestrictionOnDay:
    return timeline.on(date.fromisoformat(day))


def words(timeline: RestrictionTimeline, *days: str) -> dict[str, str]:
    """The state on each day, as a word."""
    return {day: on(timeline, day).state.word for day in days}


def phases(timeline: RestrictionTimeline, day: str) -> set[str]:
    """The phases that are not ruled out on a day."""
    state = on(timeline, day).state
    return {phase for phase in ("not_yet_in_force", "in_force", "suspended", "ended") if getattr(state, phase)}


def changes(timeline: RestrictionTimeline) -> list[tuple[str, str]]:
    """The changes with their first days, in order; those that were only agreed on are marked."""
    found = sorted(transitions(timeline), key=lambda one: (one.day.latest or date.max, one.what))
    return [(str(one.day.latest), one.what + (" (agreed)" if one.agreed else "")) for one in found]


def dated(timeline: RestrictionTimeline) -> list[Transition]:
    return transitions(timeline)
