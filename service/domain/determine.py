"""How an answer follows from what is known: the control, a company's standing, and whether a shipment is covered.

The control is the strictest provision that is certainly in force and certainly matches. What is only possible stands
beside it, never folded into it. Where nothing is recorded the answer is `no_data`, which is never a clearance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain import license as licenses
from service.domain import restriction
from service.domain.answer import CONTROL_OF, STRICTEST_FIRST, Control, Covered, Standing
from service.domain.commodities import Definitions
from service.domain.license import License, LicenseState
from service.domain.parties import meant
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
    def control(self) -> Control:
        return CONTROL_OF.get(self.provision.kind, "not_restricted")

    @property
    def applies(self) -> Truth:
        return all_of((self.state.in_force, self.match.truth, self.exempted.negated()))

    @property
    def may_bear(self) -> bool:
        """Whether it possibly bears on the question now or later, without anything about it being certain."""
        live = max(self.state.in_force, self.state.suspended, self.state.not_yet_in_force)
        settled = (
            self.match.truth is Truth.YES and self.state.word != "undetermined" and self.exempted is not Truth.POSSIBLE
        )
        return self.match.truth is not Truth.NO and live is not Truth.NO and not settled


@dataclass(frozen=True, slots=True)
class LicenseConsidered:
    """A license held against a question on a day. `named`: the tier that names the party asked about, if any does."""

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
    standing, cause = standing_of(held) if asks else ("unknown", None)
    official, reported = counts(held)
    return Determination(
        control=control,
        standing=standing,
        standing_cause=cause,
        covered=_covered(control, considered, held, standing, asks=asks),
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
    matches = [match_scope(subject, scope, definitions) for scope in provision.scopes]
    match = min(matches, key=lambda found: found.truth)
    if any(other.truth is not match.truth for other in matches):
        disputed = Dimension("scope", Truth.POSSIBLE, "sources of equal tier disagree about its scope")
        match = ScopeMatch((disputed,))
    return Considered(provision, restriction.state_at(provision, on), match)


def _exempted(one: Considered, exemptions: Iterable[Considered]) -> Truth:
    """An exemption of the same authority lifts its general rule; a rule about named parties is no general one."""
    if any(scope.exporters != "all" or scope.end_users != "all" for scope in one.provision.scopes):
        return Truth.NO
    same = [other for other in exemptions if other.provision.controller == one.provision.controller]
    return max((all_of((other.state.in_force, other.match.truth)) for other in same), default=Truth.NO)


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
    dimensions = [
        _lines(license_, subject, definitions),
        _license_destination(license_, subject),
        _license_end_use(license_, subject),
    ]
    party, named, dimension = _license_party(license_, subject)
    match = ScopeMatch((*dimensions, *dimension))
    return LicenseConsidered(license_, licenses.state_at(license_, on), match, party, named)


def _lines(license_: License, subject: Subject, definitions: Definitions) -> Dimension:
    if not license_.lines:
        return Dimension("commodities", Truth.POSSIBLE, "no source says for which goods")
    return match_commodities(subject.commodity, [line.commodity for line in license_.lines], definitions)


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
        tiers.append(max(named_by, key=lambda tier: (tier in NAMED_BY, tier.rank)) if named_by else None)
        truths.append(best.truth)
        dimensions.append(Dimension(role, best.truth, best.because))
    named = None if not tiers or None in tiers else min((t for t in tiers if t), key=lambda t: (t in NAMED_BY, t.rank))
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
    tiers = [(tier, count) for one in known for tier, count in _counted(one)]
    official = largest([count for tier, count in tiers if tier.official])
    return official, largest([count for tier, count in tiers if not tier.official])


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
