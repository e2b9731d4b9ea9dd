"""What a company owns and relates to on a day: dated, three-valued, resolved by tier."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import Claim, Record
from service.domain.company.alike import ALMOST, SAME
from service.domain.company.events import identifier_key
from service.domain.company.search import search
from service.domain.company.ties import Tie, followed, holds_on, sizes_on, tie
from service.domain.company.timeline import Company, company_of, former_names, name_on
from service.domain.dates import Period, bounds
from service.domain.ledger import ledger
from service.domain.sources import Source, Tier
from service.domain.truth import Truth
from tests.answers.facts import Event, owned, registered, renamed

NO, POSSIBLE, YES = Truth
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
EARLY, LATE = date(2021, 6, 1), date(2026, 6, 1)


def claimed(
    size: str,
    start: str | None,
    through: str | None = None,
    *,
    tier: Tier = Tier.HOLDER,
    position: int = 1,
    effective: str = "2020-01-01",
) -> Tie:
    event = owned("x", {"company": "company/y"}, size)
    source = Source.model_validate({"tier": tier, "published_at": "2026-01-01"})
    claim = Claim(
        position=position,
        type="company.owned",
        data=None,  # type: ignore[arg-type]  # A tie is made of what the data says, and never reads it again.
        day=bounds(effective),
        tier=tier,
        said=((event["id"], source),),
        events=(event["id"],),
        recorded_on=date(2026, 1, 1),
    )
    stated = start is not None or through is not None
    return tie(Decimal(size), Period.model_validate({"from": start, "through": through}) if stated else None, claim)


def on(day: date, *ties: Tie) -> tuple[int, int]:
    least, most = sizes_on(followed(ties)[0], day)
    return int(least), int(most)


@pytest.mark.parametrize("value", ["5299 00T8BM49AURSDO55", "529900t8-bm49aursdo55", "529900T8BM49AURSDO55"])
def test_an_identifier_is_one_however_it_is_spaced_and_written(value: str):
    assert identifier_key("lei", value) == "lei:529900T8BM49AURSDO55"


def test_before_its_day_and_after_its_end_nothing_is_held():
    one = claimed("40", "2021-01-01", "2022-12-31")
    found = [on(date(*day), one) for day in ((2020, 12, 31), (2021, 1, 1), (2022, 12, 31), (2023, 1, 1))]
    assert found == [(0, 0), (40, 40), (40, 40), (0, 0)]


def test_without_a_period_it_holds_from_the_day_of_the_claim():
    one = claimed("40", None, effective="2021-01-01")
    assert [on(day, one) for day in (date(2020, 12, 31), EARLY, LATE)] == [(0, 0), (40, 40), (40, 40)]


def test_an_end_without_a_start_ends_what_holds_from_the_day_of_the_claim():
    one = claimed("40", None, "2022-12-31", effective="2021-01-01")
    assert [on(day, one) for day in (date(2020, 12, 31), EARLY, LATE)] == [(0, 0), (40, 40), (0, 0)]


def test_a_later_claim_replaces_the_one_before_from_its_day_whichever_came_first():
    first, second = claimed("40", "2021-01-01"), claimed("60", "2025-01-01", position=2)
    for ties in ((first, second), (second, first)):
        assert [on(day, *ties) for day in (EARLY, LATE)] == [(40, 40), (60, 60)]


def test_while_a_later_claim_may_have_begun_both_are_open():
    assert on(date(2025, 6, 1), claimed("40", "2021-01-01"), claimed("60", "2025", position=2)) == (40, 60)


def test_equal_tiers_that_disagree_about_one_day_are_both_kept():
    assert on(EARLY, claimed("40", "2021-01-01"), claimed("60", "2021-01-01", position=2)) == (40, 60)


def test_who_states_no_end_contradicts_nobody_who_does():
    open_, ended = claimed("40", "2021-01-01"), claimed("40", "2021-01-01", "2022-12-31", position=2)
    for ties in ((open_, ended), (ended, open_)):
        assert on(LATE, *ties) == (0, 0)


def test_a_lower_tier_changes_nothing_while_a_higher_one_says_otherwise_and_is_set_aside():
    official = claimed("40", "2021-01-01")
    press = claimed("60", "2025-01-01", tier=Tier.PRESS_NAMED, position=2)
    kept, aside = followed((official, press))
    assert kept == (official,)
    assert [(one.event, one.conflicting) for one in aside] == [(press.claim.event, True)]
    same = claimed("40", "2025-01-01", tier=Tier.PRESS_NAMED, position=2)
    assert followed((official, same)) == ((official,), ())


def test_a_lower_tier_speaks_where_the_higher_ones_claim_had_ended():
    official = claimed("40", "2021-01-01", "2022-12-31")
    press = claimed("60", "2023-01-01", tier=Tier.PRESS_NAMED, position=2)
    assert [on(day, official, press) for day in (EARLY, LATE)] == [(40, 40), (60, 60)]
    sooner = claimed("60", "2022-12-31", tier=Tier.PRESS_NAMED, position=2)
    assert on(LATE, official, sooner) == (0, 0)


@given(days, st.lists(st.tuples(days, st.integers(0, 100)), max_size=5))
def test_the_least_is_never_more_than_the_most_and_both_are_of_a_claim(day: date, found: list[tuple[date, int]]):
    ties = [claimed(str(size), start.isoformat(), position=at) for at, (start, size) in enumerate(found, 1)]
    least, most = on(day, *ties)
    assert least <= most
    assert {least, most} <= {0, *(size for _, size in found)}


@pytest.mark.parametrize(("day", "truth"), [((2020, 12, 31), NO), ((2021, 6, 1), POSSIBLE), ((2022, 1, 1), YES)])
def test_a_relation_holds_certainly_possibly_or_not(day: tuple[int, int, int], truth: Truth):
    assert holds_on(followed([claimed("1", "2021")])[0], date(*day)) is truth


NAMES = {"company/a": ["jay ushin", "jul"], "company/b": ["jay ushin ltd"], "company/c": ["hella"]}


def test_hits_come_by_score_and_then_by_stream_each_with_its_best_name():
    found = [(hit.stream, hit.score, hit.name) for hit in search("Jay Ushin", NAMES, 10)]
    assert found == [("company/a", SAME, "jay ushin"), ("company/b", ALMOST, "jay ushin ltd")]
    assert len(search("Jay Ushin", NAMES, 1)) == 1


@pytest.mark.parametrize(
    ("words", "how"),
    [("JAY USHIN", "same"), ("Jay Ushin GmbH", "same_but_form"), ("Jay Ushim", "alike"), ("Ushin", "resembles")],
)
def test_a_hit_says_how_it_was_found(words: str, how: str):
    assert search(words, NAMES, 1)[0].how == how


@pytest.mark.parametrize("words", ["Huawei", "Nvidia", "ZTE"])
def test_a_name_that_has_little_in_common_is_not_shown(words: str):
    others = {"company/a": ["itochu aviation"], "company/b": ["irel india"], "company/c": ["textore"]}
    assert search(words, others, 10) == []


@pytest.mark.parametrize("words", ["Firma Jay Ushin", "J\u0430\u0443 Ushin", "Jay Ush", "ushin"])
def test_a_name_in_other_words_or_a_part_of_it_is(words: str):
    assert search(words, NAMES, 1)[0].stream == "company/a"


def test_only_the_same_name_scores_the_highest():
    assert [hit.score for hit in search("jay ushin ltd", NAMES, 1)] == [SAME]
    assert all(hit.score <= ALMOST for hit in search("Jay Ushin GmbH", NAMES, 10))


@given(st.text(max_size=40))
def test_any_words_may_be_searched_for(words: str):
    scores = [hit.score for hit in search(words, NAMES, 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= SAME for score in scores)


def test_of_a_company_s_names_the_closest_counts_wherever_it_stands():
    for several in (["jay ushin", "jay ushin motors"], ["jay ushin motors", "jay ushin"]):
        (hit,) = search("Jay Ushin", {"company/a": several}, 10)
        assert (hit.name, hit.score) == ("jay ushin", SAME)


def told(*events: Event) -> Company:
    """The company that the events tell of, recorded in their order."""
    day = date(2026, 2, 1)
    records = [
        Record(at, one["id"], one["type"], 1, one.get("effective"), day, one["data"], one["source"])
        for at, one in enumerate(events, 1)
    ]
    found = company_of(ledger(events[0]["stream"], records))
    assert found is not None
    return found


RENAMED = told(
    registered("jay", "Jay Ushin", "IN"),
    renamed("jay", "Jay Motion", "2025-05-01"),
    renamed("jay", "Jay Drives", "2025"),
    renamed("jay", "Jay Ushin", "2026-01-01"),
)


@pytest.mark.parametrize(
    ("day", "name", "former"),
    [
        ("2024-12-31", "Jay Ushin", []),
        ("2025-04-30", "Jay Ushin", ["Jay Drives"]),
        ("2025-05-01", "Jay Motion", ["Jay Ushin", "Jay Drives"]),
        ("2025-12-31", "Jay Drives", ["Jay Ushin", "Jay Motion"]),
        ("2026-01-01", "Jay Ushin", ["Jay Motion", "Jay Drives"]),
    ],
)
def test_a_company_had_the_names_before_its_own_and_perhaps_one_that_it_only_may_have_taken(
    day: str, name: str, former: list[str]
):
    on_day = date.fromisoformat(day)
    assert (name_on(RENAMED, on_day), former_names(RENAMED, on_day)) == (name, former)
