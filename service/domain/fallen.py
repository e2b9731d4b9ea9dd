"""What was set aside, as if it had been followed: to tell the answers that it would have changed (rule 30)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from service.domain.claims import Ledger, SetAside
from service.domain.resolve import drives
from service.domain.sources import Tier


class SetsAside(Protocol):
    @property
    def set_aside(self) -> tuple[SetAside, ...]: ...


Thing = TypeVar("Thing", bound=SetsAside)


@dataclass(frozen=True, slots=True)
class Fallen(Generic[Thing]):
    """A thing as if nothing that was said of it had fallen, and what of it was set aside. `as_if` decides nothing."""

    as_if: Thing
    set_aside: tuple[SetAside, ...]


def fallen(found: Ledger, fold: Callable[[Ledger], Thing | None]) -> Fallen[Thing] | None:
    """None where all that was said of the stream's thing is followed."""
    if not found.set_aside and len(found.claims) < 2 and all(one.tier is not Tier.COMMENTARY for one in found.claims):
        return None
    thing = fold(found)
    set_aside = thing.set_aside if thing is not None else (*found.set_aside, *drives(found.claims)[1])
    as_if = fold(found.as_if_nothing_fell()) if set_aside else None
    return Fallen(as_if, set_aside) if as_if is not None else None
