"""`/mcp`: the MCP server over streamable HTTP, behind the same keys and limits as the API.

Nothing is kept between two requests, so that each may reach another process. What a person is asked before anything is
recorded travels with the client, sealed with a key that follows from the signing key, which all processes have.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
from anyio.to_thread import run_sync
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
        made: asyncio.Future[StreamableHTTPSessionManager] | None = getattr(scope["app"].state, "mcp", None)
        if made is None:
            await problems.of(NotFound("The MCP server is not installed here."))(scope, receive, send)
            return
        # Who comes in the first second waits for it, and may hang up; the others still want it.
        server = await asyncio.shield(made)
        await server.handle_request(scope, receive, send)


def installed() -> bool:
    return find_spec("mcp") is not None


@asynccontextmanager
async def serving(app: FastAPI, max_body_bytes: int) -> AsyncIterator[None]:
    """Serves for as long as the block lasts. Who may come in is decided before: see access.

    It is made ready beside all else: what it imports takes a second or more, and the register is ready without it.
    """
    app.state.mcp = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(_serve(app, max_body_bytes))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        app.state.mcp.cancel()


async def _serve(app: FastAPI, max_body_bytes: int) -> None:
    made: asyncio.Future[StreamableHTTPSessionManager] = app.state.mcp
    try:
        sessions = await run_sync(_sessions, app, max_body_bytes, abandon_on_cancel=True)
        async with sessions.run():
            made.set_result(sessions)
            await asyncio.Event().wait()
    except Exception as failed:
        if made.done():
            raise
        made.set_exception(failed)


def _sessions(app: FastAPI, max_body_bytes: int) -> "StreamableHTTPSessionManager":
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
    return StreamableHTTPSessionManager(
        server_of(asking, key.derived(PURPOSE) if key else None)._lowlevel_server,
        json_response=True,
        stateless=True,
        max_request_body_size=max_body_bytes,
    )
