"""Every route with no key, with a reader's, a writer's, an admin's, a revoked and an expired one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from service.app import create_app
from service.keys import Scope
from service.settings import Settings
from tests.api.conftest import client_of
from tests.api.keys import bearer, expired_key, new_key, revoke
from tests.client import TestClient

ID = "0b9d1f1e-5c0e-4c53-9d3e-5d8f4f6e7a01"
NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}


@dataclass(frozen=True)
class Entry:
    """Who gets through to a route: whoever holds `scope` or a wider one; everybody where it is None."""

    scope: Scope | None
    path: str | None = None
    body: Any = None


READ = Entry(Scope.READ)
ALL = Entry(None)


def nouns(*plurals: str) -> dict[tuple[str, str], Entry]:
    """Three routes for each noun."""
    return {
        ("GET", f"/v1/{plural}{rest}"): Entry(Scope.READ, f"/v1/{plural}{rest.replace('{id}', 'some')}")
        for plural in plurals
        for rest in ("", "/{id}", "/{id}/history")
    }


MATRIX: dict[tuple[str, str], Entry] = {
    ("POST", "/v1/events"): Entry(Scope.WRITE, body=NOTE),
    ("GET", "/v1/events"): READ,
    # Refused for what it asks, once it is let in: a feed has no end.
    ("GET", "/v1/feed"): Entry(Scope.READ, "/v1/feed?after=none"),
    ("GET", "/v1/events/{id}"): Entry(Scope.READ, f"/v1/events/{ID}"),
    ("GET", "/v1/schemas/{type}/{version}"): Entry(Scope.READ, "/v1/schemas/license.granted/1"),
    ("GET", "/v1/countries"): READ,
    ("GET", "/v1/countries/{code}/status"): Entry(Scope.READ, "/v1/countries/IN/status"),
    ("GET", "/v1/companies/{id}/status"): Entry(Scope.READ, "/v1/companies/some/status"),
    **nouns("companies", "restrictions", "licenses", "milestones", "notes", "commodities", "groups"),
    ("POST", "/v1/determinations"): Entry(Scope.READ, body={"questions": []}),
    ("POST", "/v1/evidence"): Entry(Scope.READ, body={}),
    ("GET", "/v1/log/checkpoint"): READ,
    ("GET", "/v1/log/key"): READ,
    ("GET", "/v1/log/proof/inclusion"): READ,
    ("GET", "/v1/log/proof/consistency"): READ,
    ("GET", "/v1/log/proof/event/{id}"): Entry(Scope.READ, f"/v1/log/proof/event/{ID}"),
    ("GET", "/v1/log/tile/{path:path}"): Entry(Scope.READ, "/v1/log/tile/0/000"),
    ("GET", "/v1/calendar"): READ,
    ("GET", "/v1/calendar.ics"): READ,
    ("GET", "/v1/conflicts"): READ,
    ("GET", "/v1/watches"): READ,
    ("POST", "/v1/watches"): Entry(Scope.WRITE, body={}),
    ("POST", "/v1/watches/exposure"): Entry(Scope.WRITE, body={}),
    ("GET", "/v1/watches/{id}"): Entry(Scope.READ, "/v1/watches/some"),
    ("PATCH", "/v1/watches/{id}"): Entry(Scope.WRITE, "/v1/watches/some", body={}),
    ("DELETE", "/v1/watches/{id}"): Entry(Scope.WRITE, "/v1/watches/some"),
    ("GET", "/v1/watches/{id}/changes"): Entry(Scope.READ, "/v1/watches/some/changes"),
    ("GET", "/v1/watches/{id}/deliveries"): Entry(Scope.READ, "/v1/watches/some/deliveries"),
    ("POST", "/v1/watches/{id}/ping"): Entry(Scope.WRITE, "/v1/watches/some/ping"),
    ("POST", "/v1/watches/{id}/replay"): Entry(Scope.WRITE, "/v1/watches/some/replay", body={}),
    ("POST", "/v1/watches/{id}/secret"): Entry(Scope.WRITE, "/v1/watches/some/secret"),
    ("GET", "/metrics"): READ,
    ("GET", "/health/live"): ALL,
    ("GET", "/health/ready"): ALL,
    ("GET", "/"): READ,
    ("GET", "/answer"): READ,
    ("POST", "/evidence"): READ,
    **{
        ("GET", path): READ
        for path in ("/calendar", "/compare", "/events", "/events/since", "/map", "/search", "/words", "/world")
    },
    **{
        ("GET", f"/{noun}/{{slug}}"): Entry(Scope.READ, f"/{noun}/some")
        for noun in ("commodity", "company", "group", "license", "milestone", "note", "restriction")
    },
    ("GET", "/operations"): Entry(Scope.ADMIN),
    ("GET", "/watches"): READ,
    ("POST", "/watches"): Entry(Scope.WRITE),
    ("GET", "/watch/{id}"): Entry(Scope.READ, "/watch/none"),
    ("POST", "/watch/{id}/remove"): Entry(Scope.WRITE, "/watch/none/remove"),
    ("GET", "/record"): READ,
    ("POST", "/record"): Entry(Scope.WRITE),
    ("POST", "/record/preview"): READ,
    ("GET", "/record/day"): READ,
    ("GET", "/record/things"): Entry(Scope.READ, "/record/things?noun=note"),
    ("GET", "/record/new/{name}"): Entry(Scope.READ, "/record/new/note"),
    ("GET", "/record/{verb}/{event}"): Entry(Scope.READ, f"/record/correct/{ID}"),
    ("GET", "/country/{code}"): Entry(Scope.READ, "/country/IN"),
    ("GET", "/event/{id}"): Entry(Scope.READ, f"/event/{ID}"),
    ("GET", "/goods/{name}"): Entry(Scope.READ, "/goods/some"),
    ("GET", "/key"): ALL,
    ("POST", "/key"): ALL,
    ("GET", "/static"): Entry(None, "/static/console.css"),
    ("GET", "/suggest/goods"): READ,
    ("GET", "/suggest/countries"): READ,
    ("GET", "/suggest/companies"): READ,
    ("GET", "/docs"): ALL,
    ("GET", "/docs/page.css"): ALL,
    ("GET", "/docs/reference.css"): ALL,
    ("GET", "/docs/start.js"): ALL,
    ("GET", "/docs/assets"): Entry(None, "/docs/assets/swagger-ui.css"),
    ("GET", "/problems"): ALL,
    ("GET", "/problems/{name}"): Entry(None, "/problems/not-found"),
    ("GET", "/openapi.json"): ALL,
    ("HEAD", "/openapi.json"): ALL,
}
"""Each route by its method and its template. Where it has parameters, `path` is one that fits."""

HOLDERS = {"none": None, "reader": Scope.READ, "writer": Scope.WRITE, "admin": Scope.ADMIN}


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """A mount has no methods of its own; what is mounted here is files, which are read."""
    return {
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"})
        if hasattr(route, "path")
    }


@dataclass(frozen=True)
class Locked:
    client: TestClient
    keys: dict[str, str]


@pytest.fixture
def locked(sqlite_url: str) -> Iterator[Locked]:
    url = sqlite_url
    keys = {name: new_key(url, scope) for name, scope in HOLDERS.items() if scope}
    keys |= {"revoked": new_key(url, Scope.ADMIN), "expired": expired_key(url, Scope.ADMIN)}
    revoke(url, keys["revoked"])
    with client_of(database_url=url) as client:
        yield Locked(client, keys)


def expected(entry: Entry, holder: str) -> int | None:
    """The refusal; None where the route itself answers, whatever it says."""
    if entry.scope is None:
        return None
    scope = HOLDERS.get(holder)
    if scope is None:
        return 401
    return None if scope >= entry.scope else 403


def test_every_route_has_an_entry_in_the_matrix_and_no_entry_is_left_over():
    assert routes_of(create_app(Settings())) == set(MATRIX)


def test_a_route_without_an_entry_is_noticed():
    app = create_app(Settings())
    app.add_api_route("/v1/secrets", lambda: None, methods=["GET"])
    assert routes_of(app) - set(MATRIX) == {("GET", "/v1/secrets")}


def test_each_route_opens_for_its_scope_and_the_wider_ones_and_for_nobody_else(
    locked: Locked, subtests: pytest.Subtests
):
    for (method, template), entry in MATRIX.items():
        for holder in (*HOLDERS, "revoked", "expired"):
            with subtests.test(f"{method} {template} {holder}"):
                headers = bearer(locked.keys[holder]) if holder in locked.keys else {}
                answer = locked.client.request(
                    method, entry.path or template, json=entry.body, headers=headers, follow_redirects=False
                )
                refusal = expected(entry, holder)
                if refusal is None:
                    assert answer.status_code not in (401, 403, 405, 500), answer.text
                else:
                    assert answer.status_code == refusal, answer.text
                    assert answer.json()["status"] == refusal


def test_what_was_refused_stored_nothing(locked: Locked):
    for holder in ("none", "reader", "revoked", "expired"):
        headers = bearer(locked.keys[holder]) if holder in locked.keys else {}
        assert locked.client.post("/v1/events", json=NOTE, headers=headers).status_code in (401, 403)
    assert locked.client.get("/v1/events", headers=bearer(locked.keys["reader"])).json()["events"] == []
    assert locked.client.post("/v1/events", json=NOTE, headers=bearer(locked.keys["writer"])).status_code == 201
