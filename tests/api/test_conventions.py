"""What holds for every answer of every route. A new route is held to it; one whose path is not known here fails."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from service.api.http import media
from service.api.http.access import COOKIE
from tests.api.conftest import FILLED_ON_BOTH, MARK, Filled, client_of
from tests.api.routes import QUESTION, Route, every_route, reads

KEY = "a-key-for-tests-0123456789-abcdef"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_problem(answer: Any, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    )


@FILLED_ON_BOTH
def test_every_read_succeeds_on_a_register_that_holds_something(filled: Filled, subtests: pytest.Subtests):
    assert len(reads()) > 35
    for route in reads():
        with subtests.test(str(route)):
            assert filled.request(route).status_code == 200


def test_every_answer_says_where_the_log_ended(filled: Filled, subtests: pytest.Subtests):
    """What is refused for its method is asked in the test of that."""
    for route in every_route():
        for method in (route.method, "HEAD", "OPTIONS"):
            with subtests.test(f"{method} {route.template}"):
                assert filled.request(route, method).headers["position"] == "7"
    assert filled.client.get("/nowhere").headers["position"] == "7"
    assert filled.client.get("/v1/events?limit=0").headers["position"] == "7"


def test_head_is_get_without_its_body(filled: Filled, subtests: pytest.Subtests):
    for route in reads():
        with subtests.test(str(route)):
            whole, head = filled.request(route), filled.request(route, "HEAD")
            assert head.status_code == whole.status_code
            assert head.content == b""
            # A request has a name of its own, and measurements are taken at every one.
            its_own = {"x-request-id"} | ({"content-length"} if route.template == "/metrics" else set())
            assert {name: value for name, value in head.headers.items() if name not in its_own} == {
                name: value for name, value in whole.headers.items() if name not in its_own
            }


ALSO_NAMES = {"/v1/watches/exposure": ("/v1/watches/{id}",)}
"""Paths that are also of another template: a watch may have that name."""


def test_options_tells_what_a_resource_takes_and_all_else_is_refused_with_the_same(
    filled: Filled, subtests: pytest.Subtests
):
    for route in every_route():
        with subtests.test(route.template):
            templates = (route.template, *ALSO_NAMES.get(route.template, ()))
            of_this = {one.method for one in every_route() if one.template in templates}
            takes = of_this | {"OPTIONS"} | ({"HEAD"} if "GET" in of_this else set())
            options = filled.request(route, "OPTIONS")
            assert (options.status_code, options.content) == (204, b"")
            assert options.headers["allow"] == ", ".join(sorted(takes))
            for method in set(METHODS) - takes:
                refused = filled.request(route, method)
                if method != "HEAD":
                    assert is_problem(refused, 405), method
                assert refused.headers["position"] == "7"
                assert (refused.status_code, refused.headers["allow"]) == (405, options.headers["allow"]), method


def test_options_of_nothing_is_not_found(filled: Filled):
    assert is_problem(filled.client.options("/v1/nowhere"), 404)


def test_what_a_get_answers_has_a_tag_and_is_not_sent_again_to_whoever_holds_it(
    filled: Filled, subtests: pytest.Subtests
):
    for route in reads():
        with subtests.test(str(route)):
            first = filled.request(route)
            if first.status_code != 200 or route.template.startswith(("/health/", "/metrics")):
                assert "etag" not in first.headers
                continue
            tag = first.headers["etag"]
            assert re.fullmatch(r'(W/)?"[^"]+"', tag)
            for held in (tag, f'"other", {tag}', tag.removeprefix("W/")):
                for method in ("GET", "HEAD"):
                    again = filled.request(route, method, headers={"If-None-Match": held})
                    assert (again.status_code, again.content) == (304, b""), held
                    for name in ("etag", "cache-control", "vary", "link"):
                        assert again.headers.get(name) == first.headers.get(name)
                    assert "content-length" not in again.headers
            assert filled.request(route, headers={"If-None-Match": '"other"'}).content == first.content


def test_any_tag_is_matched_by_an_asterisk(filled: Filled):
    assert filled.client.get("/v1/events", headers={"If-None-Match": "*"}).status_code == 304
    assert filled.client.get("/v1/licenses/nobody", headers={"If-None-Match": "*"}).status_code == 404


def test_every_answer_says_how_it_may_be_kept_and_only_hashes_may_be_for_ever(
    filled: Filled, subtests: pytest.Subtests
):
    hashes = ("/v1/log/tile/", "/v1/log/proof/inclusion", "/v1/log/proof/consistency")
    for route in every_route():
        with subtests.test(str(route)):
            said = filled.request(route, params={"size": 1} if "proof/" in route.template else None)
            kept = said.headers["cache-control"]
            if "immutable" in kept:
                assert route.template.startswith(hashes)
            elif route.of_the_console and route.method == "GET":
                assert kept == "private, no-cache"
            else:
                assert kept in ("no-cache", "no-store")
            refused = filled.request(route, "PUT")
            assert refused.headers["cache-control"] == "no-store"


def test_what_a_key_opened_is_private_and_varies_with_the_key(filled: Filled, subtests: pytest.Subtests):
    for route in reads():
        with subtests.test(str(route)):
            plain, with_key = filled.request(route), filled.request(route, headers={"Authorization": f"Bearer {KEY}"})
            kept = plain.headers["cache-control"]
            if route.of_the_console:
                # A cookie may hold the key, so a page is private whoever asks.
                assert with_key.headers["cache-control"] == kept == "private, no-cache"
                assert "Cookie" in plain.headers["vary"]
            elif kept != "no-store":
                assert with_key.headers["cache-control"] == f"private, {kept}"
            if route.of_the_api:
                assert "Authorization" in plain.headers["vary"]


def test_without_the_key_that_is_needed_nothing_may_be_kept(sqlite_url: str):
    with client_of(database_url=sqlite_url, access_key=KEY) as locked:
        assert locked.get("/v1/events").headers["cache-control"] == "no-store"
        opened = locked.get("/v1/events", headers={"Authorization": f"Bearer {KEY}"})
        assert opened.headers["cache-control"] == "private, no-cache"
        by_cookie = locked.get("/v1/events", headers={"Cookie": f"{COOKIE}={KEY}"})
        assert (by_cookie.status_code, by_cookie.headers["cache-control"]) == (200, "private, no-cache")


def asked_in(route: Route) -> dict[str, Any]:
    """The body of a request that stores nothing: of the routes that take one, only events are recorded."""
    return {"json": QUESTION} if route.template in ("/v1/determinations", "/v1/evidence") else {"json": {}}


def test_a_route_of_the_api_writes_each_media_type_that_it_declares_and_refuses_all_others(
    filled: Filled, subtests: pytest.Subtests
):
    for route in every_route():
        if not (route.of_the_api or route.template.startswith("/health/")):
            continue
        with subtests.test(str(route)):
            body = {} if route.method == "GET" else asked_in(route)
            refused = filled.request(route, headers={"Accept": f"image/png, {MARK}/x"}, **body)
            assert is_problem(refused, 406)
            assert MARK not in refused.text
            offered = media.offers(route.declared)
            for offer in offered:
                assert offer in refused.json()["detail"]
                if route.method == "GET":
                    answer = filled.request(route, headers={"Accept": f"{offer}, */*;q=0.1"})
                    assert answer.headers["content-type"].partition(";")[0] == offer
                    if route.of_the_api:
                        assert "Accept" in answer.headers["vary"]
            default = filled.request(route, headers={"Accept": "*/*"}, **body)
            if default.is_success:
                assert default.headers["content-type"].partition(";")[0] == offered[0]


def test_a_trace_comes_back_with_every_answer(filled: Filled, subtests: pytest.Subtests):
    for route in every_route():
        with subtests.test(str(route)):
            assert filled.request(route, headers={"traceparent": TRACE}).headers["traceparent"] == TRACE
            assert "traceparent" not in filled.request(route).headers


def test_a_parameter_that_a_route_does_not_know_is_refused_and_not_repeated(filled: Filled, subtests: pytest.Subtests):
    for route in every_route():
        if route.of_the_api:
            with subtests.test(str(route)):
                body = {} if route.method == "GET" else asked_in(route)
                path = filled.path(route).partition("?")[0]
                for asked in ({"colour": MARK}, {"as_of": MARK, "known_at": MARK, "after": MARK, "limit": MARK}):
                    answer = filled.client.request(route.method, path, params=asked, **body)
                    assert is_problem(answer, 422)
                    assert answer.json()["errors"]
                    assert MARK not in answer.text


def test_a_name_that_leads_to_nothing_is_not_repeated(filled: Filled, subtests: pytest.Subtests):
    nobody = {"{id}": "nobody-at-all", "{name}": "nobody-at-all", "{path:path}": "nobody-at-all"}
    for route in reads():
        for part, name in nobody.items():
            if part in route.template and not route.of_the_console:
                with subtests.test(str(route)):
                    events = ("/v1/events/", "/v1/log/proof/event/")
                    unknown = "0198c0de-0000-4000-8000-ffffffffffff" if route.template.startswith(events) else name
                    answer = filled.client.get(route.template.replace(part, unknown))
                    assert is_problem(answer, 404)
                    assert unknown not in answer.text


@FILLED_ON_BOTH
def test_a_read_waits_for_no_position_that_is_there_and_refuses_one_that_is_not(
    filled: Filled, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("service.api.http.register.REACH_TIMEOUT_S", 0)
    for route in every_route():
        if route.of_the_api:
            with subtests.test(str(route)):
                body = {} if route.method == "GET" else asked_in(route)
                held = filled.request(route, headers={"Min-Position": "7"}, **body)
                assert held.status_code == filled.request(route, **body).status_code
                refused = filled.request(route, headers={"Min-Position": "8"}, **body)
                assert is_problem(refused, 412)
                assert refused.json()["type"] == "/problems/position-not-reached"
                assert refused.headers["retry-after"] == "1"


@pytest.mark.parametrize("position", ["-1", "1.5", MARK, str(2**53)])
def test_a_min_position_that_is_none_is_refused(filled: Filled, position: str):
    answer = filled.client.get("/v1/events", headers={"Min-Position": position})
    assert is_problem(answer, 422)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["min-position"]


def test_a_min_position_that_stands_twice_is_refused(filled: Filled, subtests: pytest.Subtests):
    for route in every_route():
        if route.of_the_api:
            with subtests.test(str(route)):
                body = {} if route.method == "GET" else asked_in(route)
                twice = [("Min-Position", "1"), ("Min-Position", "8"), *body.pop("headers", {}).items()]
                answer = filled.request(route, headers=twice, **body)
                assert is_problem(answer, 422)
                assert answer.json()["errors"] == [{"pointer": "min-position", "detail": "sent twice"}]


def test_what_is_not_of_the_api_passes_over_a_min_position_but_readiness(filled: Filled, subtests: pytest.Subtests):
    for route in reads():
        if not route.of_the_api:
            with subtests.test(str(route)):
                answer = filled.request(route, headers={"Min-Position": "8"})
                assert (answer.status_code == 412) == (route.template == "/health/ready")


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from values(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from values(member, name)
    else:
        yield name, value


def test_an_instant_has_its_offset_and_a_day_is_a_day(filled: Filled, subtests: pytest.Subtests):
    seen = set()
    for route in reads():
        if route.of_the_api and media.offers(route.declared)[0] == media.JSON:
            with subtests.test(str(route)):
                for name, value in values(filled.request(route).json()):
                    if name in ("recorded_at", "instant") and value is not None:
                        assert INSTANT.fullmatch(value), name
                        seen.add(name)
                    elif name in ("as_of", "recorded_through", "from_", "earliest", "latest") and value is not None:
                        assert DAY.fullmatch(value), name
                        seen.add(name)
    assert {"recorded_at", "instant", "as_of"} <= seen


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_page_of_another_origin_can_post_nothing(filled: Filled, kind: str):
    """What a browser sends unasked has one of these types; for any other it asks first, and is told nothing."""
    origin = {"Origin": "https://elsewhere.example"}
    event = json.dumps(filled.events["notes"] | {"id": "0198c0de-0000-4000-8000-00000000abcd"})
    answer = filled.client.post("/v1/events", content=event, headers=origin | ({"Content-Type": kind} if kind else {}))
    assert is_problem(answer, 415)
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = filled.client.options("/v1/events", headers=origin | asked)
    for one in (answer, preflight):
        assert not [name for name in one.headers if name.startswith("access-control-")]
