"""A route on its way out says so, in its answers and in the document, and no other does."""

from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI

from service.api.http.lifecycle import deprecated
from service.app import create_app
from service.settings import Settings
from tests.client import TestClient


@pytest.fixture
def app(sqlite_url: str) -> FastAPI:
    app = create_app(Settings(database_url=sqlite_url))
    going = deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1), see="/v1/events")
    staying = deprecated(since=date(2026, 12, 31), see="/docs")
    for path, said in (("/v1/going", going), ("/v1/staying", staying)):

        async def old() -> dict[str, Any]:
            """What it was for."""
            return {}

        app.add_api_route(path, old, methods=["GET"], operation_id=path[4:], tags=["events"], **said)
    return app


def test_its_answers_say_since_when_until_when_and_what_to_use(app: FastAPI):
    with TestClient(app) as client:
        for method in ("GET", "HEAD"):
            going = client.request(method, "/v1/going")
            assert going.headers["deprecation"] == "@1798761600"
            assert going.headers["sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
            assert going.headers["link"] == '</v1/events>; rel="deprecation"'
        staying = client.get("/v1/staying")
        assert staying.headers["deprecation"] == "@1798675200"
        assert "sunset" not in staying.headers
        assert "deprecation" not in client.get("/v1/events").headers


def test_the_document_marks_it(app: FastAPI):
    others, paths = create_app(Settings()).openapi()["paths"], app.openapi()["paths"]
    assert paths.keys() - others.keys() == {"/v1/going", "/v1/staying"}
    assert paths["/v1/going"]["get"]["deprecated"] is True
    headers = paths["/v1/going"]["get"]["responses"]["200"]["headers"]
    assert {"Deprecation", "Sunset", "Link"} <= set(headers)
    assert "Sunset" not in paths["/v1/staying"]["get"]["responses"]["200"]["headers"]
    assert "deprecated" not in paths["/v1/events"]["get"]
    assert not [one for one in paths["/v1/events"]["get"] if one.startswith("x-deprecation")]


def test_the_document_is_made_once_for_the_applications_that_have_the_same_routes():
    assert create_app(Settings()).openapi() is create_app(Settings()).openapi()


def test_a_route_goes_after_it_was_deprecated():
    deprecated(since=date(2027, 1, 1), sunset=date(2027, 1, 1), see="/docs")
    with pytest.raises(ValueError, match="after"):
        deprecated(since=date(2027, 1, 1), sunset=date(2026, 12, 31), see="/docs")
