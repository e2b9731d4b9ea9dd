"""Answers that are sent while they are made: memory holds a part of them, however many there are."""

from collections.abc import Generator, Iterator

import anyio
from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Send

CHUNK_BYTES = 16_384
"""About how much is sent at once: a hop between threads for each small piece would cost more than the piece."""
SEND_TIMEOUT_S = 30
"""How long a client may leave a part unread. A connection to the database is held while an answer is sent."""


class Streamed(StreamingResponse):
    """The parts of an answer, each made in a thread when the one before it was taken.

    The first part is made before anything is sent, so that what is refused at the beginning is refused with its status.
    What fails later breaks the connection off: the answer ends before its end.
    """

    def __init__(self, parts: Iterator[str], media_type: str) -> None:
        self._parts = joined(parts)
        self._first = next(self._parts, b"")
        super().__init__((), media_type=media_type)

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            part: bytes | None = self._first
            while part is not None:
                with anyio.fail_after(SEND_TIMEOUT_S):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                part = await run_in_threadpool(next, self._parts, None)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            # Also where the client hung up: what was read from goes back at once.
            with CancelScope(shield=True):
                await run_in_threadpool(self._parts.close)


def joined(parts: Iterator[str]) -> Generator[bytes]:
    """Small parts put together to about CHUNK_BYTES."""
    held, size = list[bytes](), 0
    for part in parts:
        held.append(part.encode())
        size += len(held[-1])
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
