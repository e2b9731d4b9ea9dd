"""Large answers on their way out: in pieces, while the client reads, and no more of them at once than memory allows."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http import problems
from service.errors import Unavailable

PIECE_BYTES = 64_000


class Unsent:
    """Plain ASGI middleware: what large answers hold that nobody has read yet stays below a bound, whoever reads how
    slowly. An answer over it is refused; one alone never is."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self.held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, self.over(scope, receive, send) if scope["type"] == "http" else send)

    def over(self, scope: Scope, receive: Receive, send: Send) -> Send:
        """Sends one answer, in pieces where it is large."""
        start: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_large(message):
                start = message
            elif start is not None:
                first, start = start, None
                await self._large(first, message, scope, receive, send)
            else:
                await send(message)

        return sending

    async def _large(self, start: Message, message: Message, scope: Scope, receive: Receive, send: Send) -> None:
        body = message.get("body", b"")
        if self.held_bytes and self.held_bytes + len(body) > self._most_bytes:
            busy = Unavailable("Too many large answers are being read. Ask again, or ask for less.")
            await problems.of(busy)(scope, receive, send)
            return
        self.held_bytes += len(body)
        try:
            await send(start)
            for at in range(0, len(body), PIECE_BYTES):
                await send({"type": "http.response.body", "body": body[at : at + PIECE_BYTES], "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)})
        finally:
            self.held_bytes -= len(body)


def _is_large(start: Message) -> bool:
    return int(dict(start.get("headers", ())).get(b"content-length", b"0")) > PIECE_BYTES
