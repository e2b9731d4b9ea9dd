"""A reader of a feed, in the process of the service: what is sent is taken when it is asked for."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from service.app import create_app
from service.settings import Settings

PATIENCE_S = 10


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(**settings))
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def asking(app: FastAPI, key: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost", headers=headers
    ) as http:
        yield http


def note(number: int) -> dict[str, Any]:
    return {
        "stream": f"note/number-{number}",
        "type": "note.recorded",
        "data": {"kind": "market", "text": f"Remark {number}."},
        "source": {"tier": "holder"},
    }


async def post(app: FastAPI, *events: dict[str, Any], key: str | None = None) -> list[int]:
    """The positions that the events were recorded at."""
    async with asking(app, key) as http:
        answer = await http.post("/v1/events", json={"events": list(events)})
    assert answer.status_code == 201, answer.text
    return [event["position"] for event in answer.json()["events"]]


@dataclass
class Reader:
    """One response as it arrives. `took` holds a chunk back until it is set, as a slow reader does."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    chunks: "asyncio.Queue[bytes | None]" = field(default_factory=asyncio.Queue)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    taking: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        await self.taking.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.started.set()
        elif body := message.get("body"):
            self.chunks.put_nowait(body)

    async def chunk(self) -> str:
        """The next piece. Raises EOFError where the answer has ended."""
        found = await asyncio.wait_for(self.chunks.get(), PATIENCE_S)
        if found is None:
            raise EOFError
        return found.decode()

    async def event(self) -> tuple[int, dict[str, Any]]:
        """The id and the data of the next event; comments are passed over."""
        while True:
            lines = dict(line.split(": ", 1) for line in (await self.chunk()).splitlines() if ": " in line)
            if "data" in lines:
                return int(lines["id"]), json.loads(lines["data"])

    async def events(self, count: int) -> list[int]:
        return [(await self.event())[0] for _ in range(count)]


@asynccontextmanager
async def reading(app: FastAPI, path: str, *, taking: bool = True, **headers: str) -> AsyncIterator[Reader]:
    """A request whose answer is read while it is made."""
    reader, parts = Reader(), urlsplit(path)
    if taking:
        reader.taking.set()
    sent = {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }

    async def answer() -> None:
        try:
            await app(scope, reader.receive, reader.send)
        finally:
            reader.chunks.put_nowait(None)

    task = asyncio.create_task(answer())
    try:
        if taking:
            await asyncio.wait_for(reader.started.wait(), PATIENCE_S)
        yield reader
    finally:
        reader.hung_up.set()
        reader.taking.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), PATIENCE_S)
        task.cancel()
