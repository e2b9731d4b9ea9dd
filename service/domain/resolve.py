"""Rival values of one field: resolved by tier, never by order of arrival."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from service.domain.claims import Claim, SetAside
from service.domain.sources import Tier


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values of the highest tier that states any. Several values: equal tiers disagree, and each is possible."""

    values: tuple[Any, ...]
    claim: Claim | None
    set_aside: tuple[SetAside, ...]

    @property
    def value(self) -> Any:
        return self.values[0] if self.values else None

    @property
    def disputed(self) -> bool:
        return len(self.values) > 1


def resolve(field: str, claims: Iterable[Claim]) -> Resolved:
    """The value of a field of the claims' data. Silence (a field left out) contradicts nothing."""
    stated = [(claim, value) for claim in claims if (value := getattr(claim.data, field, None)) is not None]
    if not stated:
        return Resolved((), None, ())
    highest = max(claim.rank for claim, _ in stated)
    followed = [(claim, value) for claim, value in stated if claim.rank == highest]
    values = distinct(value for _, value in followed)
    lower = tuple(
        SetAside(claim.event, claim.tier, f"its {field} differs from what a higher tier says", True)
        for claim, value in stated
        if claim.rank < highest and value not in values
    )
    return Resolved(tuple(values), followed[0][0], lower)


def distinct(values: Iterable[Any]) -> list[Any]:
    """The values without repeats, in their order. They need not be hashable."""
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def drives(claims: Iterable[Claim]) -> tuple[list[Claim], list[SetAside]]:
    """The claims that may move a status, and the commentary, which moves none."""
    moving, idle = [], []
    for claim in claims:
        if claim.tier is Tier.COMMENTARY:
            idle.append(SetAside(claim.event, claim.tier, "commentary moves no status", False))
        else:
            moving.append(claim)
    return moving, idle
