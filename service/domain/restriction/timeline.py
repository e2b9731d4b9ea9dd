"""A provision over time, and as it stands on a day.

What was said over time has no kind, scope, days or words as such: acts change them. They are asked for on a day (rule
12), of `RestrictionTimeline.on(day)`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from service.domain.claims import Claim, SetAside
from service.domain.commodity.match import Definitions, ScopedCommodity
from service.domain.dates import Bounds, Period, passed, reached
from service.domain.kept import LastDays, Once
from service.domain.resolve import distinct
from service.domain.restriction.courses import courses, is_agreed
from service.domain.restriction.description import Description, any_of_these, described, steps, wider_lines
from service.domain.restriction.events import Instrument, RestrictionAmended, RestrictionExtended, RestrictionRepealed
from service.domain.restriction.quota import QuotaOnDay, quota_on
from service.domain.restriction.schedule import (
    ENDINGS,
    RestrictionState,
    Schedule,
    day_of,
    one_of,
    suspensions,
)
from service.domain.scope import Scope
from service.domain.sources import Tier
from service.domain.transitions import Transition, day_after
from service.domain.truth import Truth, any_of

Acts = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """A report that says otherwise than the acts and dates do, or all that is known. It holds until a later act."""

    day: Bounds
    phase: str
    claim: Claim
    disputed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RestrictionTimeline:
    """What is known of a provision over time, tiers resolved, before any day is asked about."""

    stream: str
    controller: str
    tier: Tier
    as_first_described: Description
    as_drafted: Description | None
    """What the proposal says, where there is one; it stands until the announcement."""
    announced: Claim | None
    announced_on: Bounds | None
    proposed: Claim | None
    """The last proposal. It is no law."""
    first_start: Period | None
    """The period in which it was to apply, as first stated."""
    starts: Bounds | None
    stated_end: Bounds | None
    """Bounds of the day on which it starts, and of its last day as first stated. Equal tiers that disagree widen
    them."""
    acts: Acts
    acts_on_draft: Acts
    overrides: tuple[Override, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int
    reported_lines: tuple[tuple[ScopedCommodity, Claim], ...] = ()
    """The commodities of its scopes that only lower tiers state, each with its claim."""
    _on_days: "LastDays[RestrictionOnDay]" = field(default_factory=LastDays, init=False, repr=False)
    dated: Once[list[Transition]] = field(default_factory=Once, init=False, repr=False)

    def on(self, day: date) -> "RestrictionOnDay":
        """The provision as it stands on a day, with the amendments and acts that have come (rule 12)."""
        return self._on_days.on(day, self._on)

    def _on(self, day: date) -> "RestrictionOnDay":
        found = self.courses(day)
        said = any_of_these([self.described_in(acts, day) for acts in found])
        return RestrictionOnDay(
            timeline=self,
            day=day,
            said=said,
            state=one_of([self.state_in(acts, day) for acts in found]),
        )

    def courses(self, day: date) -> list[Acts]:
        """The courses that events may have taken by a day, each with the acts that stand in it."""
        return courses(self.acts, self.claims, day, self.state_in)

    def state_in(self, acts: Acts, day: date) -> RestrictionState:
        """The phases on a day in one course of events: from its acts and dates, and the reports that say otherwise.

        A report is certain from its day on, until a later act. Before it, back to the last day of which something else
        is known, what it says is possible and nothing is certain.
        """
        governing = next((one for one in reversed(self.overrides) if _governs(one, acts, day)), None)
        state = RestrictionState(**{governing.phase: Truth.YES}) if governing else self._scheduled(acts, day)
        if governing and governing.disputed:
            state = state.weakened()
        ahead = next((one for one in self.overrides if reached(one.day, day) is not Truth.YES), None)
        if ahead and day > self._known_through(before=ahead):
            # What is lifted had been in force before, on which days is not known.
            return state.weakened(ahead.phase, *(("in_force",) if ahead.phase == "ended" else ()))
        return state

    def _scheduled(self, acts: Acts, day: date) -> RestrictionState:
        """By acts and dates. What was only agreed on may never have been announced (rule 13)."""
        found = self.schedule(acts).on(day)
        return one_of([found, RestrictionState()]) if self.announced and is_agreed(self.announced) else found

    def schedule(self, acts: Acts) -> Schedule:
        """When it applies by acts and dates. What only reports speak of is on from the first of them."""
        if self.announced is not None:
            return Schedule(self.announced_on, self.starts, self.stated_end, acts)
        first = self.overrides[0].day.latest if self.overrides else None
        day = Bounds(first, first) if first else None
        return Schedule(day, day, self.stated_end, acts)

    def described_in(self, acts: Acts, day: date) -> Description:
        """What it is said to be on a day in one course of events: the draft until it is announced."""
        if self.as_drafted is not None and (self.announced is None or self.announced_by(day) is Truth.NO):
            return described(self.as_drafted, self.acts_on_draft, day)
        return described(self.as_first_described, acts, day)

    def announced_by(self, day: date) -> Truth:
        """Whether it was announced by a day; possible where it is known by reports alone."""
        if self.announced is None or self.announced_on is None:
            return Truth.POSSIBLE
        return reached(self.announced_on, day)

    def amendments(self, day: date) -> Iterator[tuple[Claim, Description, Description]]:
        """The amendments that have come by a day, certainly or possibly, each with what was said before and after."""
        return steps(self.as_first_described, self.courses(day)[0], day)

    def _known_through(self, before: Override) -> date:
        """The last day, before an override's own, of which an act, a report or the announcement's source speaks."""
        days = [day_of(claim).latest for claim in self.claims if claim is not before.claim]
        days.append(self.announced.speaks_through if self.announced else None)
        limit = before.day.latest or date.max
        return max((day for day in days if day and day < limit), default=date.min)

    @property
    def only_proposed(self) -> bool:
        """Whether nothing but a proposal is known."""
        return self.announced is None and not self.overrides and self.proposed is not None

    @property
    def last_day(self) -> Bounds | None:
        """The last day on which it is to apply, by all that is known; None where no end is stated, or it is open."""
        return self.schedule(self.acts).ends

    @property
    def every_act(self) -> Acts:
        """The acts on the draft and those on the announced provision."""
        return (*self.acts_on_draft, *self.acts)

    @property
    def every_scope(self) -> list[Scope]:
        """Every scope that it has, had or may get, in drafts and amendments too: for looking it up, never to show."""
        changed = [act.data.scope for act in self.every_act if isinstance(act.data, RestrictionAmended)]
        drafted = self.as_drafted.scopes if self.as_drafted else ()
        return distinct([*self.as_first_described.scopes, *drafted, *(scope for scope in changed if scope)])

    @property
    def every_instrument(self) -> list[Instrument]:
        """Every instrument that it was said to be a part of: for looking it up, never to show."""
        drafted = self.as_drafted.instrument if self.as_drafted else None
        return distinct(one for one in (self.as_first_described.instrument, drafted) if one)

    @property
    def every_commodity(self) -> list[ScopedCommodity]:
        """Every commodity of every scope: for looking it up, never to show."""
        return distinct(line for scope in self.every_scope for line in scope.named_goods())


def _governs(override: Override, acts: Iterable[Claim], on: date) -> bool:
    if reached(override.day, on) is not Truth.YES:
        return False
    later = [day_of(act) for act in acts]
    return not any(override.day.latest < day.latest <= on for day in later if day.latest and override.day.latest)


@dataclass(frozen=True)
class RestrictionOnDay:
    """A provision as it stands on a day. What follows of it is found once: many questions are held against it."""

    timeline: RestrictionTimeline
    day: date
    said: Description
    state: RestrictionState
    left_out: tuple[SetAside, ...] = ()
    """Claims of lower tiers whose goods are left out, because a higher tier names them more exactly."""

    @property
    def stream(self) -> str:
        return self.timeline.stream

    @property
    def controller(self) -> str:
        return self.timeline.controller

    @property
    def tier(self) -> Tier:
        return self.timeline.tier

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.timeline.claims

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        return (*self.timeline.set_aside, *self.left_out)

    @property
    def position(self) -> int:
        return self.timeline.position

    @property
    def kinds(self) -> tuple[str, ...]:
        """Several where equal tiers disagree, or an amendment may have come: each is possible."""
        return self.said.kinds

    @property
    def kind(self) -> str:
        return self.said.kinds[0]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return self.said.scopes

    @property
    def scope(self) -> Scope:
        return self.said.scopes[0]

    @property
    def label(self) -> str | None:
        return self.said.label

    @property
    def instrument(self) -> Instrument | None:
        return self.said.instrument

    @property
    def shares_at_least(self) -> tuple[str, ...]:
        return self.said.shares_at_least

    @property
    def bars_license_types(self) -> tuple[str, ...]:
        """The types of license that cannot be used for the parties that it names (rule 21)."""
        return self.said.bars_license_types

    @cached_property
    def quota(self) -> QuotaOnDay | None:
        """What is left of it, where it is a quota (rule 19). An act only agreed on may have come."""
        if "quota" not in self.kinds:
            return None
        found = [quota_on(self.said.volumes, acts, self.day) for acts in self.timeline.courses(self.day)]
        return replace(found[0], states=tuple(distinct(state for one in found for state in one.states)))

    @cached_property
    def disputed(self) -> bool:
        return len(self.kinds) > 1 or len(self.scopes) > 1

    @cached_property
    def proposed(self) -> bool:
        """Whether it is a draft on that day: proposed, neither dropped nor announced. A draft is no law."""
        timeline = self.timeline
        if timeline.proposed is None or reached(timeline.proposed.day, self.day) is Truth.NO:
            return False
        announced = timeline.announced is not None and timeline.announced_by(self.day) is Truth.YES
        dropped = any(act.type in ENDINGS and reached(act.day, self.day) is Truth.YES for act in timeline.acts_on_draft)
        return not (announced or dropped)

    @cached_property
    def in_force(self) -> Period | None:
        """The period in which it is to apply, as the acts up to that day leave it; null ends were not stated."""
        first, through = self.timeline.first_start, self.through
        if first is None and through is None:
            return None
        return Period.model_validate({"from": first.from_ if first else None, "through": through})

    @cached_property
    def through(self) -> str | None:
        """Its last day as stated. An extension counts from its day on, and where the end before it has passed."""
        timeline, first = self.timeline, self.timeline.first_start
        over = timeline.stated_end is not None and passed(timeline.stated_end, self.day) is not Truth.NO
        come = [act for act in self._enacted if over or reached(act.day, self.day) is not Truth.NO]
        later = [act.data.in_force.through for act in come if isinstance(act.data, RestrictionExtended)]
        return [first.through if first else None, *later][-1]

    @cached_property
    def since(self) -> str | None:
        """A day on which it applied, or is to start: its start as stated, else the first day after that on which no
        suspension kept it from applying. None where none is known, or it has not applied by that day."""
        first, starts = self.timeline.first_start, self.timeline.starts
        start = starts.latest or starts.earliest if starts else None
        if first is None or start is None or self.proposed:
            return None
        schedule = self.timeline.schedule(self._enacted)
        if any_of((schedule.suspended(start), schedule.on(start).ended)) is Truth.NO:
            return first.from_
        later = (one.lifted or (day_after(one.last) if one.last else None) for one in suspensions(self._enacted))
        days = sorted(day.latest for day in later if day and day.latest and day.latest <= self.day)
        return next((day.isoformat() for day in days if schedule.on(day).in_force is Truth.YES), None)

    @cached_property
    def successor(self) -> str | None:
        """The stream of the provision that replaced it by that day (rule 16)."""
        repeals = [act for act in self._enacted if reached(act.day, self.day) is not Truth.NO]
        named = [act.data.superseded_by for act in repeals if isinstance(act.data, RestrictionRepealed)]
        return next((stream for stream in reversed(named) if stream), None)

    @cached_property
    def _enacted(self) -> Acts:
        return self.timeline.courses(self.day)[0]

    def narrowed(self, definitions: Definitions) -> "RestrictionOnDay":
        """Without the commodities that a lower tier names more widely than a higher one."""
        lines, left_out = wider_lines(self.said, self.timeline.reported_lines, definitions)
        return replace(self, said=self.said.without(lines), left_out=tuple(left_out)) if lines else self
