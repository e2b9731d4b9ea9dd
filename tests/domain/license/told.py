"""One license's events, folded without a register: what it is on a day follows from them alone."""

from datetime import date
from typing import Any

from service.domain.claims import Record
from service.domain.ledger import ledger
from service.domain.license.on_day import LicenseState
from service.domain.license.timeline import LicenseTimeline, license_timeline
from tests.answers.facts import Event, fact, granted, period

STREAM = "license/l"
YEAR = period("2025-05-01", "2025-12-31")


def act(name: str, on: str | None = None, tier: str = "issuer_text", **data: Any) -> Event:
    """An act on the license."""
    return fact(STREAM, f"license.{name}", data, effective=on, tier=tier)


def applied(on: str, tier: str = "holder", **data: Any) -> Event:
    return act("applied", on, tier, **{"issuer": "CN", "destination": "IN"} | data)


def report(state: str, on: str, tier: str = "issuer_text", **data: Any) -> Event:
    return fact(STREAM, "license.reported", {"state": state, "on": on, "issuer": "CN", **data}, tier=tier)


def grant(on: str = "2025-05-01", tier: str = "issuer_text", **data: Any) -> Event:
    return granted("l", on=on, said={"tier": tier}, **{"validity": YEAR} | data)


def use(reference: str, day: str, value: str, unit: str = "KGM", *, line: int = 1, tier: str = "holder") -> Event:
    quantity = {"value": value, "unit": unit}
    return act("used", None, tier, reference=reference, day=day, quantity=quantity, line=line)


def told(*events: Event) -> LicenseTimeline:
    """The license that the events tell of, recorded in their order."""
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
    found = license_timeline(ledger(STREAM, records))
    assert found is not None
    return found


def on(license_: LicenseTimeline, day: str) -> LicenseState:
    return license_.on(date.fromisoformat(day)).state


def words(*events: Event, days: tuple[str, ...]) -> list[str]:
    """The state on each of the days, in one word."""
    license_ = told(*events)
    return [on(license_, day).word for day in days]


def conflicts(license_: LicenseTimeline) -> list[str]:
    return [aside.event for aside in license_.set_aside if aside.conflicting]
