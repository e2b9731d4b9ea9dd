"""The register as tools for an assistant, asked by the SDK's own client: in process, over HTTP and over stdio."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitRequestParams, ElicitResult

from service.app import create_app
from service.feeds.tools import server_of
from service.keys import Scope
from service.settings import Settings
from tests.answers import facts
from tests.api.keys import bearer, new_key
from tests.feeds.reader import note, post, running


def answering(yes: bool) -> Callable[..., Awaitable[ElicitResult]]:
    async def answer(_context: Any, _asked: ElicitRequestParams) -> ElicitResult:
        return ElicitResult(action="accept", content={"record": yes})

    return answer


@asynccontextmanager
async def asked(database_url: str, key: str | None = None, **options: Any) -> AsyncIterator[Client]:
    """A client of a server in this process, over a register that holds a rule and a company."""
    async with running(database_url=database_url) as app:
        events = (facts.announced("magnets"), facts.registered("jay", "Jay Ushin", "IN"))
        admin = new_key(database_url, Scope.ADMIN) if key else None
        await post(app, *events, key=admin)

        @asynccontextmanager
        async def asking(_authorization: str | None) -> AsyncIterator[httpx.AsyncClient]:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            headers = bearer(key) if key else {}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as http:
                yield http

        async with Client(server_of(asking), **options) as client:
            yield client


async def content(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content or {}
    return found


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return "".join(getattr(part, "text", "") for part in result.content)


def test_the_tools_say_which_of_them_records(sqlite_url: str):
    async def look() -> dict[str, bool | None]:
        async with asked(sqlite_url) as client:
            listed = (await client.list_tools()).tools
            return {tool.name: tool.annotations.read_only_hint if tool.annotations else None for tool in listed}

    names = ("ask", "country_status", "company_status", "find_goods", "find_companies")
    assert asyncio.run(look()) == {**dict.fromkeys(names, True), "record_event": False}


def test_an_answer_carries_certainty_days_freshness_and_sources(sqlite_url: str):
    async def look() -> None:
        async with asked(sqlite_url) as client:
            found = await content(client, "ask", destination="IN", goods="rare_earth_magnets", as_of="2025-06-01")
            assert (found["control"], found["as_of"]) == ("license_required", "2025-06-01")
            assert "A license is required" in found["headline"]
            assert {"recorded_through", "next_change", "standing", "links", "notice"} <= found.keys()
            assert found["sources"]["s1"]["title"] == "A text about restriction/magnets"
            hs = await content(client, "ask", destination="IN", goods="8505.11")
            assert hs["question"]["commodity"]["hs"] == "850511"

    asyncio.run(look())


def test_goods_companies_and_statuses_are_found(sqlite_url: str):
    async def look() -> None:
        async with asked(sqlite_url) as client:
            companies = await content(client, "find_companies", name="Jay Ushin")
            assert companies["companies"][0]["id"] == "jay"
            assert (await content(client, "company_status", company="jay"))["company"] == "company/jay"
            assert (await content(client, "country_status", country="IN"))["controls"][0]["control"]
            assert "commodities" in await content(client, "find_goods", words="magnets")
            assert "Nothing is recorded" in await refusal(client, "company_status", company="nobody")
            assert "country" in (await refusal(client, "country_status", country="XX")).lower()

    asyncio.run(look())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_event_is_recorded_only_after_the_client_confirms(sqlite_url: str, mode: Any):
    async def look() -> None:
        said = iter([False, True])

        async def answer(_context: Any, wanted: ElicitRequestParams) -> ElicitResult:
            assert "note/number-1" in wanted.message
            return ElicitResult(action="accept", content={"record": next(said)})

        async with asked(sqlite_url, elicitation_callback=answer, mode=mode) as client:
            assert "Nothing was recorded" in await refusal(client, "record_event", event=note(1))
            assert (await content(client, "record_event", event=note(1)))["events"][0]["position"] == 3

    asyncio.run(look())


def test_a_client_that_cannot_confirm_records_nothing(sqlite_url: str):
    async def look() -> None:
        async with asked(sqlite_url) as client:
            with pytest.raises(MCPError, match=r"(?i)elicitation"):
                await client.call_tool("record_event", {"event": note(1)})
            found = await content(client, "find_goods", words="magnets")
            assert found["known_at"]["position"] == 2

    asyncio.run(look())


def test_a_reader_s_key_records_nothing(sqlite_url: str):
    key = new_key(sqlite_url, Scope.READ)

    async def look() -> None:
        async with asked(sqlite_url, key, elicitation_callback=answering(True)) as client:
            assert "scope write" in await refusal(client, "record_event", event=note(1))

    asyncio.run(look())


def test_over_http_the_key_of_the_caller_counts(sqlite_url: str):
    key = new_key(sqlite_url, Scope.READ)

    async def look() -> None:
        app = create_app(Settings(database_url=sqlite_url), speaks=True)
        async with app.router.lifespan_context(app):
            transport = httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as nobody:
                assert (await nobody.post("/mcp", json={})).status_code == 401
            headers = bearer(key)
            reader = httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
            server = streamable_http_client("http://localhost/mcp", http_client=reader)
            async with reader, Client(server) as client:
                assert (await content(client, "ask", destination="IN", goods="gallium"))["control"] == "no_data"

    asyncio.run(look())


class InTurn(httpx2.AsyncBaseTransport):
    """Each request goes to another process, as a proxy sends them that knows nothing of sessions."""

    def __init__(self, *apps: FastAPI) -> None:
        self._next = cycle([httpx2.ASGITransport(app) for app in apps])
        self.asked: list[httpx2.AsyncBaseTransport] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        chosen = next(self._next)
        self.asked.append(chosen)
        return await chosen.handle_async_request(request)


@asynccontextmanager
async def over_two_processes(settings: Settings, **options: Any) -> AsyncIterator[tuple[Client, InTurn]]:
    one, two = (create_app(settings, speaks=True) for _ in range(2))
    async with one.router.lifespan_context(one), two.router.lifespan_context(two):
        transport = InTurn(one, two)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
            server = streamable_http_client("http://localhost/mcp", http_client=http)
            async with Client(server, **options) as client:
                yield client, transport


def test_two_processes_serve_one_client_without_a_session(sqlite_url: str, signing_key_file: Path):
    async def look() -> None:
        settings = Settings(database_url=sqlite_url, signing_key_file=signing_key_file)
        async with over_two_processes(settings, elicitation_callback=answering(True)) as (client, transport):
            for number in range(3):
                found = await content(client, "record_event", event=note(number))
                assert found["events"][0]["position"] == number + 1
            assert (await content(client, "ask", destination="IN", goods="gallium"))["control"] == "no_data"
            assert len(set(transport.asked)) == 2

    asyncio.run(look())


def test_a_client_of_an_older_protocol_asks_over_http_and_records_nothing(sqlite_url: str, signing_key_file: Path):
    async def look() -> None:
        settings = Settings(database_url=sqlite_url, signing_key_file=signing_key_file)
        options = {"elicitation_callback": answering(True), "mode": "legacy"}
        async with over_two_processes(settings, **options) as (client, _):
            assert (await content(client, "ask", destination="IN", goods="gallium"))["control"] == "no_data"
            with pytest.raises(MCPError):
                await client.call_tool("record_event", {"event": note(1)})
            found = await content(client, "find_goods", words="magnets")
            assert found["known_at"]["position"] == 0

    asyncio.run(look())


def test_over_stdio_the_local_register_answers(lodestone_command: Path, sqlite_url: str):
    async def look() -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}
        server = StdioServerParameters(
            command=str(lodestone_command), args=["mcp"], env=clean | {"LODESTONE_DATABASE_URL": sqlite_url}
        )
        async with Client(server) as client:
            assert (await content(client, "ask", destination="IN", goods="gallium"))["control"] == "no_data"

    asyncio.run(look())
