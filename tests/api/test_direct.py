"""A route that answers without a look for parameters answers as any other."""

from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, Query, Request, Response
from starlette.types import Receive, Scope, Send

from service.api.http.direct import Direct, Straight
from service.api.http.exchange import Exchange
from service.api.http.parameters import Nothing
from service.api.http.sent_headers import SentHeaders
from tests.api.conftest import client_of
from tests.client import TestClient

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


def test_a_direct_route_is_answered_straight_unless_it_is_sent_a_parameter():
    reached: list[str] = []

    def framework() -> None:
        reached.append("framework")

    app = FastAPI()
    app.router.route_class = Direct

    @app.get("/asked", dependencies=[Depends(framework)])
    async def asked(request: Request, _: Annotated[Nothing, Query()], word: Annotated[str, Header()] = "none") -> Any:
        return Response(f"{request.url.path} {word}")

    @app.get("/in/{place}")
    async def inside(place: str) -> Any:
        return Response(place)

    app.add_middleware(Straight, routes=app.routes)

    async def exchanging(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"exchange": Exchange(sent=SentHeaders(scope.get("headers", ())))}}, receive, send)

    with TestClient(exchanging) as client:
        assert client.get("/asked").text == "/asked none"
        assert not reached
        assert client.get("/asked", headers={"Word": "said"}).text == "/asked said"
        assert client.get("/asked?x=1").status_code == 422
        assert reached == ["framework"] * 2
        assert client.get("/in/side").text == "side"
