"""The things of the register as responses: a folded thing and a day in, a shape of `schemas` out."""

from collections.abc import Iterable, Sequence
from datetime import date

from service.api.schemas import (
    CommodityRead,
    CompanyRead,
    EventRead,
    GroupRead,
    LicensePartyRead,
    LicenseRead,
    MilestoneRead,
    NoteRead,
    OwnerRead,
    RelationRead,
    RestrictionRead,
)
from service.domain.claims import Claim, SetAside
from service.domain.commodity.definition import Definition
from service.domain.company import timeline as companies
from service.domain.company.lookalikes import mixed
from service.domain.company.timeline import Company
from service.domain.event import RecordedEvent
from service.domain.group.timeline import Group, belongs
from service.domain.license import timeline as licenses
from service.domain.license.timeline import License
from service.domain.milestone.timeline import Milestone, happened_by
from service.domain.note.timeline import Note
from service.domain.resolve import distinct
from service.domain.restriction import timeline as restrictions
from service.domain.restriction.timeline import PHASES, Provision
from service.domain.transitions import Transition
from service.domain.truth import Truth
from service.register.explain import line_views, next_change, said_by, set_aside_view, transition_view
from service.register.shapes import SetAsideView, TransitionView


def event(recorded: RecordedEvent) -> EventRead:
    return EventRead(
        **{
            name: getattr(recorded, name)
            for name in EventRead.model_fields
            if name not in ("metadata", "data", "source")
        },
        metadata=dict(recorded.metadata),
        data=dict(recorded.data),
        source=dict(recorded.source),
    )


def slug(stream: str) -> str:
    return stream.partition("/")[2]


def _events(claims: Iterable[Claim]) -> list[str]:
    return list(dict.fromkeys(event for claim in claims for event in claim.events))


def _aside(stream: str, found: Sequence[SetAside], *, conflicting: bool = False) -> list[SetAsideView]:
    return [set_aside_view(stream, one) for one in found if one.conflicting or not conflicting]


def _inferred(found: Sequence[Transition], on: date) -> list[TransitionView]:
    return [transition_view(one, inferred=True) for one in found if one.due(on) and not one.confirmed]


def restriction(found: Provision, on: date) -> RestrictionRead:
    state, dated = restrictions.state_at(found, on), restrictions.transitions(found)
    return RestrictionRead(
        id=slug(found.stream),
        instrument=found.instrument,
        provision=found.label,
        controller=found.controller,
        kind=found.kind,
        kinds=list(found.kinds),
        scope=found.scopes[0],
        in_force=found.in_force,
        state=state.word,
        phases={phase: getattr(state, phase).word for phase in PHASES},
        disputed=found.disputed,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=_aside(found.stream, found.set_aside),
        conflicts=_aside(found.stream, found.set_aside, conflicting=True),
        inferred=_inferred(dated, on),
        next_change=next_change(dated, on),
        events=_events(found.claims),
        position=found.position,
    )


def license_(found: License, on: date) -> LicenseRead:
    state, dated = licenses.state_at(found, on), licenses.transitions(found)
    terms = licenses.terms_on(found, on)[0]
    counts = [count for _, count in found.counts]
    return LicenseRead(
        id=slug(found.stream),
        type=found.type,
        issuer=found.issuer,
        destinations=list(terms.destinations),
        parties=distinct(
            LicensePartyRead(role=one.role, party=one.party, tier=one.claim.tier) for one in terms.parties
        ),
        lines=line_views(found, on),
        validity=terms.validity,
        conditions=list(terms.conditions),
        count=max(counts, key=lambda count: count.min) if counts else None,
        state=state.word,
        granted=state.granted.word,
        active=state.active.word,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=_aside(found.stream, found.set_aside),
        conflicts=_aside(found.stream, found.set_aside, conflicting=True),
        inferred=_inferred(dated, on),
        next_change=next_change(dated, on),
        events=[*_events(found.claims), *(event for use in found.uses for event in use.events)],
        position=found.position,
    )


def milestone(found: Milestone, on: date) -> MilestoneRead:
    return MilestoneRead(
        id=slug(found.stream),
        kind=found.kind,
        title=found.title,
        summary=found.summary,
        parties=list(found.parties),
        state=found.word,
        claimed_by=found.claimed_by,
        confirmed_by=[by for by, word in found.answers if word == "confirmed"],
        contradicted_by=[by for by, word in found.answers if word == "contradicted"],
        fulfilled_by=list(found.fulfilled_by),
        earliest=found.day.earliest,
        latest=found.day.latest,
        happened=happened_by(found, on).word,
        about=list(found.about),
        said_by=said_by(found.claims),
        events=_events(found.claims),
        position=found.position,
    )


def company(found: Company, on: date, score: int | None = None, matched: str | None = None) -> CompanyRead:
    return CompanyRead(
        id=slug(found.stream),
        name=companies.name_on(found, on),
        country=found.country,
        former_names=companies.former_names(found, on),
        aliases=list(found.aliases),
        identifiers=list(found.identifiers),
        owners=[
            OwnerRead(owner=share.owner, at_least_percent=str(share.least), at_most_percent=str(share.most))
            for share in companies.shares_on(found, on)
        ],
        relations=[
            RelationRead(relation=relation, company=other, holds=truth.word)
            for (relation, other), truth in companies.relations_on(found, on).items()
        ],
        score=score,
        matched=matched,
        mixed_script_names=mixed(found.spelled),
        said_by=said_by(found.claims),
        set_aside=_aside(found.stream, found.set_aside),
        events=_events(found.claims),
        position=found.position,
    )


def note(found: Note, _on: date) -> NoteRead:
    return NoteRead(
        id=slug(found.stream),
        kind=found.kind,
        text=found.text,
        about=list(found.about),
        countries=list(found.countries),
        commodities=list(found.commodities),
        said_by=said_by(found.claims),
        position=found.position,
    )


def commodity(found: Definition, _on: date) -> CommodityRead:
    return CommodityRead(
        id=slug(found.stream),
        name=found.name,
        title=found.title,
        lines=list(found.lines),
        parts=list(found.parts),
        said_by=said_by(found.claims),
        set_aside=_aside(found.stream, found.set_aside),
        events=_events(found.claims),
        position=found.position,
    )


def group(found: Group, on: date) -> GroupRead:
    truths = {country: belongs(found, country, on) for country in found.countries}
    return GroupRead(
        id=slug(found.stream),
        name=found.name,
        title=found.title,
        memberships=distinct(one for one, _ in found.memberships),
        members={country: truth.word for country, truth in truths.items() if truth is not Truth.NO},
        said_by=said_by(found.claims),
        set_aside=_aside(found.stream, found.set_aside),
        events=_events(found.claims),
        position=found.position,
    )


def state_word(found: Provision | License | Milestone | Company | Note | Definition | Group, on: date) -> str:
    """The one word for a thing's state on a day."""
    if isinstance(found, Provision):
        return restrictions.state_at(found, on).word
    if isinstance(found, License):
        return licenses.state_at(found, on).word
    return found.word if isinstance(found, Milestone) else "recorded"
