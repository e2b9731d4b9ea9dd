"""A license's state on a day, from the claims about it.

Active, expired and exhausted are computed. A license whose end nobody stated is certain up to the last day that a
source speaks of it, and possible after. Parties and lines are sets: every claim adds its own, with its own tier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.catalogue.license import Conditions, LicenseLine, LicenseReported
from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import Bounds, Period, bounds, passed, reached, some_day_of
from service.domain.parties import Party
from service.domain.quantities import Count
from service.domain.resolve import distinct, drives, resolve
from service.domain.sources import Tier
from service.domain.timeline import Transition, day_after
from service.domain.truth import Truth, all_of, any_of

DESCRIBING = ("license.granted", "license.reported")
HELD = ("active", "in_force", "still_applies")
PENDING = ("applied", "under_review")


@dataclass(frozen=True, slots=True)
class LicenseParty:
    """A party that a claim gives a role in the license."""

    role: str
    party: Party
    claim: Claim


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line that a claim gives the license."""

    line: LicenseLine
    claim: Claim


@dataclass(frozen=True, slots=True)
class License:
    """What is known of a license, tiers resolved, before any day is asked about."""

    stream: str
    type: str
    issuer: str
    destinations: tuple[str, ...]
    """The destination stated; several where equal tiers disagree; none where none was stated."""
    parties: tuple[LicenseParty, ...]
    lines: tuple[SaidLine, ...]
    validity: Period | None
    starts: Bounds | None
    ends: Bounds | None
    conditions: tuple[Conditions, ...]
    counts: tuple[tuple[Tier, Count], ...]
    acts: tuple[Claim, ...]
    reports: tuple[Claim, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    tier: Tier
    position: int

    def in_role(self, role: str) -> list[LicenseParty]:
        return [party for party in self.parties if party.role == role]


@dataclass(frozen=True, slots=True)
class LicenseState:
    """A license on a day. `granted`: it was issued, whatever became of it. `cause` says why it is not usable."""

    granted: Truth
    active: Truth
    pending: Truth
    cause: str | None
    open_ended: bool
    """Nobody stated its end, and the day is past the last one that a source speaks of."""

    @property
    def word(self) -> str:
        if self.active is Truth.YES:
            return "active"
        if self.cause:
            return self.cause
        if self.pending is Truth.YES:
            return "pending"
        return "undetermined" if any_of((self.active, self.pending, self.granted)) else "not_granted"


def license_of(ledger: Ledger) -> License | None:
    """The license that a stream is about; None where nothing that stands says who issued it."""
    moving, idle = drives(ledger.claims)
    describing = [claim for claim in moving if claim.type in DESCRIBING]
    names = ("type", "issuer", "destination", "validity.from_", "validity.through")
    fields = {name: resolve(name, describing) for name in names}
    starts, ends = fields["validity.from_"], fields["validity.through"]
    issuer = fields["issuer"].claim
    if issuer is None:
        return None
    acts, outranked = _acts(moving)
    return License(
        stream=ledger.stream,
        type=fields["type"].value or "individual",
        issuer=fields["issuer"].value,
        destinations=fields["destination"].values,
        parties=tuple(_parties(describing)),
        lines=tuple(SaidLine(line, claim) for claim in describing for line in getattr(claim.data, "lines", ())),
        validity=Period(from_=starts.value, through=ends.value) if starts.values or ends.values else None,
        starts=some_day_of(starts.values),
        ends=some_day_of(ends.values),
        conditions=tuple(distinct(c for claim in describing if (c := getattr(claim.data, "conditions", None)))),
        counts=tuple((claim.tier, c) for claim in describing if (c := getattr(claim.data, "count", None))),
        acts=acts,
        reports=tuple(claim for claim in moving if claim.type == "license.reported"),
        claims=tuple(moving),
        set_aside=(*ledger.set_aside, *idle, *(a for field in fields.values() for a in field.set_aside), *outranked),
        tier=max((claim.tier for claim in describing), key=lambda tier: tier.rank),
        position=ledger.position,
    )


def _parties(describing: Sequence[Claim]) -> Iterator[LicenseParty]:
    for claim in describing:
        licensee = getattr(claim.data, "licensee", None)
        if licensee is not None:
            yield LicenseParty("licensee", licensee, claim)
        for party in getattr(claim.data, "end_users", ()):
            yield LicenseParty("end_user", party, claim)


def _acts(moving: Sequence[Claim]) -> tuple[tuple[Claim, ...], list[SetAside]]:
    """The acts in order of their day; those that would undo what a higher tier set are set aside."""
    rank, acts, outranked = 0, [], []
    for claim in sorted(moving, key=lambda claim: (claim.day.latest or date.max, claim.position)):
        if claim.type in ("license.reported", "license.used"):
            continue
        if claim.type == "license.revoked" and claim.rank < rank:
            outranked.append(SetAside(claim.event, claim.tier, "a higher tier set the state that it would undo", True))
        else:
            acts.append(claim)
            rank = max(rank, claim.rank)
    return tuple(acts), outranked


def state_at(license_: License, on: date) -> LicenseState:
    """Whether the license was issued, is active, is pending on a day."""
    granted = any_of((*_grants(license_, on), *_reports(license_, on, HELD)))
    revoked = any_of(reached(act.day, on) for act in license_.acts if act.type == "license.revoked")
    begun, expired = _validity(license_, on)
    open_ended = _open_ended(license_, on)
    still = Truth.POSSIBLE if open_ended else Truth.YES
    active = all_of((granted, begun, expired.negated(), revoked.negated(), still))
    pending = all_of((any_of(_reports(license_, on, PENDING)), granted.negated()))
    return LicenseState(granted, active, pending, _cause(revoked, expired, begun, granted), open_ended)


def _grants(license_: License, on: date) -> Iterator[Truth]:
    return (reached(act.day, on) for act in license_.acts if act.type == "license.granted")


def _reports(license_: License, on: date, states: tuple[str, ...]) -> Iterator[Truth]:
    """A report is certain from its day on and possible before it."""
    for claim in license_.reports:
        if isinstance(claim.data, LicenseReported) and claim.data.state in states:
            yield max(reached(bounds(claim.data.on), on), Truth.POSSIBLE)


def _validity(license_: License, on: date) -> tuple[Truth, Truth]:
    begun = reached(license_.starts, on) if license_.starts else Truth.YES
    return begun, passed(license_.ends, on) if license_.ends else Truth.NO


def _open_ended(license_: License, on: date) -> bool:
    if license_.validity and license_.validity.through is not None:
        return False
    last = speaks_through(license_)
    return last is None or on > last


def speaks_through(license_: License) -> date | None:
    """The last day that a source speaks of the license as held: its publication, a report's day, or the grant's."""
    return max((day for claim in license_.claims for day in _spoken_of(claim) if day), default=None)


def _spoken_of(claim: Claim) -> Iterator[date | None]:
    if isinstance(claim.data, LicenseReported):
        yield bounds(claim.data.on).latest
    elif claim.type == "license.granted":
        yield claim.day.latest
        yield from (source.speaks_through for source in claim.sources)


def _cause(revoked: Truth, expired: Truth, begun: Truth, granted: Truth) -> str | None:
    """Why it certainly cannot be used. Revoked stays the cause after the old end date."""
    if revoked is Truth.YES:
        return "revoked"
    if expired is Truth.YES and granted is Truth.YES:
        return "expired"
    return "not_yet_valid" if begun is Truth.NO and granted is Truth.YES else None


def transitions(license_: License) -> list[Transition]:
    """The changes that dates bring by themselves: the start and the end of the validity."""
    found: list[tuple[str, Bounds]] = []
    if license_.starts:
        found.append(("becomes valid", license_.starts))
    if license_.ends:
        found.append(("expires", day_after(license_.ends)))
    last = speaks_through(license_)
    return [
        Transition(license_.stream, what, day, bool(last and day.latest and last >= day.latest)) for what, day in found
    ]
