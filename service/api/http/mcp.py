"""`/mcp`: the MCP server over streamable HTTP, behind the same keys and limits as the API.

Nothing is kept between two requests, so that each may reach another process. What a person is asked before anything is
recorded travels with the client, sealed with a key that follows from the signing key, which all processes have.
"""

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
PURPOSE = "what MCP asks before it records"


class Mcp:
    """Plain ASGI middleware, inside access: answers what is for `/mcp`, and passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        server: StreamableHTTPSessionManager | None = getattr(scope["app"].state, "mcp", None)
        if server is None:
            await problems.of(NotFound("The MCP server is not installed here."))(scope, receive, send)
            return
        await server.handle_request(scope, receive, send)


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

    key = app.state.register.signing_key
    app.state.mcp = StreamableHTTPSessionManager(
        server_of(asking, key.derived(PURPOSE) if key else None)._lowlevel_server,
        json_response=True,
        stateless=True,
        max_request_body_size=max_body_bytes,
    )
    async with app.state.mcp.run():
        yield
