"""Rival values of one field: resolved by tier, never by order of arrival."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import eq
from typing import Any

from pydantic import BaseModel

from service.domain.claims import Claim, SetAside
from service.domain.sources import Tier

Agree = Callable[[Any, Any], bool]
"""Whether a value followed and another one can both be true."""


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


def resolve(field: str, claims: Iterable[Claim], agree: Agree = eq) -> Resolved:
    """The value of a field of the claims' data, named by its path: `kind`, `in_force.from_`.

    Silence (a field left out, or null) contradicts nothing; nor does a value of a lower tier that `agree` finds to go
    together with the one followed.
    """
    path = field.split(".")
    stated = [(claim, value) for claim in claims if (value := _stated(claim.data, path)) is not None]
    if not stated:
        return Resolved((), None, ())
    highest = max(claim.rank for claim, _ in stated)
    followed = [(claim, value) for claim, value in stated if claim.rank == highest]
    values = distinct(value for _, value in followed)
    contradicting = [
        (claim, value)
        for claim, value in stated
        if claim.rank < highest and not any(agree(one, value) for one in values)
    ]
    name = field.removesuffix("_").replace(".", " ").replace("_", " ")
    lower = (SetAside(c.event, c.tier, f"its {name} differs from a higher-tier source", True) for c, _ in contradicting)
    return Resolved(tuple(values), followed[0][0], tuple(lower))


def _stated(data: BaseModel, path: Sequence[str]) -> Any:
    """What the source wrote at a path: a default that it did not write is not its claim."""
    value: Any = data
    for name in path:
        if value is None or name not in value.model_fields_set:
            return None
        value = getattr(value, name)
    return value


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
