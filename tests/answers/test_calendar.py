"""The calendar of what changes by itself: which days it takes in, and that all of them can be read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine

from service.app import create_app
from service.settings import Settings
from tests.answers.facts import GALLIUM, Register, announced, fact, granted, period, reported, suspended
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy

TODAY = "2026-11-24"


def entries(register: Register, **window: str) -> list[tuple[str, str, str]]:
    found = register.get("/v1/calendar", **window)["entries"]
    return [(one["earliest"], one["about"], one["what"]) for one in found]


@pytest.fixture
def today() -> date:
    return date.fromisoformat(TODAY)


def test_without_a_window_it_is_the_next_five_years(register: Register, today: date):
    last = today + timedelta(days=1_826)
    days = {"over": today - timedelta(days=1), "now": today, "last": last, "after": last + timedelta(days=1)}
    register.record(
        *(announced(f"cn-{slug}", in_force=period(day.isoformat()), on="2025-04-01") for slug, day in days.items())
    )
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        shown = register.get("/v1/calendar")
    assert [one["about"] for one in shown["entries"]] == ["restriction/cn-now", "restriction/cn-last"]
    assert (shown["from"], shown["through"]) == (TODAY, last.isoformat())


def test_a_window_may_take_in_every_day_there_is(register: Register):
    register.record(
        announced("cn-m", in_force=period("1990-01-01", "2999-12-31")),
        suspended("cn-m", "2025-11-10", "2026-11-27"),
        granted("cn-l", validity=period("2025-05-01", "2026-05-01")),
    )
    assert entries(register, **{"from": "0001-01-01", "through": "9999-12-31"}) == [
        ("1990-01-01", "restriction/cn-m", "enters into force"),
        ("2025-05-01", "license/cn-l", "becomes valid"),
        ("2025-11-10", "restriction/cn-m", "is suspended"),
        ("2026-05-02", "license/cn-l", "expires"),
        ("2026-11-28", "restriction/cn-m", "applies again because its suspension ends"),
        ("3000-01-01", "restriction/cn-m", "expires"),
    ]


def test_a_large_window_is_read_whole_page_by_page_and_the_file_holds_all_of_it(register: Register):
    in_force = period("2027-01-01", "2028-06-30")
    register.record(*(announced(f"cn-{number}", in_force=in_force) for number in range(600)))
    window = {"from": "2027-01-01", "through": "2028-12-31"}
    after: str | None = None
    told: list[tuple[str, str]] = []
    while after or not told:
        page = register.get("/v1/calendar", **window, limit="1000", **({"after": after} if after else {}))
        told += [(one["about"], one["what"]) for one in page["entries"]]
        after = page["next_after"]
    assert len(set(told)) == len(told) == 1_200
    assert len(file(register, **window)) == 1_200


def file(register: Register, **window: str) -> list[icalendar.Event]:
    response = register.client.get("/v1/calendar.ics", params=window)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return icalendar.Calendar.from_ical(response.text).events


def test_the_file_holds_what_the_calendar_holds(register: Register):
    register.record(
        announced("cn-m", in_force=period("2025-04-04", "2027-12-31")),
        suspended("cn-m", "2025-11-10", "[2026-11-26,2026-11-27]"),
    )
    window = {"from": "2026-01-01", "through": "2028-12-31"}
    told = [(one["earliest"], one["latest"]) for one in register.get("/v1/calendar", **window)["entries"]]
    assert told == [("2026-11-27", "2026-11-28"), ("2028-01-01", "2028-01-01")]
    lapse, end = file(register, **window)
    assert (lapse.start, lapse.end) == (date(2026, 11, 27), date(2026, 11, 29))
    assert (end.start, end.end) == (date(2028, 1, 1), date(2028, 1, 2))
    assert lapse["summary"] == "China: China's licensing requirement applies again because its suspension ends"
    assert "2026-11-27 through 2026-11-28" in str(lapse["description"])
    assert {lapse["status"], end["status"]} == {"TENTATIVE"}


def test_a_day_that_a_source_confirms_is_no_longer_tentative(register: Register):
    register.record(announced("cn-m", in_force=period("2025-04-04"), on="2025-04-01"))
    window = {"from": "2025-01-01", "through": "2025-12-31"}
    assert [one["status"] for one in file(register, **window)] == ["TENTATIVE"]
    register.record(reported("cn-m", "in_force", "2025-05-01"))
    assert [one["status"] for one in file(register, **window)] == ["CONFIRMED"]


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [
        ("../2026-12-31", date(2026, 12, 31), date(2027, 1, 1)),
        ("2026-12-31/..", date(2026, 12, 31), date(2027, 1, 1)),
        ("9999-12-31", date(9999, 12, 31), None),
    ],
)
def test_a_day_without_a_bound_stands_at_the_one_that_it_has(
    register: Register, day: str, first: date, after: date | None
):
    register.record(announced("cn-m", in_force=period(day)))
    (event,) = file(register, **{"from": "0001-01-01", "through": "9999-12-31"})
    assert event.decoded("dtstart") == first
    assert event.decoded("dtend", None) == after


def test_an_entry_keeps_its_id_while_the_record_grows(register: Register):
    register.record(announced("cn-m", in_force=period("2027-01-01", "2027-12-31")))
    window = {"from": "2026-01-01", "through": "2028-12-31"}
    before = [str(one["uid"]) for one in file(register, **window)]
    register.record(announced("cn-n", in_force=period("2026-06-01")))
    assert [str(one["uid"]) for one in file(register, **window)][1:] == before
    assert len({*before}) == 2


KNOWN_TODAY = [
    ("2026-11-27", "restriction/cn-mofcom-46-2024-graphite", "applies again because its suspension ends"),
    ("2026-11-27", "restriction/cn-mofcom-46-2024-principle", "applies again because its suspension ends"),
    ("2027-01-01", "restriction/zw-cabinet-lithium-concentrate-2027", "enters into force"),
    ("2027-01-01", "restriction/zw-mines-lithium-2026-quota", "expires"),
    ("2028-01-01", "restriction/cd-arecoms-004-2025-quota", "expires"),
    ("2028-01-01", "restriction/cn-mofcom-68-2025", "expires"),
    ("2029-01-01", "restriction/ga-council-manganese-2025", "enters into force"),
]
"""What sources announce for the days after 24 November 2026. The suspension of graphite's stricter review and of the
refusal in principle lasts until 27 November 2026, and leaves that day itself open; an end on 31 December 2027 is told
as the first day on which the rule is over."""


@pytest.fixture(scope="module")
def seeded(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Nobody changes it, so that one serves all questions."""
    url = sqlite_copy(seeded_file("all"), tmp_path_factory.mktemp("seeded"))
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield Register(client)


def test_the_corpus_tells_what_changes_next(seeded: Register):
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        told = entries(seeded)
        assert [one for one in KNOWN_TODAY if one not in told] == []
        assert told == sorted(told)
        china = entries(seeded, country="CN")
        assert china == [one for one in told if one[1].partition("/")[2].startswith("cn-")]
        assert set(KNOWN_TODAY[:2]) <= set(china)


def test_the_lapse_of_a_suspension_may_fall_on_either_of_two_days(seeded: Register):
    found = seeded.get("/v1/calendar", **{"from": "2026-11-24", "through": "2026-11-30"})["entries"]
    lapses = [one for one in found if one["what"].endswith("because its suspension ends")]
    assert {(one["earliest"], one["latest"], one["confirmed"], one["agreed"]) for one in lapses} == {
        ("2026-11-27", "2026-11-28", False, False)
    }


def test_what_was_agreed_and_not_enacted_is_marked_in_the_calendar(seeded: Register):
    found = seeded.get("/v1/calendar", **{"from": "2027-01-09", "through": "2027-01-31"})["entries"]
    assert "restriction/cn-mofcom-57-2025" in {one["about"] for one in found}
    assert {one["agreed"] for one in found if one["what"].endswith("because its suspension ends")} == {True}


def test_all_that_the_corpus_schedules_can_be_read(seeded: Register):
    window = {"from": "0001-01-01", "through": "9999-12-31"}
    whole = entries(seeded, **window, limit="1000")
    assert {one[1] for one in KNOWN_TODAY} < {one[1] for one in whole}
    assert len(file(seeded, **window)) == len(whole)
    shown = seeded.get("/v1/calendar", **window, limit="1000")["entries"]
    later = [one for one, told in zip(whole, shown, strict=True) if (told["latest"] or "9999-12-31") >= "2026-11-25"]
    assert later == entries(seeded, **{"from": "2026-11-25", "through": "9999-12-31"}, limit="1000")


WINDOW = {"from": "2025-04-01", "through": "2026-12-31"}


def test_the_calendar_is_narrowed_to_goods_and_to_a_company_and_says_what_things_are_called(register: Register):
    titled = announced("g", commodities=[GALLIUM], in_force={"from": "2025-06-01"})
    register.record(
        fact("company/jay", "company.registered", {"name": "Jay", "country": "IN"}, published="2025-01-01"),
        announced("m", in_force={"from": "2025-05-01"}),
        titled | {"data": titled["data"] | {"instrument": {"title": "A list", "number": "11/2026"}}},
        announced("list", end_users={"only": [{"company": "company/jay"}]}, in_force={"from": "2025-07-01"}),
        granted("l", {"company": "company/jay"}, validity={"from": "2025-08-01", "through": "2025-12-31"}),
    )

    def found(**filters: str) -> list[tuple[str, str]]:
        answer = register.client.get("/v1/calendar", params={**WINDOW, **filters})
        assert answer.status_code == 200, answer.text
        return [(one["about"], one["title"]) for one in answer.json()["entries"]]

    assert found(commodity="gallium") == [("restriction/g", "A list")]
    named = {about for about, _ in found(company="jay")}
    assert named == {about for about, _ in found(company="company/jay")} == {"restriction/list", "license/l"}
    assert len(found()) > len(found(commodity="rare_earth_magnets")) > 1
    file = register.client.get("/v1/calendar.ics", params={**WINDOW, "commodity": "gallium"}).text
    assert (file.count("BEGIN:VEVENT"), "China: A list enters into force" in file) == (1, True)
