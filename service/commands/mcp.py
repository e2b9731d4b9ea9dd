"""`lodestone mcp`: the register as tools for an assistant, over standard input and output."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import typer

from service.client import Target, http_of
from service.commands.target import Key, Url, log_to_standard_error
from service.errors import Unavailable
from service.terminal import Exit, settings_of, telling

app = typer.Typer()


@app.command(rich_help_panel="Ask and record")
def mcp(url: Url = None, key: Key = None) -> None:
    """Serve the register as tools for an assistant (MCP), over standard input and output."""
    log_to_standard_error()
    with telling(Exit.USAGE):
        target = Target(url or None, key)
    with telling():
        asyncio.run(serve(target))


async def serve(target: Target) -> None:
    """Raises Unavailable where the extra is not installed, or there is no database to open."""
    try:
        from service.feeds.tools import server_of  # noqa: PLC0415  an extra that most registers do without
    except ImportError as missing:
        raise Unavailable("This needs lodestone[mcp], which is not installed.") from missing
    async with http_of(target, settings_of()) as http:

        @asynccontextmanager
        async def asking(_authorization: str | None) -> AsyncIterator[httpx.AsyncClient]:
            yield http

        await server_of(asking).run_stdio_async()
