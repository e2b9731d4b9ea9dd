"""Which licenses there are: by destination, company, goods, state and issuer, on a day, as known at a position."""

from typing import Any

import pytest

from tests.answers.facts import GALLIUM, HELLA, JAY, MAGNETS, Register, defined, granted, period, registered, revoked
from tests.domain.license.told import act


@pytest.fixture
def told(register: Register) -> Register:
    nowhere = granted("nowhere", JAY)
    del nowhere["data"]["destination"]
    register.record(
        defined("gallium", {"hs": "811292"}),
        defined("rare_earth_magnets", {"hs": "850511"}),
        registered("jay-ushin", "Jay Ushin", "IN", aliases=["JUL"]),
        granted("by-name", JAY, validity=period("2025-05-01", "2025-12-31")),
        granted("by-stream", {"company": "company/jay-ushin"}, type="general", commodities=[GALLIUM]),
        granted("exporter", HELLA, licensee={"name": "JUL", "country": "IN"}, destination="DE"),
        granted("all", HELLA, destination="all", issuer="US", commodities=[{"hs": "850511"}]),
        granted("class", {"class": {"country": "IN"}}, lines=[]),
        nowhere,
        revoked("by-stream", "2025-08-01"),
        act("amended", "2025-09-01", destination="VN") | {"stream": "license/by-name"},
    )
    return register


def listed(register: Register, **wanted: Any) -> list[str]:
    page = register.get("/v1/licenses", **{"as_of": "2025-07-01"} | wanted)
    return [one["id"] for one in page["licenses"]]


def test_without_a_filter_all_are_listed(told: Register):
    assert listed(told) == ["all", "by-name", "by-stream", "class", "exporter", "nowhere"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"destination": "IN"}, ["all", "by-name", "by-stream", "class"]),
        ({"destination": "DE"}, ["all", "exporter"]),
        ({"destination": "IN", "as_of": "2025-09-01"}, ["all", "by-stream", "class"]),
        ({"destination": "VN", "as_of": "2025-09-01"}, ["all", "by-name"]),
        ({"company": "jay-ushin"}, ["by-name", "by-stream", "exporter", "nowhere"]),
        ({"company": "company/jay-ushin", "destination": "DE"}, ["exporter"]),
        ({"company": "nobody"}, []),
        ({"commodity": "gallium"}, ["by-stream"]),
        ({"commodity": "85051110"}, ["all", "by-name", "exporter", "nowhere"]),
        ({"state": "active"}, ["all", "by-name", "by-stream", "class", "exporter", "nowhere"]),
        ({"state": "revoked"}, []),
        ({"state": "revoked", "as_of": "2025-08-01"}, ["by-stream"]),
        ({"state": "expired", "as_of": "2026-01-01"}, ["by-name"]),
        ({"issuer": "US"}, ["all"]),
        ({"country": "US"}, ["all"]),
        ({"issuer": "CN", "destination": "DE", "state": "active"}, ["exporter"]),
        ({"issuer": "CN", "known_at": 5}, ["by-name", "by-stream"]),
        ({"issuer": "JP"}, []),
    ],
)
def test_all_that_is_given_holds_on_the_day(told: Register, wanted: dict[str, Any], expected: list[str]):
    assert listed(told, **wanted) == expected


def test_a_filtered_list_goes_on_page_by_page(told: Register):
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = told.get("/v1/licenses", destination="IN", as_of="2025-07-01", limit=1, **after)
        seen += [one["id"] for one in page["licenses"]]
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}
    assert seen == ["all", "by-name", "by-stream", "class"]


@pytest.mark.parametrize(
    "wanted",
    [{"destination": "XX"}, {"issuer": "all"}, {"state": "held"}, {"company": "Jay Ushin"}, {"commodity": "Magnets!"}],
)
def test_what_cannot_be_read_is_refused(told: Register, wanted: dict[str, str]):
    assert told.client.get("/v1/licenses", params=wanted).status_code == 422


def test_a_license_says_what_it_was_renewed_as_and_what_is_left_below_nothing(register: Register):
    quantity = {"value": "10", "unit": "C62"}
    line = {"commodity": MAGNETS, "quantity": quantity}
    register.record(
        granted("l", JAY, lines=[line], on="2025-01-01", validity=period("2025-01-01", "2025-12-31")),
        act("used", reference="before", day="2024-12-15", quantity=quantity | {"value": "3"}, line=1),
        act("used", reference="over", day="2025-03-01", quantity=quantity | {"value": "9"}, line=1),
        act("renewed", "2025-05-01", renewed_as="license/next"),
    )
    shown = register.get("/v1/licenses/l", as_of="2025-06-01")
    assert shown["renewed_as"] == ["next"]
    assert [conflict["reason"] for conflict in shown["conflicts"]] == [
        "the use before is of a day before the license is valid",
        "the use over brings line 1 to 12 C62, over its 10 C62",
    ]
    (of_line,) = shown["lines"]
    assert (of_line["remaining"]["value"], of_line["remaining_at_most"]["value"]) == ("-2", "1")
    assert of_line["overdrawn"]


def test_a_use_of_a_line_that_the_license_does_not_have_is_refused(register: Register):
    register.record(granted("l", JAY))
    used: dict[str, Any] = {"reference": "one", "day": "2025-06-01", "quantity": {"value": "1", "unit": "KGM"}}
    response = register.client.post("/v1/events", json=act("used", **used, line=3))
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (409, "/data/line")
    register.record(act("used", **used, line=1))
    batch = [granted("two", JAY), act("used", **used, line=2) | {"stream": "license/two"}]
    assert register.client.post("/v1/events", json={"events": batch}).status_code == 409
