"""What a request may ask of the service: each limit holds from its own boundary on, and says so as a problem."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from httpx2 import Response
from sqlalchemy import text

from service.api.http.rates import network_of
from service.errors import TookTooLong, Unavailable
from service.keys import Scope
from service.log.database import engine_for, opened, reading, writing
from service.log.limits import Limits
from tests.api.conftest import ON_BOTH, client_of
from tests.api.keys import bearer, new_key
from tests.client import TestClient

NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}
START = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def limited(url: str, **settings: Any) -> Iterator[TestClient]:
    with client_of(database_url=url, **settings) as client:
        yield client


def problem(answer: Response, status: int, type_: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"/problems/{type_}"
    return found


def test_a_query_of_the_longest_length_is_read_and_a_longer_one_refused(sqlite_url: str):
    with limited(sqlite_url, max_query_bytes=100) as client:
        fits, longer = ("x=" + "y" * (length - 2) for length in (100, 101))
        assert client.get(f"/v1/events?{fits}").status_code == 422
        told = problem(client.get(f"/v1/events?{longer}"), 414, "uri-too-long")
        assert "100" in told["detail"]


def test_a_path_of_the_longest_length_is_looked_for_and_a_longer_one_refused(sqlite_url: str):
    with limited(sqlite_url, max_query_bytes=100) as client:
        assert client.get("/" + "x" * 99).status_code == 404
        problem(client.get("/" + "x" * 100), 414, "uri-too-long")


def test_the_most_headers_are_read_and_one_more_is_refused(sqlite_url: str):
    with limited(sqlite_url, max_headers=20) as client:
        sent = len(client.get("/v1/events").request.headers)
        more = {f"X-{number}": "1" for number in range(20 - sent)}
        assert client.get("/v1/events", headers=more).status_code == 200
        problem(client.get("/v1/events", headers=more | {"X-One-More": "1"}), 431, "headers-too-large")


def test_headers_of_the_most_bytes_are_read_and_larger_ones_refused(sqlite_url: str):
    with limited(sqlite_url, max_header_bytes=1_000) as client:
        headers = client.get("/v1/events", headers={"X-Long": ""}).request.headers
        left = 1_000 - sum(len(name) + len(value) for name, value in headers.raw)
        assert client.get("/v1/events", headers={"X-Long": "x" * left}).status_code == 200
        problem(client.get("/v1/events", headers={"X-Long": "x" * (left + 1)}), 431, "headers-too-large")


def test_a_key_may_ask_as_often_as_the_limit_and_again_after_the_minute(database_url: str):
    one, other = new_key(database_url, Scope.READ), new_key(database_url, Scope.READ)
    with (
        limited(database_url, max_requests_per_minute_per_key=3) as client,
        time_machine.travel(START, tick=False) as clock,
    ):
        answers = [client.get("/v1/events", headers=bearer(one)) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["ratelimit"] for answer in answers] == [f'"key";r={left};t=60' for left in (2, 1, 0, 0)]
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"key";q=3;w=60'}
        assert "3 requests" in problem(answers[3], 429, "too-many-requests")["detail"]
        assert answers[3].headers["retry-after"] == "60"
        # The limit is a key's own, whatever the scope or the route that it failed at.
        assert client.get("/v1/events", headers=bearer(other)).status_code == 200
        clock.shift(59)
        assert client.get("/v1/events", headers=bearer(one)).status_code == 429
        clock.shift(1)
        assert client.get("/v1/events", headers=bearer(one)).status_code == 200


def test_whoever_tries_keys_is_counted_by_address_and_does_not_hold_up_those_who_have_one(database_url: str):
    key = new_key(database_url, Scope.READ)
    with limited(database_url, max_requests_per_minute_per_address=2) as client:
        tried = [client.get("/v1/events", headers=bearer(f"guess-{number}")) for number in range(3)]
        assert [answer.status_code for answer in tried] == [401, 401, 429]
        assert tried[0].headers["ratelimit-policy"] == '"address";q=2;w=60'
        assert client.get("/docs").status_code == 429
        assert client.get("/v1/events", headers=bearer(key)).status_code == 200
        for _ in range(3):
            assert client.get("/health/ready").status_code == 200


def test_without_keys_a_loopback_register_counts_only_where_it_is_told_to(sqlite_url: str):
    with limited(sqlite_url, max_requests_per_minute_per_key=1) as client:
        answers = [client.options("/v1/events") for _ in range(601)]
        assert {answer.status_code for answer in answers} == {204}
        assert "ratelimit" not in answers[0].headers
    with limited(sqlite_url, max_requests_per_minute_per_address=1) as client:
        assert [client.options("/v1/events").status_code for _ in range(2)] == [204, 429]


def test_a_limit_of_none_counts_nobody(sqlite_url: str):
    key = new_key(sqlite_url, Scope.READ)
    with limited(sqlite_url, max_requests_per_minute_per_key=0, max_requests_per_minute_per_address=0) as client:
        assert "ratelimit" not in client.get("/v1/events", headers=bearer(key)).headers
        assert "ratelimit" not in client.get("/v1/events").headers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_a_line_of_ipv6_counts_as_one_caller(one: str, other: str, same: bool):
    assert (network_of(one) == network_of(other)) == same


SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000000) SELECT count(*) FROM n"


@ON_BOTH
def test_a_statement_that_works_too_long_is_stopped_and_the_connection_is_good_afterwards(database_url: str):
    engine = engine_for(database_url, Limits(statement_timeout_s=1))
    try:
        for use in (reading, writing):
            started = time.monotonic()
            with pytest.raises(TookTooLong), use(engine) as connection:
                connection.execute(text(SLOW)).all()
            assert 0.9 < time.monotonic() - started < 5
            with use(engine) as connection:
                assert connection.execute(text("SELECT 1")).scalar_one() == 1
    finally:
        engine.dispose()


@ON_BOTH
def test_many_statements_that_are_quick_are_no_slow_one(database_url: str):
    engine = engine_for(database_url, Limits(statement_timeout_s=1))
    try:
        with reading(engine) as connection:
            deadline = time.monotonic() + 1.5
            while time.monotonic() < deadline:
                connection.execute(text("SELECT count(*) FROM events")).all()
                time.sleep(0.01)
    finally:
        engine.dispose()


@ON_BOTH
def test_an_answer_that_takes_too_long_is_a_problem_of_its_own(database_url: str):
    """The slow statement is real: the table of look-ups is turned into a view that counts for a long time."""
    with limited(database_url) as client:
        assert client.post("/v1/events", json=NOTE).status_code == 201
    with opened(database_url) as engine, writing(engine) as connection:
        connection.execute(text("ALTER TABLE lookups RENAME TO lookups_apart"))
        connection.execute(text(f"CREATE VIEW lookups AS SELECT * FROM lookups_apart WHERE ({SLOW}) > 0"))
    with limited(database_url, statement_timeout_s=1) as client:
        told = problem(client.get("/v1/notes"), 503, "took-too-long")
        assert "lookups" not in told["detail"]
        assert client.get("/v1/events").status_code == 200


def test_a_database_that_is_away_is_not_called_slow(postgresql_url: str):
    engine = engine_for(postgresql_url.replace("lodestone_test_", "no_such_"), Limits(statement_timeout_s=1))
    with pytest.raises(Unavailable) as refused, reading(engine):
        pass
    assert not isinstance(refused.value, TookTooLong)
    engine.dispose()


SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/events",
        "/v1/no-such-path",
        "/health/live",
        "/docs",
        "/docs/start.js",
        "/docs/assets/swagger-ui.css",
        "/problems/not-found",
        "/openapi.json",
        "/",
        "/v1/events?x=1&x=2",
        "/" + "x" * 9_000,
    ],
)
def test_every_response_tells_browsers_to_stay_within_it(shared: TestClient, path: str):
    headers = shared.get(path, follow_redirects=False).headers
    assert SECURITY.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert "strict-transport-security" not in headers


def test_browsers_are_told_to_use_https_only_where_it_is_served(sqlite_url: str):
    with limited(sqlite_url, served_over_https=True) as client:
        for path in ("/v1/events", "/no-such-path", "/docs"):
            assert client.get(path).headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_text_of_the_most_characters_is_taken_and_a_longer_one_refused_with_a_pointer(sqlite_url: str):
    with limited(sqlite_url, max_string_characters=100) as client:
        for length, status in ((100, 201), (101, 400)):
            event = NOTE | {"data": {"kind": "market", "text": "x" * length}}
            answer = client.post("/v1/events", json={"events": [event]})
            assert answer.status_code == status, answer.text
        assert answer.json()["errors"][0]["pointer"] == "/events/0/data/text"


def test_a_body_nests_as_deep_as_the_limit_and_no_deeper(sqlite_url: str):
    def nested(levels: int) -> dict[str, Any]:
        found: Any = 1
        for _ in range(levels):
            found = {"a": found}
        return {"questions": found}

    with limited(sqlite_url, max_nesting_levels=10) as client:
        assert client.post("/v1/determinations", json=nested(9)).status_code == 422
        told = problem(client.post("/v1/determinations", json=nested(10)), 400, "malformed-request")
        assert "10 levels" in told["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["/v1/events", "/v1/notes", "/v1/companies"])
def test_a_page_is_as_large_as_the_limit_and_no_larger(sqlite_url: str, path: str):
    with limited(sqlite_url, max_page_size=200) as client:
        assert client.get(path).status_code == 200
        assert client.get(path, params={"limit": 200}).status_code == 200
        told = problem(client.get(path, params={"limit": 201}), 422, "invalid-request")
        assert told["errors"] == [{"pointer": "limit", "detail": "at most 200 here"}]


@ON_BOTH
def test_a_company_whose_name_mixes_scripts_is_flagged_and_found_as_it_is_written(database_url: str):
    look_alike = "J\u0430y Ushin"
    with limited(database_url) as client:
        for stream, name in (("company/one", "Jay Ushin"), ("company/other", look_alike)):
            event = {"stream": stream, "type": "company.registered", "data": {"name": name, "country": "IN"}}
            posted = client.post("/v1/events", json=event | {"source": {"tier": "holder"}})
            assert posted.status_code == 201, posted.text
        flagged = {one["id"]: one["mixed_script_names"] for one in client.get("/v1/companies").json()["companies"]}
        assert flagged == {"one": [], "other": [look_alike]}
        assert client.get("/v1/companies/other").json()["name"] == look_alike
        for asked, mixes, best in (("Jay Ushin", False, "one"), (look_alike, True, "other")):
            page = client.get("/v1/companies", params={"q": asked}).json()
            assert page["mixed_script_query"] is mixes
            assert page["companies"][0]["id"] == best
