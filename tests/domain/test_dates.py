"""Days as sources state them: what is read, between which bounds, and what is refused."""

from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.domain.dates import ANY_DAY, MAX_LENGTH, Bounds, Day, Period, bounds, calendar_day, passed, reached
from service.domain.truth import Truth
from tests.searching import examples

NO, POSSIBLE, YES = Truth
DAY: TypeAdapter[str] = TypeAdapter(Day)
# Far enough from both ends of the calendar to be widened.
days = st.dates(date(3, 1, 1), date(9997, 12, 31))
MONTH, YEAR = timedelta(days=31), timedelta(days=366)


def between(first: str | None, last: str | None) -> Bounds:
    return Bounds(*(None if day is None else date.fromisoformat(day) for day in (first, last)))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-04-04", "2025-04-04", "2025-04-04"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2025-04", "2025-04-01", "2025-04-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_date_reaches_from_its_first_day_to_its_last(text: str, earliest: str, latest: str):
    assert bounds(text) == between(earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2020~", "2019-01-01", "2021-12-31"),
        ("2020?", "2019-01-01", "2021-12-31"),
        ("2020%", "2019-01-01", "2021-12-31"),
        ("201X~", "2009-01-01", "2020-12-31"),
        ("2025-04~", "2025-03-01", "2025-05-31"),
        ("2025-01~", "2024-12-01", "2025-02-28"),
        ("2025-12~", "2025-11-01", "2026-01-31"),
        ("2025-04-04~", "2025-03-04", "2025-05-04"),
        ("2025-04-04?", "2025-03-04", "2025-05-04"),
        ("2025-01-31~", "2024-12-31", "2025-02-28"),
        ("2025-03-31~", "2025-02-28", "2025-04-30"),
        ("2024-03-31~", "2024-02-29", "2024-04-30"),
        ("0002~", "0001-01-01", "0003-12-31"),
        ("9998~", "9997-01-01", "9999-12-31"),
    ],
)
def test_a_mark_of_doubt_means_a_year_around_a_year_and_a_month_around_a_month_or_a_day(
    text: str, earliest: str, latest: str
):
    assert bounds(text) == between(earliest, latest)


@pytest.mark.parametrize("text", ["0001~", "9999~", "9999-12-31~", "0001-01-01~"])
def test_what_a_mark_of_doubt_would_carry_out_of_the_calendar_is_refused(text: str):
    with pytest.raises(ValueError, match="limit of the calendar"):
        bounds(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-04-21/2025-04-30", "2025-04-21", "2025-04-30"),
        ("2025-04-21/2025-04-21", "2025-04-21", "2025-04-21"),
        ("2025-04/2025-05", "2025-04-01", "2025-05-31"),
        ("2025/2025-04", "2025-01-01", "2025-04-30"),
        ("../2025-10-30", None, "2025-10-30"),
        ("/2025-10-30", None, "2025-10-30"),
        ("2022-10-07/..", "2022-10-07", None),
        ("2025-10-30/", "2025-10-30", None),
        ("../2025-10-30~", None, "2025-11-30"),
        ("2025-10-31~/..", "2025-09-30", None),
        ("2020~/2022", "2019-01-01", "2022-12-31"),
    ],
)
def test_an_interval_is_some_day_in_it_and_an_open_or_unknown_end_bounds_nothing(
    text: str, earliest: str | None, latest: str | None
):
    assert bounds(text) == between(earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("[2025-11-09,2025-11-10]", "2025-11-09", "2025-11-10"),
        ("[2025-11-10,2025-11-09]", "2025-11-09", "2025-11-10"),
        ("[2025-04-21..2025-04-30]", "2025-04-21", "2025-04-30"),
        ("[2025-04-21..2025-04-30,2025-06]", "2025-04-21", "2025-06-30"),
        ("[..2025-10-30]", None, "2025-10-30"),
        ("[2025-10-30..]", "2025-10-30", None),
        ("[2025-10-30]", "2025-10-30", "2025-10-30"),
        ("[2025-10,..2025-09-01]", None, "2025-10-31"),
    ],
)
def test_a_one_of_set_reaches_from_its_earliest_member_to_its_latest(
    text: str, earliest: str | None, latest: str | None
):
    assert bounds(text) == between(earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29",
        "2025-02-30",
        "2025-04-31",
        "2025-04-31?",
        "2025-02-30~",
        "2025-13",
        "2025-00",
        "2025-00-10",
        "2025-04-00",
        "0000",
        "0000-01-01",
        "../2025-02-30",
        "[2025-02-28,2025-02-29]",
    ],
)
def test_a_day_that_the_calendar_does_not_have_is_refused(text: str):
    with pytest.raises(ValueError, match="not a day in the calendar"):
        bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "unknown",
        "open",
        "today",
        "1761868800",
        "20251030",
        "2025-4-4",
        "30.10.2025",
        "10/30/2025",
        "2025-10-30T12:00:00Z",
        "2025-10-30 ",
        " 2025-10-30",
        "2025-10-30\n",
        "٢٠٢٥-١٠-٣٠",
        "2025–10–30",  # with dashes in the place of hyphens
        "-2025",
        "Y12025",
        "~2025",
        "2025~~",
        "2025-10-3X",
        "2025-10-30..2025-10-31",
        "2025-10-30/open",
        "2025-10-29/2025-10-30/2025-10-31",
        "[2025-10-29/2025-10-30]",
        "[2025-10-29..2025-10-30]/..",
        "{2025-10-29,2025-10-30}",
        "[2025-10-30",
        "[]",
        "[2025,]",
        "[2025-11-09, 2025-11-10]",
    ],
)
def test_what_is_no_edtf_day_is_refused(text: str):
    with pytest.raises(ValueError, match="not a date"):
        bounds(text)


@pytest.mark.parametrize("text", ["/", "../..", "../", "/..", "[..]"])
def test_an_interval_without_any_day_is_refused(text: str):
    with pytest.raises(ValueError, match="contains no day"):
        bounds(text)


@pytest.mark.parametrize("text", ["2025-04-30/2025-04-29", "2025-05/2025-04", "[2025-04-30..2025-04-29]"])
def test_an_interval_that_ends_before_it_begins_is_refused(text: str):
    with pytest.raises(ValueError, match="the end is before the start"):
        bounds(text)


def test_a_member_of_a_set_that_ends_before_it_begins_is_refused_whatever_the_others_are():
    with pytest.raises(ValueError, match="the end is before the start"):
        bounds("[2025-04-30..2025-04-01,2025-01-01..2025-12-31]")


@pytest.mark.parametrize("text", ["2025-21", "2025-24", "2025-21/2025-22", "2025-24~"])
def test_a_season_is_refused_since_it_depends_on_the_hemisphere_and_a_month_may_be_meant(text: str):
    with pytest.raises(ValueError, match=r"not a date|not a day in the calendar"):
        bounds(text)


def test_a_day_has_at_most_two_hundred_characters():
    longest = "[" + ",".join(["2025-10-30"] * 18) + "]"
    assert len(longest) == MAX_LENGTH - 1
    assert bounds(longest) == between("2025-10-30", "2025-10-30")
    with pytest.raises(ValueError, match="200 characters"):
        bounds(longest.replace("]", ",2]"))


@given(days)
def test_a_calendar_day_is_bounded_by_itself(day: date):
    assert bounds(day.isoformat()) == Bounds(day, day)
    assert calendar_day(day.isoformat()) == day


@examples(25)  # A date takes the library milliseconds.
@given(days)
def test_a_month_and_a_year_are_bounded_by_the_first_and_last_day_that_the_calendar_gives_them(day: date):
    month, year = bounds(day.isoformat()[:7]), bounds(day.isoformat()[:4])
    assert month.earliest == day.replace(day=1)
    assert month.latest and month.latest.month == day.month and (month.latest + timedelta(days=1)).day == 1
    assert year == Bounds(date(day.year, 1, 1), date(day.year, 12, 31))


@examples(25)  # A date takes the library milliseconds.
@given(days, st.sampled_from("~?%"))
def test_doubt_widens_on_both_sides_and_by_no_more_than_a_month(day: date, mark: str):
    found = bounds(day.isoformat() + mark)
    assert found.earliest and found.latest
    assert timedelta(days=27) < day - found.earliest <= MONTH
    assert timedelta(days=27) < found.latest - day <= MONTH


@given(days, days)
def test_an_interval_of_two_days_is_read_exactly_where_it_runs_forward(one: date, other: date):
    text = f"{one}/{other}"
    if other < one:
        with pytest.raises(ValueError, match="the end is before the start"):
            bounds(text)
    else:
        assert bounds(text) == bounds(f"[{one}..{other}]") == Bounds(one, other)


@given(days)
def test_the_open_forms_of_a_day_bound_one_side(day: date):
    assert bounds(f"../{day}") == bounds(f"/{day}") == bounds(f"[..{day}]") == Bounds(None, day)
    assert bounds(f"{day}/..") == bounds(f"{day}/") == bounds(f"[{day}..]") == Bounds(day, None)


@given(st.text(max_size=MAX_LENGTH + 5))
def test_any_text_is_read_or_refused_with_a_sentence(text: str):
    try:
        found = bounds(text)
    except ValueError as refusal:
        assert type(refusal) is ValueError
        assert str(refusal)
    else:
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest


@given(st.text(st.sampled_from("0123456789-~?%X./[],"), max_size=30))
def test_text_that_looks_like_a_day_is_read_or_refused_with_a_sentence(text: str):
    try:
        found = bounds(text)
    except ValueError as refusal:
        assert type(refusal) is ValueError
    else:
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest


def test_a_day_once_read_is_kept_and_a_refused_one_is_refused_again():
    assert bounds("1999-07-04~") is bounds("1999-07-04~")
    for _ in range(2):
        with pytest.raises(ValueError, match="not a day in the calendar"):
            bounds("1999-02-29")


def test_a_day_of_an_event_is_kept_as_it_was_written():
    assert DAY.validate_python("[2025-11-09,2025-11-10]") == "[2025-11-09,2025-11-10]"


@pytest.mark.parametrize("value", ["2025-02-30", "", 2025, 20251030, date(2025, 10, 30), None, ["2025"], True])
def test_a_day_of_an_event_is_text_that_can_be_read(value: object):
    with pytest.raises(ValidationError):
        DAY.validate_python(value)


@pytest.mark.parametrize("text", ["2025-10-30", "0001-01-01", "9999-12-31", "2024-02-29"])
def test_a_calendar_day_is_read(text: str):
    assert calendar_day(text).isoformat() == text


@pytest.mark.parametrize(
    "text",
    [
        "2022",
        "2025-10",
        "20251030",
        "2025-W44-4",
        "2025-303",
        "2025-02-29",
        "2025-10-30~",
        "2025-10-30T00:00:00Z",
        "1761868800",
        "٢٠٢٥-١٠-٣٠",
        "",
        "2025-10-30\n",
    ],
)
def test_nothing_else_is_a_calendar_day(text: str):
    with pytest.raises(ValueError, match="calendar"):
        calendar_day(text)


@pytest.mark.parametrize(
    ("day", "on", "come", "over"),
    [
        ("2025-10-30", "2025-10-29", NO, NO),
        ("2025-10-30", "2025-10-30", YES, NO),
        ("2025-10-30", "2025-10-31", YES, YES),
        ("2025-10", "2025-09-30", NO, NO),
        ("2025-10", "2025-10-01", POSSIBLE, NO),
        ("2025-10", "2025-10-02", POSSIBLE, POSSIBLE),
        ("2025-10", "2025-10-31", YES, POSSIBLE),
        ("2025-10", "2025-11-01", YES, YES),
        ("../2025-10-30", "0001-01-01", POSSIBLE, NO),
        ("../2025-10-30", "0001-01-02", POSSIBLE, POSSIBLE),
        ("../2025-10-30", "2025-10-30", YES, POSSIBLE),
        ("../2025-10-30", "2025-10-31", YES, YES),
        ("2025-10-30/..", "2025-10-29", NO, NO),
        ("2025-10-30/..", "9999-12-31", POSSIBLE, POSSIBLE),
    ],
)
def test_a_day_has_come_on_itself_and_is_over_on_the_next(day: str, on: str, come: Truth, over: Truth):
    asked = date.fromisoformat(on)
    assert (reached(bounds(day), asked), passed(bounds(day), asked)) == (come, over)


@given(days, days, days)
def test_reached_and_passed_say_what_every_day_within_the_bounds_would(one: date, other: date, on: date):
    first, last = sorted((one, other))
    possible = {first, last, *(day for day in (on, on - timedelta(days=1)) if first <= day <= last)}
    come, over = {day <= on for day in possible}, {day < on for day in possible}
    found = Bounds(first, last)
    assert reached(found, on) is (POSSIBLE if len(come) == 2 else YES if True in come else NO)
    assert passed(found, on) is (POSSIBLE if len(over) == 2 else YES if True in over else NO)


def period(**ends: str | None) -> Period:
    return Period.model_validate(ends)


@pytest.mark.parametrize(
    ("on", "covered"), [("2025-04-03", NO), ("2025-04-04", YES), ("2026-11-09", YES), ("2026-11-10", NO)]
)
def test_a_period_includes_both_its_days(on: str, covered: Truth):
    assert period(**{"from": "2025-04-04", "through": "2026-11-09"}).covers(date.fromisoformat(on)) is covered


@pytest.mark.parametrize("end", [None, "open"])
def test_an_end_that_is_open_or_that_nobody_stated_does_not_end_a_period(end: str | None):
    found = period(**{"from": "2025-04-04", "through": end})
    assert found.last is None
    assert [found.covers(day) for day in (date(2025, 4, 3), date(2025, 4, 4), date.max)] == [NO, YES, YES]


def test_a_start_that_nobody_stated_leaves_it_open_since_when():
    found = period(through="2026-11-09")
    assert found.first == ANY_DAY
    assert [found.covers(day) for day in (date.min, date(2026, 11, 9), date(2026, 11, 10))] == [POSSIBLE, POSSIBLE, NO]


def test_vague_ends_cover_their_inside_for_certain_and_their_edges_possibly():
    found = period(**{"from": "2025-04", "through": "[2026-11-09,2026-11-10]"})
    asked = ("2025-03-31", "2025-04-01", "2025-04-29", "2025-04-30", "2026-11-09", "2026-11-10", "2026-11-11")
    assert [found.covers(date.fromisoformat(day)) for day in asked] == [NO, POSSIBLE, POSSIBLE, YES, YES, POSSIBLE, NO]


@given(days, days)
def test_a_period_that_ends_before_it_begins_is_refused_and_no_other(first: date, last: date):
    if last < first:
        with pytest.raises(ValidationError, match="the end is before the start"):
            period(**{"from": str(first), "through": str(last)})
    else:
        found = period(**{"from": str(first), "through": str(last)})
        assert found.covers(first) is found.covers(last) is YES


def test_a_vague_end_that_may_lie_after_the_start_is_taken():
    assert period(**{"from": "2025-04-30", "through": "2025-04"}).covers(date(2025, 4, 30)) is POSSIBLE
    with pytest.raises(ValidationError, match="the end is before the start"):
        period(**{"from": "2025-05-01", "through": "2025-04"})


@pytest.mark.parametrize(
    "ends",
    [
        {"from": "open"},
        {"through": "never"},
        {"through": "Open"},
        {"through": ".."},
        {"from": "2025-02-30"},
        {"through": 2026},
        {"from": "2025", "until": "2026"},
        {"from": "2025", "to": "2026"},
        {"from_": "2025-04-04"},
    ],
)
def test_a_period_takes_its_two_ends_and_the_word_open_and_nothing_else(ends: dict[str, object]):
    with pytest.raises(ValidationError):
        Period.model_validate(ends)


@given(st.dates())
@examples(25)
def test_a_month_and_a_year_without_a_mark_read_as_they_do_in_the_library(day: date):
    for text in (f"{day.year:04}", f"{day.year:04}-{day.month:02}"):
        parsed = parse_edtf(text)
        assert bounds(text) == Bounds(date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3]))


@pytest.mark.parametrize("text", ["0000", "0000-01", "2025-00", "2025-13"])
def test_a_month_or_year_that_the_calendar_does_not_have_is_refused(text: str):
    with pytest.raises(ValueError, match="calendar"):
        bounds(text)
