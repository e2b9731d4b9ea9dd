"""The seeds of each thing as the domain's own folds read them, and what contradicts a higher tier in them.

The folds refuse nothing, since the world says contradictory things. A line that changes nothing, or that a higher tier
sets aside, is either kept as a contradiction on purpose, or a mistake.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.domain.claims import Claim, Ledger, Record, SetAside
from service.domain.commodity.definition import definition_of
from service.domain.company.timeline import company_of
from service.domain.group.timeline import group_of
from service.domain.ledger import ledger
from service.domain.license.events import LicenseUsed
from service.domain.license.timeline import license_timeline
from service.domain.milestone.timeline import milestone_of
from service.domain.restriction.fold import restriction_timeline
from service.domain.sources import Tier
from service.seeds.files import Seed
from service.seeds.findings import Finding, of

WITH_A_STATUS = ("restriction", "license", "company")
"""The nouns of which a contradiction matters: a milestone's other title moves nothing."""


@dataclass(frozen=True, slots=True)
class Life:
    """All that the seeds say of one thing."""

    ledger: Ledger
    lines: Mapping[str, Seed]
    """By the id of the event."""

    @property
    def noun(self) -> str:
        return self.ledger.stream.partition("/")[0]

    @property
    def moving(self) -> list[Claim]:
        """What stands and is more than commentary."""
        return [claim for claim in self.ledger.claims if claim.tier is not Tier.COMMENTARY]

    def without(self, *claims: Claim) -> Ledger:
        """The ledger as if these claims had not been made."""
        return replace(self.ledger, claims=tuple(claim for claim in self.ledger.claims if claim not in claims))

    def finding(self, claim: Claim, asked: str, true: str, *, fault: bool = True) -> Finding:
        return of(self.lines[claim.event], asked, true, fault=fault)


def lives(seeds: Sequence[Seed], noun: str | None = None) -> Iterator[Life]:
    """The things that the seeds tell of, of one noun or of all. Every line has been found to make sense as a record."""
    by_stream: dict[str, dict[str, Seed]] = {}
    records: dict[str, list[Record]] = {}
    for position, seed in enumerate(seeds, 1):
        if noun is None or seed.noun == noun:
            record = _record(seed, position)
            by_stream.setdefault(seed.event.stream, {})[record.id] = seed
            records.setdefault(seed.event.stream, []).append(record)
    for stream, listed in records.items():
        yield Life(ledger(stream, listed), by_stream[stream])


def _record(seed: Seed, position: int) -> Record:
    event = seed.event
    return Record(
        position=position,
        id=event.id or seed.place,
        type=event.type,
        schema_version=event.schema_version,
        effective=event.effective,
        recorded_on=seed.learned,
        data=event.data,
        source=event.source,
    )


class Folded(Protocol):
    """What every fold gives: among other things, what it sets aside."""

    @property
    def set_aside(self) -> tuple[SetAside, ...]: ...


FOLDS: dict[str, Callable[[Ledger], Folded | None]] = {
    "restriction": restriction_timeline,
    "license": license_timeline,
    "milestone": milestone_of,
    "company": company_of,
    "commodity": definition_of,
    "group": group_of,
}
"""By noun, what makes the thing from its ledger; None where nothing that stands describes it."""


def declared_contradictions(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """What a higher tier sets aside moves nothing: its line says that this is meant, and no other line says so."""
    for life in lives(seeds):
        if life.noun not in WITH_A_STATUS:
            continue
        # A use that cannot be contradicts its own license, whatever the tiers: license_acts tells of it.
        uses = {claim.event for claim in life.ledger.claims if isinstance(claim.data, LicenseUsed)}
        aside = {one.event: one for one in _conflicting(life) if one.event not in uses}
        for id_, seed in life.lines.items():
            declared = bool(seed.event.metadata.get("contradicts"))
            if id_ in aside and not declared:
                asked = "what a higher tier sets aside is declared with metadata.contradicts"
                yield of(seed, asked, f"it is not, and {aside[id_].reason}")
            elif declared and id_ not in aside:
                asked = "metadata.contradicts says that a higher tier sets the line aside"
                yield of(seed, asked, "nothing sets this one aside, so it counts", fault=False)


def _conflicting(life: Life) -> Iterator[SetAside]:
    fold = FOLDS.get(life.noun)
    found = fold(life.ledger) if fold else None
    yield from (one for one in found.set_aside if one.conflicting) if found else ()


def described(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """An act needs something that stands to act on: a description that was not retracted, and is no commentary."""
    for life in lives(seeds):
        fold = FOLDS.get(life.noun)
        if fold and fold(life.ledger) is None:
            for claim in life.moving:
                asked = f"{claim.type} needs a {life.noun} that something describes"
                yield life.finding(claim, asked, f"nothing that stands describes {life.ledger.stream}")
