"""How an answer follows from what is known: the control, a company's standing, and whether a shipment is covered.

The control is the strictest provision that is certainly in force and certainly matches. What is only possible stands
beside it, never folded into it. Where nothing is recorded the answer is `no_data`, which is never a clearance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain import license as licenses
from service.domain import restriction
from service.domain.answer import CONTROL_OF, STRICTEST_FIRST, Control, Covered, Standing
from service.domain.commodities import Definitions
from service.domain.license import License, LicenseState
from service.domain.parties import meant, name_of
from service.domain.quantities import Count
from service.domain.restriction import Provision, ProvisionState
from service.domain.scope import (
    Dimension,
    ScopeMatch,
    Subject,
    match_commodities,
    match_scope,
    strongest,
)
from service.domain.sources import Tier
from service.domain.truth import Truth, all_of

NAMED_BY = {Tier.ISSUER_TEXT, Tier.ISSUER_STATEMENT, Tier.HOLDER}
"""Whose naming of a party confirms it: the issuing authority, in its text or words, and the holder itself."""

WEAKEST_FIRST: tuple[Covered, ...] = ("no", "unknown", "possible", "yes_with_conditions", "yes")
CONTROLS: tuple[Control, ...] = (
    *STRICTEST_FIRST,
    "undetermined",
    "suspended",
    "not_yet_in_force",
    "not_restricted",
    "no_data",
)
CODES_REFER_SINCE = date(2024, 12, 1)
"""Since then China's control list defines by control code and description, and gives customs codes as references."""

STANDINGS: tuple[Standing, ...] = ("confirmed", "reported", "possible", "pending", "none", "unknown")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was known at K about the countries that a question concerns."""

    provisions: Sequence[Provision]
    licenses: Sequence[License]
    definitions: Definitions
    recorded_through: date | None


@dataclass(frozen=True, slots=True)
class Considered:
    """A provision held against a question on a day."""

    provision: Provision
    state: ProvisionState
    match: ScopeMatch
    exempted: Truth = Truth.NO

    @property
    def controls(self) -> list[Control]:
        """The control it would be; several where equal tiers disagree about its kind."""
        return [CONTROL_OF.get(kind, "not_restricted") for kind in self.provision.kinds]

    @property
    def control(self) -> Control:
        return self.controls[0]

    @property
    def applies(self) -> Truth:
        certain = Truth.POSSIBLE if len(self.provision.kinds) > 1 else Truth.YES
        exempted = Truth.YES if self.exempted is Truth.YES else Truth.NO
        return all_of((self.state.in_force, self.match.truth, exempted.negated(), certain))

    @property
    def may_bear(self) -> bool:
        """Whether it possibly bears on the question now or later, without anything about it being certain."""
        live = max(self.state.in_force, self.state.suspended, self.state.not_yet_in_force)
        certain = self.match.truth is Truth.YES and self.state.word != "undetermined" and len(self.provision.kinds) == 1
        return self.match.truth is not Truth.NO and live is not Truth.NO and not certain


@dataclass(frozen=True, slots=True)
class LicenseConsidered:
    """A license held against a question on a day.

    `named`: the tier that says that the party asked about holds it for these goods, if any does by name.
    """

    license: License
    state: LicenseState
    match: ScopeMatch
    party: Truth
    named: Tier | None

    @property
    def matches(self) -> Truth:
        return all_of((self.match.truth, self.party))


@dataclass(frozen=True, slots=True)
class Determination:
    """The derived answer with everything it rests on."""

    control: Control
    standing: Standing
    standing_cause: str | None
    covered: Covered
    official: Count
    reported: Count
    decisive: tuple[Considered, ...]
    considered: tuple[Considered, ...]
    licenses: tuple[LicenseConsidered, ...]


def determine(subject: Subject, knowledge: Knowledge, on: date) -> Determination:
    """The answer to a question for a day, from what was known."""
    considered = _considered(subject, knowledge, on)
    control, decisive = control_of(considered)
    held = tuple(_license(license_, subject, knowledge.definitions, on) for license_ in knowledge.licenses)
    asks = subject.exporter is not None or subject.end_user is not None
    # A share of a quota is no license, and does for a quota only.
    usable = tuple(one for one in held if control == "quota" or one.license.type != "quota_allocation")
    standing, cause = standing_of(usable) if asks else ("unknown", None)
    official, reported = counts([one for one in held if one.license.type != "quota_allocation"])
    return Determination(
        control=control,
        standing=standing,
        standing_cause=cause,
        covered=_covered(control, considered, usable, standing, asks=asks),
        official=official,
        reported=reported,
        decisive=decisive,
        considered=considered,
        licenses=held,
    )


def combined(found: Sequence[Determination]) -> Determination:
    """The answer over several controlling countries: the strictest control, and cover only where all give it."""
    strictest = min(found, key=lambda one: CONTROLS.index(one.control))
    return replace(
        strictest,
        covered=min((one.covered for one in found), key=WEAKEST_FIRST.index),
        considered=tuple(considered for one in found for considered in one.considered),
        licenses=tuple(held for one in found for held in one.licenses),
    )


def _considered(subject: Subject, knowledge: Knowledge, on: date) -> tuple[Considered, ...]:
    held = [_hold(provision, subject, knowledge.definitions, on) for provision in knowledge.provisions]
    exemptions = [one for one in held if one.provision.kind == "exemption"]
    return tuple(one if one in exemptions else replace(one, exempted=_exempted(one, exemptions)) for one in held)


def _hold(provision: Provision, subject: Subject, definitions: Definitions, on: date) -> Considered:
    codes_refer = provision.controller == "CN" and on >= CODES_REFER_SINCE
    matches = [match_scope(subject, scope, definitions, codes_refer=codes_refer) for scope in provision.scopes]
    match = min(matches, key=lambda found: found.truth)
    if any(other.truth is not match.truth for other in matches):
        disputed = Dimension("scope", Truth.POSSIBLE, "sources of equal tier disagree about its scope")
        match = ScopeMatch((disputed,))
    return Considered(provision, restriction.state_at(provision, on), match)


def _exempted(one: Considered, exemptions: Iterable[Considered]) -> Truth:
    """An exemption of the same authority lifts its general rule; a rule about named parties is no general one."""
    if any(scope.exporters != "all" or scope.end_users != "all" for scope in one.provision.scopes):
        return Truth.NO
    same = [other for other in exemptions if _same_authority(one.provision, other.provision)]
    return max((all_of((other.state.in_force, other.match.truth)) for other in same), default=Truth.NO)


def _same_authority(one: Provision, other: Provision) -> bool:
    """Whether one authority stands behind both. Where it is not stated, the country stands for it."""
    if one.controller != other.controller:
        return False
    authorities = {p.instrument.authority for p in (one, other) if p.instrument and p.instrument.authority}
    return len(authorities) < 2


def control_of(considered: Sequence[Considered]) -> tuple[Control, tuple[Considered, ...]]:
    """The control, and the provisions that decide it."""
    rules = [one for one in considered if one.provision.kind != "exemption"]
    applying = [one for one in rules if one.applies is Truth.YES]
    if applying:
        strictest = min((one.control for one in applying), key=STRICTEST_FIRST.index)
        return strictest, tuple(one for one in applying if one.control == strictest)
    if any(one.may_bear for one in rules):
        return "undetermined", ()
    matching = [one for one in rules if one.match.truth is Truth.YES]
    phases: tuple[tuple[str, Control], ...] = (("suspended", "suspended"), ("not_yet_in_force", "not_yet_in_force"))
    for phase, control in phases:
        decisive = tuple(one for one in matching if getattr(one.state, phase) is Truth.YES)
        if decisive:
            return control, decisive
    ended = tuple(one for one in matching if one.state.ended is Truth.YES or one.exempted is Truth.YES)
    return ("not_restricted", ended) if ended else ("no_data", ())


def _license(license_: License, subject: Subject, definitions: Definitions, on: date) -> LicenseConsidered:
    goods, goods_by = _lines(license_, subject, definitions)
    party, named_by, roles = _license_party(license_, subject)
    dimensions = (goods, _license_destination(license_, subject), _license_end_use(license_, subject), *roles)
    named = _weaker((named_by, goods_by)) if named_by and goods_by else None
    return LicenseConsidered(license_, licenses.state_at(license_, on), ScopeMatch(dimensions), party, named)


def _weaker(tiers: Iterable[Tier]) -> Tier:
    return min(tiers, key=lambda tier: (tier in NAMED_BY, tier.rank))


def _stronger(tiers: Iterable[Tier]) -> Tier:
    return max(tiers, key=lambda tier: (tier in NAMED_BY, tier.rank))


def _lines(license_: License, subject: Subject, definitions: Definitions) -> tuple[Dimension, Tier | None]:
    """Whether the license is for the goods, and by which tier's word."""
    if not license_.lines:
        return Dimension("commodities", Truth.POSSIBLE, "no source says for which goods"), None
    found = [match_commodities(subject.commodity, [one.line.commodity], definitions) for one in license_.lines]
    best = max(found, key=lambda dimension: dimension.truth)
    said = [one.claim.tier for one, match in zip(license_.lines, found, strict=True) if match.truth is best.truth]
    return best, _stronger(said)


def _license_destination(license_: License, subject: Subject) -> Dimension:
    stated = license_.destinations
    if not stated or subject.destination is None:
        what = "no source says for which destination" if not stated else "the question names no destination"
        return Dimension("destinations", Truth.POSSIBLE, what)
    truth = Truth(2 * (stated[0] == subject.destination)) if len(stated) == 1 else Truth.POSSIBLE
    if subject.destination not in stated:
        truth = Truth.NO
    return Dimension("destinations", truth, f"it is for {' or '.join(stated)}")


def _license_end_use(license_: License, subject: Subject) -> Dimension:
    limits = [conditions.end_uses for conditions in license_.conditions if conditions.end_uses]
    if not limits or subject.end_use is None:
        return Dimension("end_uses", Truth.YES, "no end use is excluded" if not limits else "the end use is not asked")
    allowed = all(subject.end_use in uses for uses in limits)
    return Dimension("end_uses", Truth(2 * allowed), f"it is for {', '.join(limits[0])} end use")


def _license_party(license_: License, subject: Subject) -> tuple[Truth, Tier | None, tuple[Dimension, ...]]:
    """Whether the parties asked about are those of the license, and which tier names them."""
    truths, tiers, dimensions = [], [], []
    for role, asked in (("licensee", subject.exporter), ("end_user", subject.end_user)):
        if asked is None:
            continue
        listed = license_.in_role(role)
        if not listed:
            truths.append(Truth.POSSIBLE)
            dimensions.append(Dimension(role, Truth.POSSIBLE, f"no source says who its {role.replace('_', ' ')} is"))
            continue
        best = strongest(meant(asked, one.party) for one in listed)
        named_by = [one.claim.tier for one in listed if (m := meant(asked, one.party)).named and m.truth is Truth.YES]
        tiers.append(_stronger(named_by) if named_by else None)
        truths.append(best.truth)
        dimensions.append(Dimension(role, best.truth, best.because))
    named = _weaker(tier for tier in tiers if tier) if tiers and None not in tiers else None
    return all_of(truths), named, tuple(dimensions)


def standing_of(held: Sequence[LicenseConsidered]) -> tuple[Standing, str | None]:
    """A company's standing: the first that holds for any license, and the cause where it is `none`."""
    found = [_standing(one) for one in held]
    return min(found, key=lambda pair: STANDINGS.index(pair[0]), default=("unknown", None))


def _standing(one: LicenseConsidered) -> tuple[Standing, str | None]:
    usable = all_of((one.state.active, one.matches))
    if usable is Truth.YES and one.named is not None:
        return ("confirmed" if one.named in NAMED_BY else "reported"), None
    if usable is not Truth.NO:
        return "possible", None
    if all_of((one.state.pending, one.matches)) is not Truth.NO:
        return "pending", None
    if one.named is None or one.state.granted is Truth.NO:
        return "unknown", None
    if one.state.active is Truth.NO:
        return "none", one.state.cause
    return "none", "out_of_scope"


def counts(held: Sequence[LicenseConsidered]) -> tuple[Count, Count]:
    """How many licenses are known to have been issued and not to have ended, by officials and by the press."""
    known = [
        one for one in held if one.state.granted is Truth.YES and not one.state.cause and one.matches is not Truth.NO
    ]
    return _count(known, official=True), _count(known, official=False)


def _count(known: Sequence[LicenseConsidered], *, official: bool) -> Count:
    """What overlaps counts once, by its largest statement. Licenses of different named holders do not overlap."""
    stated = [count for one in known for tier, count in _counted(one) if tier.official is official]
    holders = {holder for one in known for tier, holder in _holders(one.license) if tier.official is official}
    found = largest(stated)
    if len(holders) <= found.min:
        return found
    return Count(min=len(holders), max=None if found.max is None else max(found.max, len(holders)))


def _holders(license_: License) -> Iterator[tuple[Tier, tuple[str, str]]]:
    """The named end user that a license stands for, or else its named licensee, with the tier that says so."""
    for role in ("end_user", "licensee"):
        named = [(one.claim.tier, name_of(one.party)) for one in license_.in_role(role)]
        found = [(tier, name) for tier, name in named if name is not None]
        if found:
            yield from found
            return


def _counted(one: LicenseConsidered) -> list[tuple[Tier, Count]]:
    """What a stream says of the number: the counts stated, and at least one where a license is claimed at all."""
    return list(one.license.counts) or [(one.license.tier, Count(min=1))]


def largest(counts_: Sequence[Count]) -> Count:
    """Overlapping statements count once: the largest lower bound, and the words that go with it."""
    if not counts_:
        return Count(min=0)
    best = max(counts_, key=lambda count: count.min)
    upper = [count.max for count in counts_]
    return Count(min=best.min, max=None if None in upper else max(n for n in upper if n is not None), text=best.text)


def _covered(
    control: Control,
    considered: Sequence[Considered],
    held: Sequence[LicenseConsidered],
    standing: Standing,
    *,
    asks: bool,
) -> Covered:
    if control == "prohibited":
        return "no"
    if control in ("suspended", "not_yet_in_force", "not_restricted"):
        return "possible" if any(one.may_bear for one in considered) else "yes"
    if control in ("conditional", "notification"):
        return "yes_with_conditions"
    if control == "no_data":
        return "unknown"
    by_license = _by_license(held, standing, asks=asks)
    return "unknown" if control == "undetermined" and by_license == "no" else by_license


def _by_license(held: Sequence[LicenseConsidered], standing: Standing, *, asks: bool) -> Covered:
    """Whether a license covers the shipment, where one is needed."""
    if not asks:
        usable = [all_of((one.state.active, one.matches)) for one in held]
        return "possible" if any(usable) else "unknown"
    if standing in ("confirmed", "reported"):
        usable_now = [one for one in held if one.named and all_of((one.state.active, one.matches)) is Truth.YES]
        free = any(not one.license.conditions for one in usable_now)
        return "yes" if free else "yes_with_conditions"
    by_standing: dict[Standing, Covered] = {"possible": "possible", "pending": "no", "none": "no", "unknown": "unknown"}
    return by_standing[standing]
