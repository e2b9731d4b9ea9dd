"""The tools of the MCP server: what an assistant can ask of the register, in the answers of its API.

A tool asks the API with the key of whoever calls it, so limits and scopes are those of the API. Each answer comes with
its certainty, its days, how fresh the record is, and its sources with links.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Any

import httpx
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.server.request_state import RequestStateSecurity
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from service import __version__

Asking = Callable[[str | None], AbstractAsyncContextManager[httpx.AsyncClient]]
"""A client of the API that sends this Authorization header, or the one it has by itself."""

INSTRUCTIONS = """\
A register of export restrictions, trade licenses and the diplomacy around them. Find names of goods with `find_goods`
and companies with `find_companies` first, then ask with `ask`. What is not recorded is not known: `no_data` is no
clearance. Tell the person the headline, the day, how fresh the record is (recorded_through, checked_through), and the
sources with their links.
"""
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
RECORDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
MOST_FOUND = 10
MOST_ROWS = 5
"""How many rows of a status a tool gives; the headline counts all of them."""
LONGEST_SHOWN = 2_000

Country = Annotated[str, Field(description="A country, ISO 3166-1 alpha-2, such as IN.", min_length=2, max_length=2)]
Goods = Annotated[str, Field(description="A name of goods from find_goods, or a customs code.", max_length=120)]
Day = Annotated[str | None, Field(description="The day asked about, YYYY-MM-DD; today where left out.")]


class Confirmed(BaseModel):
    """What a person is asked before anything is recorded."""

    record: bool = Field(description="Whether to record it.")


async def confirm(event: dict[str, Any]) -> Elicit[Confirmed]:
    shown = json.dumps(event, ensure_ascii=False, indent=1)[:LONGEST_SHOWN]
    return Elicit(f"Record this event for good? It cannot be removed, only corrected.\n{shown}", Confirmed)


def server_of(asking: Asking, key: bytes | None = None) -> MCPServer:
    """A server whose tools ask one register. `key` seals what is asked of a person; without one, a key that only this
    server has."""
    security = RequestStateSecurity(keys=[key]) if key else RequestStateSecurity.ephemeral()
    made = MCPServer(
        "lodestone",
        title="Lodestone",
        instructions=INSTRUCTIONS,
        version=__version__,
        request_state_security=security,
    )

    @asynccontextmanager
    async def opened(context: Context) -> AsyncIterator[httpx.AsyncClient]:
        async with asking((context.headers or {}).get("authorization")) as http:
            yield http

    _add_questions(made, opened)
    _add_searches(made, opened)
    _add_recording(made, opened)
    return made


Opened = Callable[[Context], AbstractAsyncContextManager[httpx.AsyncClient]]


def _add_questions(made: MCPServer, opened: Opened) -> None:
    @made.tool(annotations=READS)
    async def ask(  # noqa: PLR0917  a tool's parameters are named by whoever calls it
        context: Context,
        destination: Country,
        goods: Goods,
        controller: Annotated[Country | None, Field(description="Whose control; all on record where left out.")] = None,
        end_user: Annotated[str | None, Field(description="The name of who uses the goods.", max_length=500)] = None,
        end_user_country: Country | None = None,
        end_use: Annotated[str | None, Field(description="civil, military, or a named use.", max_length=100)] = None,
        as_of: Day = None,
    ) -> dict[str, Any]:
        """May these goods go to this country, for this company, on this day? With sources and what changes next."""
        question = {"destination": destination, "commodity": _commodity(goods), "controller": controller}
        question |= {"end_use": end_use, "as_of": as_of}
        if end_user:
            question["end_user"] = {"name": end_user, "country": end_user_country or destination}
        asked = {name: value for name, value in question.items() if value is not None}
        async with opened(context) as http:
            found = await _answer(http, "POST", "/v1/determinations", json=asked)
        return {**found["answers"][0], "notice": found["notice"]}

    @made.tool(annotations=READS)
    async def country_status(
        context: Context,
        country: Country,
        goods: Annotated[Goods | None, Field(description="Only these goods.")] = None,
        own: Annotated[bool, Field(description="The country's own controls, and not those of others.")] = False,
        as_of: Day = None,
    ) -> dict[str, Any]:
        """Every control towards a country, or of it, the strictest first, with sources and what changes next."""
        asked = {"commodity": goods, "role": "controller" if own else "destination", "as_of": as_of, "limit": MOST_ROWS}
        async with opened(context) as http:
            return await _answer(http, "GET", f"/v1/countries/{country}/status", params=_given(asked))

    @made.tool(annotations=READS)
    async def company_status(
        context: Context,
        company: Annotated[str, Field(description="The id of a company from find_companies.", pattern="^[a-z0-9-]+$")],
        as_of: Day = None,
    ) -> dict[str, Any]:
        """What names a company, the licenses that may serve it, and its standing under each control."""
        async with opened(context) as http:
            params = _given({"as_of": as_of, "limit": MOST_ROWS})
            return await _answer(http, "GET", f"/v1/companies/{company}/status", params=params)


def _add_searches(made: MCPServer, opened: Opened) -> None:
    @made.tool(annotations=READS)
    async def find_goods(
        context: Context, words: Annotated[str, Field(description="A name or a code.", min_length=1, max_length=120)]
    ) -> dict[str, Any]:
        """Names of goods on record, the closest first, with their codes. What is found is a suggestion."""
        async with opened(context) as http:
            return await _answer(http, "GET", "/v1/commodities", params={"q": words, "limit": str(MOST_FOUND)})

    @made.tool(annotations=READS)
    async def find_companies(
        context: Context,
        name: Annotated[str, Field(description="A name, in any script.", min_length=1, max_length=500)],
        country: Country | None = None,
    ) -> dict[str, Any]:
        """Companies on record by a name, the closest first. A name that is alike identifies nobody."""
        async with opened(context) as http:
            params = _given({"q": name, "country": country, "limit": MOST_FOUND})
            return await _answer(http, "GET", "/v1/companies", params=params)


def _add_recording(made: MCPServer, opened: Opened) -> None:
    @made.tool(annotations=RECORDS)
    async def record_event(
        context: Context,
        event: Annotated[dict[str, Any], Field(description="An event as POST /v1/events takes it, with its source.")],
        confirmed: Annotated[Confirmed, Resolve(confirm)],
    ) -> dict[str, Any]:
        """Records an event, after a person has confirmed it. Needs a key of scope write."""
        if not confirmed.record:
            raise ToolError("The person did not confirm it. Nothing was recorded.")
        async with opened(context) as http:
            return await _answer(http, "POST", "/v1/events", json=event)


def _given(asked: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value is not None}


def _commodity(goods: str) -> dict[str, str]:
    plain = goods.replace(".", "").replace(" ", "")
    return {"hs": plain} if plain.isascii() and plain.isdecimal() else {"name": goods}


async def _answer(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> dict[str, Any]:
    """What the API answers. Raises ToolError with the problem in words, where it refuses."""
    answer = await http.request(method, path, **request)
    found: dict[str, Any] = answer.json()
    if answer.is_success:
        return found
    faults = [f"{one['pointer']}: {one['detail']}" for one in found.get("errors", ())]
    raise ToolError(" ".join([found.get("detail") or found.get("title", "Refused."), *faults]))
