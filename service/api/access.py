"""Who may use the register: everyone who reaches a loopback address, or whoever holds the access key."""

import hmac

from starlette.types import ASGIApp, Receive, Scope, Send

from service.api import problems
from service.errors import Unauthorized

OPEN_TO_ALL = ("/health/", "/docs", "/problems/", "/openapi.json")


class Access:
    """Plain ASGI middleware: refuses what comes without the key, and names the actor of what passes."""

    def __init__(self, app: ASGIApp, key: str | None) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not (self._key is None or self._open(scope["path"]) or self._holds_key(scope)):
                refusal = problems.of(Unauthorized("Send the access key: Authorization: Bearer <key>."))
                await refusal(scope, receive, send)
                return
            scope.setdefault("state", {})["actor"] = "anonymous" if self._key is None else "key-holder"
        await self._app(scope, receive, send)

    @staticmethod
    def _open(path: str) -> bool:
        return path == "/" or path.startswith(OPEN_TO_ALL)

    def _holds_key(self, scope: Scope) -> bool:
        sent = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        scheme, _, credentials = sent.partition(b" ")
        given = credentials.strip()
        return scheme.lower() == b"bearer" and hmac.compare_digest(given, (self._key or "").encode())
