"""How an answer follows from what is known: the control, a company's standing, and whether a shipment is covered.

The control is the strictest provision that is certainly in force and certainly matches. What is only possible stands
beside it, never folded into it. Where nothing is recorded the answer is `no_data`, which is never a clearance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from service.domain.answer import CONTROL_OF, STRICTEST_FIRST, Control, Covered, Standing
from service.domain.commodity.match import Definitions
from service.domain.company.affiliates import KINDS as LISTING_KINDS
from service.domain.company.affiliates import Listing, affiliation
from service.domain.countries import Members
from service.domain.group.timeline import Groups, members_on
from service.domain.license import considered as licenses
from service.domain.license.considered import LicenseConsidered
from service.domain.license.counts import counts
from service.domain.license.standing import WEAKEST_FIRST, covered_by, standing_of
from service.domain.license.timeline import LicenseTimeline
from service.domain.quantities import Count
from service.domain.restriction.schedule import RestrictionState
from service.domain.restriction.timeline import RestrictionOnDay, RestrictionTimeline
from service.domain.scope import (
    Dimension,
    OnlyParties,
    Rule,
    ScopeMatch,
    Subject,
    match_scope,
)
from service.domain.truth import Truth, all_of

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


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was known at K about the countries that a question concerns."""

    provisions: Sequence[RestrictionTimeline]
    licenses: Sequence[LicenseTimeline]
    definitions: Definitions
    recorded_through: date | None
    groups: Groups = field(default_factory=dict)
    checked_through: date | None = None
    """The day through which somebody looked through the countries' sources (rule 33)."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A provision held against a question on a day."""

    provision: RestrictionOnDay
    match: ScopeMatch
    exempted: Truth = Truth.NO
    passes_on: tuple[str, ...] = ()
    """Of an affiliates rule: the kinds of the listings whose control it gives."""
    rests_on: tuple[str, ...] = ()
    """The events that it rests on beside its own: shares, and the listings of those who hold them."""

    @property
    def state(self) -> RestrictionState:
        return self.provision.state

    @property
    def controls(self) -> list[Control]:
        """The control it would be; several where equal tiers disagree about its kind."""
        return [CONTROL_OF.get(kind, "not_restricted") for kind in self.passes_on or self.provision.kinds]

    @property
    def control(self) -> Control:
        return self.controls[0]

    @property
    def applies(self) -> Truth:
        certain = Truth.POSSIBLE if len(self.provision.kinds) > 1 else Truth.YES
        exempted = Truth.YES if self.exempted is Truth.YES else Truth.NO
        return all_of((self.state.in_force, self.match.truth, exempted.negated(), certain))

    @property
    def excluded(self) -> bool:
        """Whether it is in force for all of this question, but for goods that its own description leaves out."""
        goods = [one for one in self.match.dimensions if one.name == "commodities"]
        others = all_of(one.truth for one in self.match.dimensions if one.name != "commodities")
        left_out = any(one.described and one.truth is Truth.NO for one in goods)
        return left_out and others is Truth.YES and self.state.in_force is Truth.YES

    @property
    def proposed(self) -> bool:
        """Whether it was proposed by that day, and is not dropped: a possible change, never a control."""
        return self.provision.proposed

    @property
    def may_bear(self) -> bool:
        """Whether it possibly bears on the question now or later, without anything about it being certain."""
        live = max(self.state.in_force, self.state.suspended, self.state.not_yet_in_force)
        certain = self.match.truth is Truth.YES and self.state.word != "undetermined" and len(self.provision.kinds) == 1
        return self.match.truth is not Truth.NO and live is not Truth.NO and not certain


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
    watched = _watched(considered)
    held = tuple(licenses.considered(one, subject, knowledge.definitions, on, watched) for one in knowledge.licenses)
    asks = subject.exporter is not None or subject.end_user is not None
    # A share of a quota is no license, and does for a quota only.
    usable = tuple(one for one in held if control == "quota" or one.on_day.type != "quota_allocation")
    standing, cause = standing_of(usable) if asks else ("unknown", None)
    official, reported = counts([one for one in held if one.on_day.type != "quota_allocation"])
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
        decisive=tuple(one for some in found if some.control == strictest.control for one in some.decisive),
        covered=min((one.covered for one in found), key=WEAKEST_FIRST.index),
        considered=tuple(considered for one in found for considered in one.considered),
        licenses=tuple(held for one in found for held in one.licenses),
    )


def _considered(subject: Subject, knowledge: Knowledge, on: date) -> tuple[Considered, ...]:
    members = members_on(knowledge.groups, on)
    held = [_hold(provision, subject, knowledge.definitions, members, on) for provision in knowledge.provisions]
    listings = [listing for one in held for listing in _listing(one)]
    held = [_affiliates(one, subject, listings) if one.provision.kind == "affiliates_rule" else one for one in held]
    exemptions = [one for one in held if one.provision.kind == "exemption"]
    return tuple(one if one in exemptions else replace(one, exempted=_exempted(one, exemptions)) for one in held)


def _hold(
    timeline: RestrictionTimeline, subject: Subject, definitions: Definitions, members: Members, on: date
) -> Considered:
    provision = timeline.on(on).narrowed(definitions)
    rule = Rule(
        controller=provision.controller,
        codes_refer=provision.controller == "CN" and on >= CODES_REFER_SINCE,
        members=members,
        exempts=provision.kind == "exemption",
    )
    matches = [match_scope(subject, scope, definitions, rule) for scope in provision.scopes]
    match = min(matches, key=lambda found: found.truth)
    if any(other.truth is not match.truth for other in matches):
        disputed = Dimension("scope", Truth.POSSIBLE, "sources of equal tier disagree about its scope")
        match = ScopeMatch((disputed,))
    return Considered(provision, match)


def _listing(one: Considered) -> Iterator[Listing]:
    """The provision as one that lists parties, where it does and may hold."""
    apart = [dimension.truth for dimension in one.match.dimensions if dimension.name != "end_users"]
    holds = all_of((one.state.in_force, *apart))
    for scope in one.provision.scopes[:1]:
        if isinstance(scope.end_users, OnlyParties) and one.provision.kind in LISTING_KINDS and holds is not Truth.NO:
            events = tuple(event for claim in one.provision.claims for event in claim.events)
            certain = Truth.POSSIBLE if one.provision.disputed else Truth.YES
            yield Listing(one.provision.stream, one.provision.kind, scope.end_users.only, min(holds, certain), events)


def _affiliates(one: Considered, subject: Subject, listings: Sequence[Listing]) -> Considered:
    """An affiliates rule on its own reaches nobody: it passes the control of a listing on to those owned."""
    found = affiliation(subject.end_user, listings, one.provision.shares_at_least)
    owned = Dimension("owners", found.truth, found.because)
    match = ScopeMatch((*one.match.dimensions, owned))
    return replace(one, match=match, passes_on=found.kinds, rests_on=found.events)


def _exempted(one: Considered, exemptions: Iterable[Considered]) -> Truth:
    """An exemption of the same authority lifts its general rule; a rule about named parties is no general one."""
    if one.passes_on or any(scope.exporters != "all" or scope.end_users != "all" for scope in one.provision.scopes):
        return Truth.NO
    same = [other for other in exemptions if _same_authority(one.provision, other.provision)]
    return max((all_of((other.state.in_force, other.match.truth)) for other in same), default=Truth.NO)


def _watched(considered: Sequence[Considered]) -> Dimension | None:
    """A general license serves no watch-listed end user: one that a licensing requirement names."""
    listing = [
        (all_of((one.state.in_force, one.match.truth)), one.provision.stream)
        for one in considered
        if "licensing" in (*one.provision.kinds, *one.passes_on)
        and (one.passes_on or any(isinstance(scope.end_users, OnlyParties) for scope in one.provision.scopes))
    ]
    truth, stream = max(listing, default=(Truth.NO, ""))
    because = f"a general license cannot serve an end user listed by {stream}"
    return Dimension("watch_list", truth.negated(), because) if truth is not Truth.NO else None


def _same_authority(one: RestrictionOnDay, other: RestrictionOnDay) -> bool:
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
    lifted = tuple(one for one in matching if one.state.ended is Truth.YES or one.exempted is Truth.YES)
    lifted += tuple(one for one in rules if one.excluded)
    return ("not_restricted", lifted) if lifted else ("no_data", ())


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
    by_license = covered_by(held, standing, asks=asks)
    return "unknown" if control == "undetermined" and by_license == "no" else by_license
