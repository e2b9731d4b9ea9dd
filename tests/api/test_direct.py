"""A route that answers without a look for parameters answers as any other."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Header, Query, Request, Response
from fastapi.testclient import TestClient

from service.api.http import direct
from service.api.http.direct import Direct
from service.api.http.parameters import Nothing
from tests.api.conftest import client_of

NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 201),
        ({"headers": {"If-Match": '"3"'}}, 412),
        ({"headers": {"If-None-Match": "*"}}, 201),
        ({"headers": {"Idempotency-Key": "é".encode()}}, 422),
        ({"headers": {"Min-Position": "7"}}, 412),
        ({"headers": {"Accept": "text/html"}}, 406),
        ({"params": {"limit": "1"}}, 422),
    ],
)
def test_whatever_parameter_is_sent_to_a_direct_route_is_read(sqlite_url: str, sent: dict[str, Any], status: int):
    with client_of(database_url=sqlite_url) as client:
        answer = client.post("/v1/events", json=NOTE, **sent)
    assert answer.status_code == status


def test_only_what_takes_nothing_that_must_be_sent_is_direct(monkeypatch: pytest.MonkeyPatch):
    async def fine(_request: Request) -> None:
        """Nothing is negotiated here."""

    monkeypatch.setattr(direct, "acceptable", fine)
    app = FastAPI()
    app.router.route_class = Direct

    @app.get("/asked")
    async def asked(request: Request, _: Annotated[Nothing, Query()], word: Annotated[str, Header()] = "none") -> Any:
        return Response(f"{request.url.path} {word}")

    @app.get("/in/{place}")
    async def inside(place: str) -> Any:
        return Response(place)

    with TestClient(app) as client:
        assert client.get("/asked").text == "/asked none"
        assert client.get("/asked", headers={"Word": "said"}).text == "/asked said"
        assert client.get("/asked?x=1").status_code == 422
        assert client.get("/in/side").text == "side"
