"""A company's standing, and whether a shipment is covered, from the licenses considered for a question."""

from collections.abc import Sequence

from service.domain.answer import Covered, Standing
from service.domain.license.considered import NAMED_BY, LicenseConsidered
from service.domain.truth import Truth, all_of

WEAKEST_FIRST: tuple[Covered, ...] = ("no", "unknown", "possible", "yes_with_conditions", "yes")
STANDINGS: tuple[Standing, ...] = ("confirmed", "reported", "possible", "pending", "none", "unknown")


def standing_of(found: Sequence[LicenseConsidered]) -> tuple[Standing, str | None]:
    """A company's standing: the first that holds for any license, and the cause where it is `none`.

    A license for whom nobody says is no evidence about anyone. It may cover a shipment all the same.
    """
    each = [_standing(one) for one in found if one.told_of]
    return min(each, key=lambda pair: STANDINGS.index(pair[0]), default=("unknown", None))


def _standing(one: LicenseConsidered) -> tuple[Standing, str | None]:
    if one.usable is Truth.YES and one.named is not None:
        return ("confirmed" if one.named in NAMED_BY else "reported"), None
    if one.usable is not Truth.NO:
        return "possible", None
    if all_of((one.state.pending, one.matches)) is not Truth.NO:
        return "pending", None
    if one.named is None:
        return "unknown", None
    if one.state.active is Truth.NO:
        # What became of a license for something else says nothing here.
        return ("none", one.state.cause) if one.state.cause and one.matches is not Truth.NO else ("unknown", None)
    return "none", "out_of_scope"


def covered_by(found: Sequence[LicenseConsidered], standing: Standing, *, asks: bool) -> Covered:
    """Whether a license covers the shipment, where one is needed. `asks`: the question names a party."""
    covers = [cover for one in found if (cover := _cover(one, asks=asks)) is not None]
    if covers:
        return max(covers, key=WEAKEST_FIRST.index)
    if not asks:
        return "unknown"
    by_standing: dict[Standing, Covered] = {"pending": "no", "none": "no"}
    return by_standing.get(standing, "unknown")


def _cover(one: LicenseConsidered, *, asks: bool) -> Covered | None:
    """What one license gives; None where it has no bearing."""
    if one.usable is Truth.NO:
        return None
    enough = one.quantity.truth if one.quantity else Truth.YES
    if enough is Truth.NO:
        return "no" if asks else "unknown"
    if not asks or one.named is None or all_of((one.usable, enough)) is not Truth.YES:
        return "possible"
    return "yes_with_conditions" if one.bound else "yes"
