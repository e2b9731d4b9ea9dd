"""What holds of every restriction, whatever was said of it: over made-up lives of a few acts."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.restriction.schedule import PHASES
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.truth import Truth
from tests.answers.facts import Event, period
from tests.domain.restriction.told import act, announcement, dated, report, told
from tests.searching import examples

FEW = examples(40)
FIRST = date(2025, 4, 1)
DAYS = st.integers(0, 400).map(lambda days: (FIRST + timedelta(days)).isoformat())
ENDS = st.none() | st.just("open") | DAYS


@st.composite
def periods(draw: st.DrawFn) -> dict[str, str | None]:
    start, end = draw(DAYS), draw(ENDS)
    return period(*sorted((start, end))) if end not in (None, "open") else period(start, end)


@st.composite
def acts(draw: st.DrawFn, /, **said: Any) -> Event:
    name = draw(st.sampled_from(["suspended", "suspension_extended", "reinstated", "extended", "amended", "repealed"]))
    day = draw(DAYS)
    said_of: dict[str, dict[str, Any]] = {
        "suspended": {"period": draw(periods())},
        "suspension_extended": {"period": draw(periods())},
        "extended": {"in_force": {"from": None, "through": draw(DAYS)}},
        "amended": {"kind": draw(st.sampled_from(["quota", "prohibition"]))},
    }
    data = said_of.get(name, {})
    return act(name, day, published=day, **data, **said)


LIVES = st.tuples(periods(), st.lists(acts(), max_size=4)).map(
    lambda life: [announcement(in_force=life[0], on="2025-04-01"), *life[1]]
)
AGREED = acts(certainty="agreed", tier="issuer_statement")


def truths(timeline: RestrictionTimeline, day: str) -> dict[str, Truth]:
    state = timeline.on(date.fromisoformat(day)).state
    return {phase: getattr(state, phase) for phase in PHASES}


@FEW
@given(LIVES, DAYS)
def test_at_most_one_phase_is_certain_and_then_no_other_is_possible(life: list[Event], day: str):
    found = [truth for truth in truths(told(*life), day).values() if truth is not Truth.NO]
    assert Truth.YES not in found or len(found) == 1


@FEW
@given(LIVES, AGREED, DAYS)
def test_an_agreed_act_makes_nothing_certain_and_rules_nothing_out(life: list[Event], agreed: Event, day: str):
    before, after = truths(told(*life), day), truths(told(*life, agreed), day)
    assert not [phase for phase in PHASES if after[phase] is Truth.YES and before[phase] is not Truth.YES]
    assert not [phase for phase in PHASES if after[phase] is Truth.NO and before[phase] is not Truth.NO]


@FEW
@given(LIVES, AGREED, DAYS)
def test_an_agreed_act_takes_no_kind_away(life: list[Event], agreed: Event, day: str):
    on = date.fromisoformat(day)
    assert set(told(*life).on(on).kinds) <= set(told(*life, agreed).on(on).kinds)


@FEW
@given(LIVES, st.sampled_from(["in_force", "suspended", "lifted"]), DAYS, DAYS)
def test_the_press_changes_nothing_that_an_issuers_text_settles(life: list[Event], state: str, on: str, day: str):
    assert truths(told(*life), day) == truths(told(*life, report(state, on, "press_named")), day)


@FEW
@given(LIVES)
def test_a_change_that_is_told_moves_something_on_its_day(life: list[Event]):
    timeline = told(*life)
    for change in dated(timeline):
        assert change.day.latest is not None
        before, after = (timeline.on(day) for day in (change.day.latest - timedelta(1), change.day.latest))
        assert before.state != after.state or change.what == "is amended"


@FEW
@given(LIVES, DAYS)
def test_between_two_changes_the_state_stays(life: list[Event], day: str):
    timeline, on = told(*life), date.fromisoformat(day)
    next_day = on + timedelta(1)
    moved = timeline.on(on).state != timeline.on(next_day).state
    announced = next_day == date(2025, 4, 1)
    assert not moved or announced or next_day in [change.day.latest for change in dated(timeline)]


@FEW
@given(LIVES, DAYS)
def test_since_is_a_day_on_which_it_applied_or_its_start(life: list[Event], day: str):
    found = told(*life).on(date.fromisoformat(day))
    if found.since and found.state.in_force is Truth.YES:
        assert found.timeline.on(date.fromisoformat(found.since)).state.in_force is Truth.YES
