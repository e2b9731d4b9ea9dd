"""A milestone as claimed, and as the other side confirmed it. It moves no legal status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import Bounds, reached
from service.domain.milestone.events import (
    MilestoneConfirmed,
    MilestoneContradicted,
    MilestoneFulfilled,
    MilestoneNotConfirmed,
    MilestoneRecorded,
)
from service.domain.resolve import drives, resolve
from service.domain.truth import Truth

Answering = MilestoneConfirmed | MilestoneNotConfirmed | MilestoneContradicted
ANSWERS = {
    "milestone.confirmed": "confirmed",
    "milestone.not_confirmed": "not_confirmed",
    "milestone.contradicted": "contradicted",
}


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
    answers: tuple[tuple[str, str], ...]
    """What other sides said of it: the country, and `confirmed`, `not_confirmed` or `contradicted`."""
    fulfilled_by: tuple[str, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

    @property
    def word(self) -> str:
        """`fulfilled`; or what another side than the claiming one said last; `claimed` by one side; `recorded`."""
        if self.fulfilled_by:
            return "fulfilled"
        said = [word for by, word in self.answers if by != self.claimed_by]
        if said:
            return said[-1]
        return "claimed" if self.claimed_by else "recorded"


def milestone_of(ledger: Ledger) -> Milestone | None:
    """The milestone that a stream is about; None where nothing that stands describes it."""
    moving, idle = drives(claim for claim in ledger.claims if not isinstance(claim.data, MilestoneRecorded))
    answers, outranked = _answers(moving)
    describing = [claim for claim in ledger.claims if isinstance(claim.data, MilestoneRecorded)]
    kind, parties = resolve("kind", describing), resolve("parties", describing, _same_parties)
    claimed_by = resolve("claimed_by", describing)
    if kind.claim is None:
        return None
    return Milestone(
        stream=ledger.stream,
        kind=kind.value,
        parties=tuple(parties.value),
        title=resolve("title", describing).value,
        summary=resolve("summary", describing).value,
        claimed_by=claimed_by.value,
        about=tuple(dict.fromkeys(link for claim in describing for link in getattr(claim.data, "about", ()))),
        day=kind.claim.day,
        recorded=kind.claim,
        answers=answers,
        fulfilled_by=tuple(c.data.by_event_in for c in moving if isinstance(c.data, MilestoneFulfilled)),
        claims=ledger.claims,
        set_aside=(
            *ledger.set_aside,
            *idle,
            *kind.set_aside,
            *parties.set_aside,
            *claimed_by.set_aside,
            *outranked,
        ),
        position=ledger.position,
    )


def _answers(moving: Iterable[Claim]) -> tuple[tuple[tuple[str, str], ...], list[SetAside]]:
    """What each other side said, in the order in which it was recorded. Of one side the highest tier speaks: what a
    lower one says otherwise is a conflict."""
    answering = [(claim, claim.data) for claim in moving if isinstance(claim.data, Answering)]
    followed, outranked = [], []
    for claim, data in answering:
        higher = [one for one, said in answering if said.by == data.by and one.rank > claim.rank]
        if not higher:
            followed.append((data.by, ANSWERS[claim.type]))
        elif all(one.type != claim.type for one in higher):
            outranked.append(SetAside(claim.event, claim.tier, f"outranked by event {higher[-1].event}", True))
    return tuple(followed), outranked


def _same_parties(one: Sequence[str], other: Sequence[str]) -> bool:
    return set(one) == set(other)


def happened_by(milestone: Milestone, on: date) -> Truth:
    return reached(milestone.day, on)
