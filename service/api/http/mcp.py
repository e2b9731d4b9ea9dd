"""`/mcp`: the MCP server over streamable HTTP, behind the same keys and limits as the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.http import problems
from service.errors import NotFound

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
MOST_SESSIONS = 200
IDLE_S = 600.0


class Mcp:
    """Plain ASGI middleware, inside access: answers what is for `/mcp`, and passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        sessions: StreamableHTTPSessionManager | None = getattr(scope["app"].state, "mcp", None)
        if sessions is None:
            await problems.of(NotFound("The MCP server is not installed here."))(scope, receive, send)
            return
        await sessions.handle_request(scope, receive, send)


def installed() -> bool:
    return find_spec("mcp") is not None


@asynccontextmanager
async def serving(app: FastAPI, max_body_bytes: int) -> AsyncIterator[None]:
    """Serves for as long as the block lasts. Who may come in is decided before: see access."""
    # An extra, whose import takes a while that commands do not have.
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415

    from service.feeds.tools import server_of  # noqa: PLC0415

    @asynccontextmanager
    async def asking(authorization: str | None) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"Authorization": authorization} if authorization else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as http:
            yield http

    app.state.mcp = StreamableHTTPSessionManager(
        server_of(asking)._lowlevel_server,
        json_response=True,
        max_request_body_size=max_body_bytes,
        max_sessions=MOST_SESSIONS,
        session_idle_timeout=IDLE_S,
    )
    async with app.state.mcp.run():
        yield
