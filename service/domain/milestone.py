"""A milestone as claimed, and as the other side confirmed it. It moves no legal status."""

from dataclasses import dataclass
from datetime import date

from service.domain.catalogue.milestone import MilestoneConfirmed, MilestoneRecorded
from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import Bounds, reached
from service.domain.resolve import resolve
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Milestone:
    stream: str
    kind: str
    parties: tuple[str, ...]
    title: str
    summary: str | None
    claimed_by: str | None
    about: tuple[str, ...]
    day: Bounds
    recorded: Claim
    confirmations: tuple[tuple[str, Claim], ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

    @property
    def word(self) -> str:
        """`confirmed` by another side than the one that claims it; `claimed` by one side; else `recorded`."""
        if any(by != self.claimed_by for by, _ in self.confirmations):
            return "confirmed"
        return "claimed" if self.claimed_by else "recorded"


def milestone_of(ledger: Ledger) -> Milestone | None:
    """The milestone that a stream is about; None where nothing that stands describes it."""
    describing = [claim for claim in ledger.claims if isinstance(claim.data, MilestoneRecorded)]
    kind, parties, title = (resolve(name, describing) for name in ("kind", "parties", "title"))
    if kind.claim is None:
        return None
    return Milestone(
        stream=ledger.stream,
        kind=kind.value,
        parties=tuple(parties.value),
        title=title.value,
        summary=resolve("summary", describing).value,
        claimed_by=resolve("claimed_by", describing).value,
        about=tuple(dict.fromkeys(link for claim in describing for link in getattr(claim.data, "about", ()))),
        day=kind.claim.day,
        recorded=kind.claim,
        confirmations=tuple((c.data.by, c) for c in ledger.claims if isinstance(c.data, MilestoneConfirmed)),
        claims=ledger.claims,
        set_aside=(*ledger.set_aside, *kind.set_aside, *parties.set_aside, *title.set_aside),
        position=ledger.position,
    )


def happened_by(milestone: Milestone, on: date) -> Truth:
    return reached(milestone.day, on)
