"""How an answer follows from what is known: the control, a company's standing, and whether a shipment is covered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from service.domain.answer import STRICTEST_FIRST, Control, Covered, Standing
from service.domain.commodity.match import Definitions
from service.domain.company.affiliates import KINDS as LISTING_KINDS
from service.domain.company.affiliates import Listing, affiliation
from service.domain.group.timeline import Groups
from service.domain.license import considered as licenses
from service.domain.license.barred import BARS, NOT_FOR_LISTED, Bar
from service.domain.license.considered import LicenseConsidered
from service.domain.license.counts import counts
from service.domain.license.parties import roles_of_users
from service.domain.license.standing import covered_of, licenses_give, standing_of, worst_of
from service.domain.license.timeline import LicenseTimeline
from service.domain.quantities import Count
from service.domain.restriction.considered import Considered
from service.domain.restriction.control import beneath, control_of
from service.domain.restriction.exemptions import exempted
from service.domain.restriction.held import read_of, rule_on
from service.domain.restriction.same_instrument import against_higher_tiers
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Dimension, OnlyParties, ScopeMatch, Subject
from service.domain.truth import Truth, all_of

CONTROLS: tuple[Control, ...] = (
    *STRICTEST_FIRST,
    "undetermined",
    "suspended",
    "not_yet_in_force",
    "not_restricted",
    "no_data",
)


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
    each: Callable[[], None] = lambda: None
    """Called for each thing that is held against a question; it may raise, where that takes too long."""


@dataclass(frozen=True, slots=True)
class Determination:
    """The derived answer with everything it rests on."""

    control: Control
    standing: Standing
    standing_cause: str | None
    covered: Covered | None
    """Null where no control is in force that a license or a condition can meet (rule 27)."""
    official: Count
    reported: Count
    decisive: tuple[Considered, ...]
    considered: tuple[Considered, ...]
    licenses: tuple[LicenseConsidered, ...]
    by_country: tuple["Determination", ...] = ()
    """Of an answer over several controlling countries: each one's own (rule 31)."""

    @property
    def controller(self) -> str | None:
        """The country that it is about; None where nothing of any is on record, or it is about several."""
        of = [one.provision.controller for one in self.considered] + [one.license.issuer for one in self.licenses]
        return of[0] if of and not self.by_country else None

    @property
    def beneath(self) -> tuple[Considered, ...]:
        """What certainly applies under the strictest (rule 20)."""
        return beneath(self.considered, self.decisive)


def determine(subject: Subject, knowledge: Knowledge, on: date) -> Determination:
    """The answer to a question for a day, from what was known."""
    asks = subject.exporter is not None or subject.end_user is not None
    if not (knowledge.provisions or knowledge.licenses):
        return NOTHING
    considered = _considered(subject, knowledge, on)
    control, decisive = control_of(considered)
    # What keeps licenses from being used for the parties asked about: prohibitions, and lists (rules 21 and 23).
    bars = [bar for one in considered if (bar := _bar(one, subject, knowledge)) is not None]
    held = tuple(_held(one, subject, knowledge, on, bars) for one in knowledge.licenses)
    # A share of a quota is no license, and does for a quota only.
    usable = tuple(one for one in held if control == "quota" or one.on_day.type != "quota_allocation")
    standing, cause = standing_of(usable) if asks else ("unknown", None)
    official, reported = counts([one for one in held if one.on_day.type != "quota_allocation"])
    return Determination(
        control=control,
        standing=standing,
        standing_cause=cause,
        covered=covered_of(control, _possible(considered), licenses_give(usable, standing, asks=asks)),
        official=official,
        reported=reported,
        decisive=decisive,
        considered=considered,
        licenses=held,
    )


def control_for(subject: Subject, knowledge: Knowledge, on: date) -> Control:
    """The control alone, of what is known of one country: as `determine` finds it."""
    return control_of(_considered(subject, knowledge, on))[0] if knowledge.provisions else "no_data"


def combined(found: Sequence[Determination]) -> Determination:
    """The answer over several controlling countries (rule 31): the strictest control, and cover only where all give it.

    The standing is the weakest among the countries under whose control something is needed. Licenses of several
    countries are different licenses, so that their counts add up.
    """
    strictest = min(found, key=lambda one: CONTROLS.index(one.control))
    standing = _standing_over(found)
    return replace(
        strictest,
        standing=standing.standing,
        standing_cause=standing.standing_cause,
        official=_sum([one.official for one in found]),
        reported=_sum([one.reported for one in found]),
        decisive=tuple(one for some in found if some.control == strictest.control for one in some.decisive),
        covered=worst_of(one.covered for one in found),
        considered=tuple(considered for one in found for considered in one.considered),
        licenses=tuple(held for one in found for held in one.licenses),
        by_country=tuple(found) if len(found) > 1 else (),
    )


WEAKEST_STANDING_FIRST: tuple[Standing, ...] = ("none", "pending", "unknown", "possible", "reported", "confirmed")
NEEDING: tuple[Control, ...] = (*STRICTEST_FIRST, "undetermined")
"""The controls under which a license may be needed."""


def _standing_over(found: Sequence[Determination]) -> Determination:
    """The country whose standing is that of the whole: the weakest where something is needed, else the best known."""
    needing = [one for one in found if one.control in NEEDING]
    if needing:
        return min(needing, key=lambda one: WEAKEST_STANDING_FIRST.index(one.standing))
    return max(found, key=lambda one: WEAKEST_STANDING_FIRST.index(one.standing))


def _sum(counted: Sequence[Count]) -> Count:
    told = [one for one in counted if one.min or one.text]
    if len(told) < 2:
        return told[0] if told else counted[0]
    most = [one.max for one in told]
    return Count(
        min=sum(one.min for one in told),
        max=None if None in most else sum(one for one in most if one is not None),
    )


def _considered(subject: Subject, knowledge: Knowledge, on: date) -> tuple[Considered, ...]:
    read, held = read_of(subject, knowledge.definitions), []
    for timeline in knowledge.provisions:
        knowledge.each()
        held.append(rule_on(timeline, knowledge.definitions, knowledge.groups, on).against(subject, read))
    if any(one.provision.kind == "affiliates_rule" for one in held):
        listings = [listing for one in held for listing in _listing(one)]
        held = [_affiliates(one, subject, listings) if one.provision.kind == "affiliates_rule" else one for one in held]
    exemptions = [one for one in held if one.is_exemption]
    if exemptions:
        held = [one if one.is_exemption else one.lifted_by(exempted(one, exemptions)) for one in held]
    seen = {None, *(timeline.stream for timeline in knowledge.provisions)}
    held = [one if one.provision.successor in seen else replace(one, replaced_unseen=True) for one in held]
    return tuple(against_higher_tiers(held))


NOTHING = Determination("no_data", "unknown", None, None, *counts([]), (), (), ())
"""What follows where nothing is known of a country that bears on the question."""


def _held(
    license_: LicenseTimeline, subject: Subject, knowledge: Knowledge, on: date, bars: Sequence[Bar]
) -> LicenseConsidered:
    knowledge.each()
    return licenses.considered(license_, subject, knowledge.definitions, on, bars)


def _listing(one: Considered) -> Iterator[Listing]:
    """The provision as one that lists parties, where it does and may hold."""
    apart = [dimension.truth for dimension in one.match.dimensions if dimension.name != "end_users"]
    holds = all_of((one.state.in_force, *apart))
    for scope in one.provision.scopes[:1]:
        if isinstance(scope.end_users, OnlyParties) and one.provision.kind in LISTING_KINDS and holds is not Truth.NO:
            events = tuple(event for claim in one.provision.claims for event in claim.events)
            certain = Truth.POSSIBLE if one.provision.disputed else Truth.YES
            yield Listing(
                one.provision.stream, one.provision.kind, scope.end_users.indexed, min(holds, certain), events
            )


def _affiliates(one: Considered, subject: Subject, listings: Sequence[Listing]) -> Considered:
    """An affiliates rule on its own reaches nobody: it passes the control of a listing on to those owned.

    It does so for every party to the transaction (rule 6).
    """
    asked = [*(party for _, party in subject.parties), *([] if subject.end_user else [None])]
    each = [affiliation(party, listings, one.provision.shares_at_least) for party in asked]
    found = max(each, key=lambda one: one.truth)
    owned = Dimension("owners", found.truth, found.because)
    match = ScopeMatch((*one.match.dimensions, owned))
    passing_on = replace(one, match=match, passes_on=found.kinds, rests_on=found.events)
    return passing_on if subject.parties else passing_on.asked_without_parties()


def _possible(considered: Sequence[Considered]) -> Iterator[Control]:
    """The controls that possibly apply, beside those that certainly do."""
    for one in considered:
        if one.applies is Truth.POSSIBLE and not one.is_exemption:
            yield from one.controls


def _bar(one: Considered, subject: Subject, knowledge: Knowledge) -> Bar | None:
    lists = one.lists_parties
    required = lists and "license_required" in one.controls
    earlier = required or any(control in BARS for control in one.controls)
    types = frozenset(one.provision.bars_license_types) | (NOT_FOR_LISTED if required else frozenset())
    if one.applies is Truth.NO or not (earlier or types):
        return None

    def bore_on(day: date) -> Truth:
        then = _considered(subject, knowledge, day)
        return max((each.applies for each in then if each.provision.stream == one.provision.stream), default=Truth.NO)

    roles = roles_of_users(subject) if lists else frozenset()
    return Bar(one.provision.stream, one.applies, roles, types, earlier, bore_on)
