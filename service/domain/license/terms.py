"""The terms of a license: who, what, where to, how long, under which conditions. An amendment may change each of them.

Parties and lines are sets: every claim adds its own, with its own tier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.domain.claims import Claim, SetAside
from service.domain.dates import Bounds, Period, some_day_of
from service.domain.license.events import Conditions, LicenseAmended, LicenseLine
from service.domain.parties import Party
from service.domain.resolve import Resolved, distinct, resolve
from service.domain.sources import Tier

ROLES = {"end_users": "end_user", "consignees": "consignee", "intermediates": "intermediate", "customers": "customer"}
"""The field that lists parties, and the role that it gives them."""


@dataclass(frozen=True, slots=True)
class LicenseParty:
    """A party that a claim gives a role in the license."""

    role: str
    party: Party
    claim: Claim


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of the license, counted from 1, and the claims that give it.

    `disputed`: sources of equal tier differ about how much it is for.
    """

    number: int
    line: LicenseLine
    claims: tuple[Claim, ...]
    disputed: bool = False

    @property
    def tiers(self) -> list[Tier]:
        return [claim.tier for claim in self.claims]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the license says, as the claims have it or as an amendment changed it."""

    destinations: tuple[str, ...]
    """The destination stated; several where equal tiers disagree; none where none was stated."""
    parties: tuple[LicenseParty, ...]
    lines: tuple[SaidLine, ...]
    validity: Period | None
    starts: Bounds | None
    ends: Bounds | None
    conditions: tuple[Conditions, ...]
    revoked_lines: tuple[SaidLine, ...] = ()
    """Lines that were taken back; they are no longer among `lines`."""

    def in_role(self, *roles: str) -> list[LicenseParty]:
        return [party for party in self.parties if party.role in roles] if self.parties else []

    @property
    def single_shipment(self) -> bool:
        return any(conditions.shipments == "single" for conditions in self.conditions)


def terms_of(describing: Sequence[Claim]) -> tuple[Terms, list[SetAside]]:
    """The terms as the claims have them, and the claims of lower tiers that say otherwise."""
    destination = resolve("destination", describing)
    starts, ends = resolve("validity.from_", describing), resolve("validity.through", describing)
    lines, rival_lines = _lines(describing)
    terms = Terms(
        destinations=destination.values,
        parties=tuple(party for claim in describing for party in _parties(claim)),
        lines=lines,
        validity=_period(starts, ends),
        starts=some_day_of(starts.values),
        ends=some_day_of(ends.values),
        conditions=tuple(distinct(c for claim in describing if (c := getattr(claim.data, "conditions", None)))),
    )
    return terms, [*rival_lines, *(aside for field in (destination, starts, ends) for aside in field.set_aside)]


def _period(starts: Resolved, ends: Resolved) -> Period | None:
    """The period as stated; bounds that different sources state need not make a period together."""
    if not starts.values and not ends.values:
        return None
    return Period.model_construct(from_=starts.value, through=ends.value)


def _parties(claim: Claim) -> Iterator[LicenseParty]:
    licensee = getattr(claim.data, "licensee", None)
    if licensee is not None:
        yield LicenseParty("licensee", licensee, claim)
    for field, role in ROLES.items():
        for party in getattr(claim.data, field, None) or ():
            yield LicenseParty(role, party, claim)


def _lines(describing: Sequence[Claim]) -> tuple[tuple[SaidLine, ...], list[SetAside]]:
    """The lines in their order: what several claims say of the same goods is one line."""
    found: list[list[tuple[LicenseLine, Claim]]] = []
    for claim in describing:
        taken: list[int] = []
        for line in getattr(claim.data, "lines", ()):
            same = (i for i, said in enumerate(found) if i not in taken and said[0][0].commodity == line.commodity)
            index = next(same, len(found))
            if index == len(found):
                found.append([])
            found[index].append((line, claim))
            taken.append(index)
    merged = [_line(number, said) for number, said in enumerate(found, 1)]
    return tuple(line for line, _ in merged), [aside for _, asides in merged for aside in asides]


def _line(number: int, said: Sequence[tuple[LicenseLine, Claim]]) -> tuple[SaidLine, list[SetAside]]:
    """One line from what is said of it: how much, by the highest tier that says so."""
    stated = [(line, claim) for line, claim in said if line.quantity is not None]
    highest = max((claim.rank for _, claim in stated), default=0)
    followed = [line for line, claim in stated if claim.rank == highest] or [said[0][0]]
    differing = [claim for line, claim in stated if claim.rank < highest and line.quantity != followed[0].quantity]
    disputed = any(line.quantity != followed[0].quantity for line in followed)
    claims = tuple(claim for _, claim in said)
    reason = f"its quantity of line {number} differs from a higher-tier source"
    asides = [SetAside(claim.event, claim.tier, reason, True) for claim in differing]
    return SaidLine(number, followed[0], claims, disputed), asides


def amendment_of(claim: Claim) -> LicenseAmended | None:
    return claim.data if isinstance(claim.data, LicenseAmended) else None


def amended(terms: Terms, claim: Claim) -> Terms:
    """The terms from an amendment on. What it does not state stays as it was."""
    data = amendment_of(claim)
    if data is None:
        return terms
    changes: dict[str, Any] = {}
    if data.destination is not None:
        changes["destinations"] = (data.destination,)
    if data.lines is not None:
        changes["lines"] = amended_lines(claim)
    if data.conditions is not None:
        changes["conditions"] = (data.conditions,)
    if data.validity is not None:
        changes |= _prolonged(terms, data.validity)
    replaced = {role for field, role in ROLES.items() if getattr(data, field) is not None}
    replaced |= {"licensee"} if data.licensee is not None else set()
    kept = tuple(party for party in terms.parties if party.role not in replaced)
    return replace(terms, parties=(*kept, *_parties(claim)), **changes)


def amended_lines(claim: Claim) -> tuple[SaidLine, ...]:
    """The lines that an amendment puts in the place of those before; none where it leaves them."""
    data = amendment_of(claim)
    lines = data.lines if data else None
    return tuple(SaidLine(number, line, (claim,)) for number, line in enumerate(lines or (), 1))


def _prolonged(terms: Terms, validity: Period) -> dict[str, Any]:
    """The bounds of an amended validity. A bound that it does not state stays as it was."""
    changes: dict[str, Any] = {}
    old = terms.validity
    from_ = validity.from_ or (old.from_ if old else None)
    through = validity.through or (old.through if old else None)
    if validity.from_:
        changes["starts"] = validity.first
    if validity.through:
        changes["ends"] = validity.last
    return changes | {"validity": Period.model_construct(from_=from_, through=through)}


def without(terms: Terms, numbers: frozenset[int]) -> Terms:
    """The terms once some lines are revoked; the others keep their numbers."""
    if not numbers:
        return terms
    kept = tuple(line for line in terms.lines if line.number not in numbers)
    return replace(terms, lines=kept, revoked_lines=tuple(line for line in terms.lines if line.number in numbers))
