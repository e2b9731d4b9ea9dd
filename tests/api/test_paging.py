"""Pages, while events arrive: nothing is left out, nothing told twice, whatever is recorded in between."""

from typing import Any

import pytest

from tests.api.conftest import ON_BOTH
from tests.client import TestClient


def record(client: TestClient, *events: dict[str, Any]) -> None:
    answer = client.post("/v1/events", json={"events": list(events)})
    assert answer.status_code == 201, answer.text


def company(slug: str) -> dict[str, Any]:
    data = {"name": slug.upper(), "country": "IN"}
    stream = f"company/{slug}"
    return {"stream": stream, "type": "company.registered", "data": data, "source": {"tier": "press_named"}}


def restriction(slug: str, starts: str, tier: str = "issuer_text") -> dict[str, Any]:
    scope = {"destinations": "all", "commodities": [{"hs": "850511"}]}
    data = {"kind": "licensing", "controller": "CN", "scope": scope, "in_force": {"from": starts, "through": "open"}}
    return {"stream": f"restriction/{slug}", "type": "restriction.announced", "data": data, "source": {"tier": tier}}


def walked(client: TestClient, path: str, name: str, between: Any = None) -> list[Any]:
    """All entries, by following the links; `between` happens after each page."""
    found: list[Any] = []
    for _ in range(50):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found += answer.json()[name]
        if "next" not in answer.links:
            assert answer.json().get("next_after") is None or name == "events"
            return found
        assert answer.json()["next_after"] is not None
        path = answer.links["next"]["url"]
        assert path.startswith("/v1/")
        if between:
            between()
    raise AssertionError("the pages do not end")


@ON_BOTH
def test_things_are_paged_as_they_were_known_on_the_first_page(client: TestClient):
    slugs = [f"m{number}" for number in range(7)]
    record(client, *map(company, slugs))
    arriving = iter(["a0", "m0a", "m3a", "z9"])
    found = walked(client, "/v1/companies?limit=2", "companies", lambda: record(client, company(next(arriving))))
    assert [one["id"] for one in found] == slugs
    assert len(client.get("/v1/companies").json()["companies"]) == 10


def test_a_link_keeps_what_was_asked_and_adds_the_day_and_the_knowledge(client: TestClient):
    record(client, *map(company, ("a", "b", "c")))
    answer = client.get("/v1/companies?country=IN&limit=2&as_of=2025-10-31")
    assert answer.links["next"]["url"] == "/v1/companies?country=IN&limit=2&as_of=2025-10-31&known_at=3&after=b"
    assert "link" not in client.get("/v1/companies?limit=3").headers


@ON_BOTH
def test_events_are_paged_to_the_end_of_the_log(client: TestClient):
    record(client, *map(company, ("a", "b", "c", "d")))
    arriving = iter(["e", "f"])
    found = walked(client, "/v1/events?limit=3", "events", lambda: record(client, company(next(arriving))))
    assert [one["position"] for one in found] == [1, 2, 3, 4, 5]
    full = client.get("/v1/events?limit=5")
    assert "link" not in full.headers
    assert full.json()["next_after"] == 5


@ON_BOTH
def test_the_calendar_is_paged_in_the_order_of_days(client: TestClient):
    days = [f"2026-01-{day:02}" for day in range(1, 8)]
    record(client, *(restriction(f"r{number}", day) for number, day in enumerate(days)))
    window = "/v1/calendar?from=2026-01-01&through=2026-01-31"
    whole = client.get(window).json()["entries"]
    assert [one["earliest"] for one in whole] == days
    arriving = iter(range(10))

    def more() -> None:
        record(client, restriction(f"x{next(arriving)}", "2026-01-03"))

    assert walked(client, f"{window}&limit=2", "entries", more) == whole
    assert len(client.get(window).json()["entries"]) == 10


@ON_BOTH
def test_conflicts_are_paged(client: TestClient):
    for number in range(5):
        record(
            client,
            restriction(f"r{number}", "2026-01-01"),
            restriction(f"r{number}", "2026-02-01", tier="press_named"),
        )
    whole = client.get("/v1/conflicts").json()["conflicts"]
    assert len(whole) >= 5
    found = walked(client, "/v1/conflicts?limit=2", "conflicts", lambda: None)
    # Each page has a list of its sources, and numbers them by itself.
    assert [_without_sources(one) for one in found] == [_without_sources(one) for one in whole]


def _without_sources(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_sources(value) for name, value in told.items() if not name.endswith("sources")}
    return [_without_sources(one) for one in told] if isinstance(told, list) else told


def test_a_listing_in_lines_or_as_a_sheet_has_the_link_too(client: TestClient):
    record(client, *map(company, ("a", "b", "c")))
    for accept in ("application/x-ndjson", "text/csv", "application/cloudevents-batch+json"):
        answer = client.get("/v1/events?limit=2", headers={"Accept": accept})
        assert answer.links["next"]["url"] == "/v1/events?limit=2&after=2"


@pytest.mark.parametrize("path", ["/v1/calendar", "/v1/conflicts"])
@pytest.mark.parametrize("after", ["", "x", "%20", "eyJhIjoxfQ", "WzFd", "bm90IGpzb24", "_" * 2001, "/w=="])
def test_a_cursor_that_is_none_is_refused(client: TestClient, path: str, after: str):
    answer = client.get(f"{path}?after={after}")
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == ["after"]
