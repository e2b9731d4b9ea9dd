"""A determination as an answer: its parts, each with its title, its days and its sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from service.domain.claims import Claim, SetAside
from service.domain.determine import CONTROLS, Determination
from service.domain.license import changes
from service.domain.license.considered import LicenseConsidered
from service.domain.license.standing import cause_of
from service.domain.restriction import changes as restriction_changes
from service.domain.restriction.considered import Considered
from service.domain.scope import Dimension
from service.domain.transitions import Transition
from service.domain.truth import Truth
from service.register import titles
from service.register.asking import Asking
from service.register.citations import EACH, Citations
from service.register.headline import headline, most_telling_first
from service.register.links import links
from service.register.parts import (
    Answer,
    LicensePart,
    LicensesPart,
    LinePart,
    ListedParty,
    PossiblePart,
    ProvisionPart,
    SetAsidePart,
    TransitionPart,
    TurnsOn,
)
from service.register.reasons import license_open, line_views, quota_part, reasons, what_is_open
from service.register.rests import Used, taken_for, used
from service.register.understood import understood

Most = Mapping[str, int]
"""How many parts an answer shows of each list."""
BRIEF: tuple[Most, ...] = (
    {
        "basis": 4,
        "beneath": 3,
        "possible": 4,
        "licenses": 3,
        "conflicts": 2,
        "set_aside": 2,
        "inferred": 2,
        "because": 16,
    },
    {
        "basis": 3,
        "beneath": 2,
        "possible": 3,
        "licenses": 3,
        "conflicts": 1,
        "set_aside": 1,
        "inferred": 1,
        "because": 8,
    },
    {
        "basis": 1,
        "beneath": 1,
        "possible": 2,
        "licenses": 1,
        "conflicts": 1,
        "set_aside": 0,
        "inferred": 1,
        "because": 6,
    },
)
"""Of a brief answer: a shorter one where it takes too many bytes. `more` counts what is left out."""
BRIEF_BYTES, ROW_BYTES = (4_000, 4_800), (3_000, 4_000)
"""From how many bytes on the second and the third of them are taken; for a row of a status, where less is enough."""
Item = TypeVar("Item")
DECIDING = 2
"""How many sources a brief answer names for what alone decides it, or may; of several, one for each."""
MOST_LINES = 3
"""How many lines of a license a brief answer shows."""


@dataclass(frozen=True)
class Thing:
    """A restriction or a license as an answer tells of it."""

    stream: str
    title: str
    number: str | None
    set_aside: tuple[SetAside, ...]
    transitions: Sequence[Transition]
    position: int


def thing_of(one: Considered | LicenseConsidered) -> Thing:
    if isinstance(one, LicenseConsidered):
        held = one.license
        title, dated = titles.license_(one.on_day), changes.transitions(held)
        return Thing(held.stream, title, None, held.set_aside, dated, held.position)
    found = one.provision
    title, number, dated = (
        titles.provision(found),
        titles.number(found),
        restriction_changes.transitions(found.timeline),
    )
    return Thing(found.stream, title, number, found.set_aside, dated, found.position)


@dataclass(frozen=True)
class Bearing:
    """What of a determination bears on the question, in the order in which it is told."""

    provisions: tuple[Considered, ...]
    licenses: tuple[LicenseConsidered, ...]

    @cached_property
    def things(self) -> list[Thing]:
        return [*map(thing_of, self.provisions), *map(thing_of, self.licenses)]

    def changing(self, decisive: Sequence[Considered]) -> list[Thing]:
        """The things whose changes bear on the answer (rule 15): what decides it, may apply, or may do so later."""
        told = [one for one in self.provisions if one in decisive or one.live or one.may_bear or one.proposed]
        return [*map(thing_of, (one for one in told if not one.beside)), *map(thing_of, self.licenses)]


def bearing_of(found: Determination) -> Bearing:
    announced = (one for one in found.considered if one.state.word != "not_announced" or one.proposed)
    return Bearing(
        provisions=tuple(one for one in announced if one.match.truth is not Truth.NO or one.taken_out_by is not None),
        licenses=tuple(sorted((one for one in found.licenses if serves(one)), key=_most_useful_first)),
    )


def serves(one: LicenseConsidered) -> bool:
    """Whether a license may serve the question, or is for it and says why it may not."""
    return one.matches is not Truth.NO


def _most_useful_first(one: LicenseConsidered) -> tuple[int, int, bool, int, str]:
    return -one.usable, -one.matches, one.named is None, -one.state.pending, one.license.stream


@dataclass
class Cut:
    """Keeps the lists of a brief answer short, and counts what it leaves out."""

    most: Most | None
    left_out: dict[str, int] = field(default_factory=dict)

    def __call__(self, name: str, found: Sequence[Item]) -> Sequence[Item]:
        if self.most is None or len(found) <= (most := self.most[name]):
            return found
        self.left_out[name] = len(found) - most
        return found[:most]


@dataclass(frozen=True)
class Whole:
    """What there is to tell of a determination, before a brief answer leaves anything out.

    `elsewhere` are the things that would bear on the question, but for what was set aside (rule 30).
    """

    found: Determination
    asking: Asking
    turns_on: Sequence[TurnsOn]
    bearing: Bearing
    elsewhere: Sequence[Thing]

    @cached_property
    def may(self) -> Sequence[Considered]:
        told = [one for one in self.bearing.provisions if one.may_bear or one.proposed]
        return _strictest_and_told(told, self.asking)

    @cached_property
    def aside(self) -> Sequence[tuple[Thing, SetAside]]:
        return [(thing, one) for thing in [*self.bearing.things, *self.elsewhere] for one in thing.set_aside]

    @cached_property
    def dated(self) -> Sequence[tuple[Thing, Transition]]:
        return [(one, change) for one in self.bearing.changing(self.found.decisive) for change in one.transitions]

    @cached_property
    def rests_on(self) -> Used:
        return _used(self.bearing, self.asking)

    @cached_property
    def because(self) -> Sequence[str]:
        return _events(self.found, self.bearing, [claims for claims, _ in self.rests_on])

    @cached_property
    def fixed(self) -> Mapping[str, Any]:
        """The fields of an answer that are the same however short it is."""
        found, asking, bearing = self.found, self.asking, self.bearing
        return {
            "question": understood(asking.question, asking.subject, asking.known),
            "headline": headline(found, asking, self.turns_on, _changes_of_rules(bearing, found)),
            "control": found.control,
            "standing": found.standing,
            "standing_cause": found.standing_cause,
            "covered": found.covered,
            "turns_on": list(self.turns_on),
            "next_change": _next_change(self.dated, asking.on),
            "not_concerned": len(found.considered) + len(found.licenses) - len(bearing.things),
            "as_of": asking.on,
            "known_at": asking.known.at,
            "public_by": asking.known.at.public_by,
            "position": _position([*bearing.things, *self.elsewhere], self.rests_on, asking),
            "recorded_through": asking.recorded_through,
            "checked_through": asking.checked_through,
            "links": links(asking.question, asking.on, asking.known.at, _linked(found, bearing)),
            "reasons": list(reasons(found, asking.on)) if asking.full else None,
        }


def answered(
    found: Determination, asking: Asking, turns_on: Sequence[TurnsOn] = (), fallen: Sequence[Thing] = ()
) -> Answer:
    """The answer to one question: in full, or as much of it as a brief one has room for.

    `fallen` are the things that would bear on it, but for what was set aside (rule 30).
    """
    bearing = bearing_of(found)
    told = {thing.stream for thing in bearing.things}
    whole = Whole(found, asking, turns_on, bearing, [thing for thing in fallen if thing.stream not in told])
    if asking.full:
        return _cut(whole, None)
    made = _cut(whole, BRIEF[0])
    for most, from_bytes in zip(BRIEF[1:], ROW_BYTES if asking.in_a_status else BRIEF_BYTES, strict=True):
        if len(made.model_dump_json(by_alias=True).encode()) <= from_bytes:
            break
        made = _cut(whole, most)
    return made


def _cut(whole: Whole, most: Most | None) -> Answer:
    """At most so many of each part; with the sources of those that are shown."""
    found, asking = whole.found, whole.asking
    cite, cut = Citations(asking.known, asking.full), Cut(most)
    possible = strictest_first(cut("possible", whole.may))
    conflicts = [(thing, one) for thing, one in whole.aside if one.conflicting]
    due = [(one, change) for one, change in whole.dated if change.due(asking.on) and not change.confirmed]
    return Answer(
        **whole.fixed,
        basis=[_provision_part(one, cite, _each(found.decisive)) for one in cut("basis", found.decisive)],
        beneath=[_provision_part(one, cite, EACH) for one in cut("beneath", found.beneath)],
        possible=[part for one in possible for part in _possible_parts(one, cite, _each(whole.may))],
        licenses=_licenses_part(found, whole.bearing, asking, cite, cut),
        conflicts=[_set_aside_part(thing, one, cite) for thing, one in cut("conflicts", conflicts)],
        set_aside=[_set_aside_part(thing, one, cite) for thing, one in cut("set_aside", whole.aside)],
        inferred=[_transition_part(one, change, inferred=True) for one, change in cut("inferred", due)],
        because=list(cut("because", whole.because)),
        sources=cite.table(),
        more=cut.left_out or None,
    )


def _position(things: Sequence[Thing], rests_on: Used, asking: Asking) -> int:
    """The last log position that touched the answer, definitions, groups and companies too."""
    touched = [one.position for one in things] + [at for _, at in rests_on]
    return max([*touched, *(company.position for company in taken_for(asking.subject, asking.known))], default=0)


def strictest_first(found: Iterable[Considered]) -> list[Considered]:
    return sorted(found, key=lambda one: (CONTROLS.index(one.control), one.provision.stream))


def _strictest_and_told(may: Sequence[Considered], asking: Asking) -> list[Considered]:
    """What a brief answer has room for comes first: the strictest, and then those that its headline speaks of."""
    first = strictest_first(may)[:1]
    others = (one for one in may if one not in first)
    return [*first, *sorted(others, key=lambda one: most_telling_first(one, asking))]


def _used(bearing: Bearing, asking: Asking) -> Used:
    lines = (line.line.commodity for one in bearing.licenses for line in one.on_day.lines)
    return used(asking.subject, [one.provision for one in bearing.provisions], lines, asking.known)


def _linked(found: Determination, bearing: Bearing) -> list[str]:
    """The things to read on about: those that decide, else those that may."""
    deciding = found.decisive or [one for one in bearing.provisions if one.may_bear]
    return [*(one.provision.stream for one in deciding), *(one.license.stream for one in bearing.licenses)]


def _events(found: Determination, bearing: Bearing, others: Sequence[Sequence[Claim]]) -> list[str]:
    """The events that the answer rests on: what decides the control, or may; definitions, groups and companies that it
    used; and the licenses that count."""
    deciding = found.decisive or [one for one in bearing.provisions if one.may_bear]
    events = _ids(one.provision.claims for one in deciding) + [event for one in deciding for event in one.rests_on]
    events += _ids(others) + _ids(one.license.claims for one in bearing.licenses)
    used_up = [one for one in bearing.licenses if one.quantity or one.state.cause == "exhausted"]
    events += [event for one in used_up for use in one.license.uses for event in use.events]
    return list(dict.fromkeys(events))


def _ids(things: Iterable[Sequence[Claim]]) -> list[str]:
    return [event for claims in things for claim in claims for event in claim.events]


def _each(found: Sequence[Considered]) -> int:
    return DECIDING if len(found) == 1 else EACH


def _provision_part(one: Considered, cite: Citations, most: int) -> ProvisionPart:
    provision = one.provision
    return ProvisionPart(
        restriction=provision.stream,
        title=titles.provision(provision),
        number=titles.number(provision),
        provision=provision.label,
        controller=provision.controller,
        kind=provision.kind,
        control=one.control,
        state=one.state.word,
        match=one.match.truth.word,
        since=provision.since,
        through=provision.through,
        quota=quota_part(provision),
        superseded_by=provision.successor,
        amendment=one.taken_out_by.event if one.taken_out_by else None,
        party=_listed(one),
        tier=provision.tier,
        sources=cite.of(provision.claims, most),
    )


def _listed(one: Considered) -> ListedParty | None:
    """The party on its list that one of the question was matched with."""
    return next((found for each in one.match.dimensions if (found := listed_party(each))), None)


def listed_party(dimension: Dimension) -> ListedParty | None:
    found = dimension.party
    if found is None or not (found.how and found.listed) or found.truth is Truth.NO:
        return None
    return ListedParty(role=dimension.role or "", listed=found.listed, how=found.how, score=found.score)


def _possible_parts(one: Considered, cite: Citations, most: int) -> list[PossiblePart]:
    """What it may be: one entry for each kind that sources of equal tier say it is."""
    provision = one.provision
    return [
        PossiblePart(
            restriction=provision.stream,
            title=titles.provision(provision),
            number=titles.number(provision),
            controller=provision.controller,
            control=control,
            state="proposed" if one.proposed else one.state.word,
            because=what_is_open(one),
            since=provision.since,
            through=provision.through,
            party=_listed(one),
            sources=cite.of(provision.claims, most),
        )
        for control in dict.fromkeys(one.controls)
    ]


def _licenses_part(found: Determination, bearing: Bearing, asking: Asking, cite: Citations, cut: Cut) -> LicensesPart:
    known = [_license_part(one, asking, cite) for one in cut("licenses", bearing.licenses)]
    return LicensesPart(official=found.official, reported=found.reported, known=known)


def _license_part(one: LicenseConsidered, asking: Asking, cite: Citations) -> LicensePart:
    license_ = one.license
    stated = [count for _, count in license_.counts]
    validity = one.on_day.validity
    lines = [LinePart(**dict(line)) for line in line_views(one.on_day)]
    return LicensePart(
        license=license_.stream,
        title=titles.license_(one.on_day),
        issuer=license_.issuer,
        state=one.on_day.state.word,
        match=one.matches.word,
        because=license_open(one) if one.usable is Truth.POSSIBLE else one.barred.because or None,
        cause=cause_of(one) if one.parties.dimensions else None,
        last_said=one.on_day.last_said.day if one.state.open_ended and one.on_day.last_said else None,
        count=max(stated, key=lambda count: count.min) if stated else None,
        lines=lines if asking.full else lines[:MOST_LINES],
        since=validity.from_ if validity else None,
        through=validity.through if validity else None,
        tier=license_.tier,
        sources=cite.of(license_.claims),
    )


def _set_aside_part(thing: Thing, aside: SetAside, cite: Citations) -> SetAsidePart:
    return SetAsidePart(
        event=aside.event,
        about=thing.stream,
        title=thing.title,
        number=thing.number,
        tier=aside.tier,
        reason=aside.reason,
        sources=cite.of_event(aside.event),
    )


def _transition_part(thing: Thing, found: Transition, *, inferred: bool = False) -> TransitionPart:
    return TransitionPart(
        about=found.stream,
        title=thing.title,
        number=thing.number,
        what=found.what,
        earliest=found.day.earliest,
        latest=found.day.latest,
        agreed=True if found.agreed else None,
        unconfirmed_since=(found.day.earliest or found.day.latest) if inferred else None,
    )


def _changes_of_rules(bearing: Bearing, found: Determination) -> Sequence[tuple[Considered, Transition]]:
    """The changes of the rules that bear on the answer."""
    by_stream = {one.provision.stream: one for one in bearing.provisions}
    things = (thing for thing in bearing.changing(found.decisive) if thing.stream in by_stream)
    return [(by_stream[thing.stream], one) for thing in things for one in thing.transitions]


def _next_change(dated: Sequence[tuple[Thing, Transition]], on: date) -> TransitionPart | None:
    """The first scheduled change after a day."""
    ahead = [(thing, found) for thing, found in dated if found.ahead(on)]
    if not ahead:
        return None
    thing, first = min(ahead, key=lambda pair: (pair[1].day.earliest or pair[1].day.latest or date.max, pair[1].stream))
    return _transition_part(thing, first)
