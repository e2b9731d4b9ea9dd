"""Whether an extension extends: one to an earlier day makes no sense as a record (rule 18)."""

from datetime import date

from service.domain.claims import Claim, Ledger
from service.domain.dates import Bounds, Period, bounds
from service.domain.event import ProposedEvent
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.schedule import Schedule, suspensions
from service.domain.sources import when
from service.errors import ExtensionShortens, FieldError

DESCRIBE = ("restriction.announced", "restriction.reported", "restriction.proposed")
SUSPEND = ("restriction.suspended", "restriction.suspension_extended", "restriction.reinstated")


def extends_its_period(event: ProposedEvent, said: Ledger) -> None:
    """Raises ExtensionShortens where a restriction would end before the end that it had."""
    found = restriction_timeline(said)
    if found is None:
        return
    before = Schedule(found.announced_on, found.starts, found.stated_end, _made_before(event, found.acts))
    _ends_later(Period.model_validate(event.data["in_force"]), before.ends, "/data/in_force/through")


def extends_its_suspension(event: ProposedEvent, said: Ledger) -> None:
    """Raises ExtensionShortens where a suspension would end before the end that it had."""
    found = restriction_timeline(said)
    suspended = suspensions(_made_before(event, found.acts)) if found else []
    if suspended and not suspended[-1].lifted:
        _ends_later(Period.model_validate(event.data["period"]), suspended[-1].last, "/data/period/through")


def _made_before(event: ProposedEvent, acts: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The acts made by the day of this one: what was recorded first may have been made later."""
    day = _day(event)
    return tuple(act for act in acts if day is None or act.day.latest is None or act.day.latest <= day)


def _day(event: ProposedEvent) -> date | None:
    stated, published = event.effective, event.source.get("published_at")
    return bounds(stated).latest if stated else when(published).latest if published else None


def _ends_later(period: Period, before: Bounds | None, pointer: str) -> None:
    last = period.last
    if last is None or before is None or last.latest is None or before.earliest is None:
        return
    if last.latest < before.earliest:
        asked = f"{before.earliest} or later; an earlier end is a correction, or an act of its own"
        raise ExtensionShortens("The extension ends before what it extends.", [FieldError(pointer, asked)])
