"""What a server could do at most here: the same server and the same driver, without a register.

    python -m bench.limits DATABASE_URL PORT

`GET /ready` is a ready answer, and `GET /bytes/N` one of as many bytes. `POST /append` reads a body, writes it as one
row, commits all that waits together, and answers with the body. Nothing is validated, hashed, indexed or looked up.
"""

import asyncio
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import uvicorn
from sqlalchemy import make_url

OF_A_SIZE = "/bytes/"
READY = b'{"status":"alive","position":null}'
Waiting = tuple[bytes, "asyncio.Future[None]"]
Write = Callable[[Sequence[bytes]], None]


def writer_of(url: str) -> Write:
    """Writes rows in one transaction."""
    parsed = make_url(url)
    return _into_sqlite(parsed.database or "") if parsed.get_backend_name() == "sqlite" else _into_postgresql(url)


def _into_sqlite(file: str) -> Write:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS raw (position INTEGER PRIMARY KEY, body BLOB)")

    def write(bodies: Sequence[bytes]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO raw (body) VALUES (?)", [(body,) for body in bodies])
        connection.execute("COMMIT")

    return write


def _into_postgresql(url: str) -> Write:
    connection = psycopg.connect(url)
    connection.execute("CREATE TABLE IF NOT EXISTS raw (position bigserial PRIMARY KEY, body bytea)")
    connection.commit()

    def write(bodies: Sequence[bytes]) -> None:
        connection.execute("INSERT INTO raw (body) SELECT unnest(%b::bytea[])", [list(bodies)])
        connection.commit()

    return write


class Server:
    """The bare application."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._bodies = {"/ready": READY}
        self._waiting: queue.Queue[Waiting] = queue.Queue()
        threading.Thread(target=self._write_all, daemon=True).start()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = await self._stored(receive) if scope["method"] == "POST" else self._ready(scope["path"])
        status = 201 if scope["method"] == "POST" else 200
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _ready(self, path: str) -> bytes:
        if path not in self._bodies:
            self._bodies[path] = b" " * int(path.removeprefix(OF_A_SIZE))
        return self._bodies[path]

    async def _stored(self, receive: Any) -> bytes:
        parts, more = [], True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put((b"".join(parts), future))
        await future
        return b"".join(parts)

    def _write_all(self) -> None:
        while True:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            self._write([body for body, _ in group])
            group[0][1].get_loop().call_soon_threadsafe(_done, [future for _, future in group])


def _done(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


if __name__ == "__main__":
    app = Server(writer_of(sys.argv[1]))
    uvicorn.run(
        app,
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
    )
