"""What became of each request: a line in the log, a count for /metrics. Never a body, a query, a header or a secret."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http.metrics import Metrics
from service.log.chance import random_16

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"


class Outcomes:
    """Plain ASGI middleware around all others."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, logged: bool) -> None:
        self._app = app
        self._metrics = metrics
        # Bound once: the proxy looks up how lines are written anew for each of them.
        self._log = log.bind() if logged else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        request_id = random_16()[:8].hex()
        scope.setdefault("state", {})["request_id"] = request_id

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            # A client that hung up, or a stop of the service, left it without an answer: status 0.
            self._tell(scope, status, perf_counter() - started)

    def _tell(self, scope: Scope, status: int, duration_s: float) -> None:
        method, route = method_of(scope), route_of(scope)
        self._metrics.count(method, route, status, duration_s)
        if self._log is not None:
            self._log.info(
                "request",
                method=method,
                route=route,
                status=status,
                duration_ms=round(duration_s * 1000, 2),
                actor=scope["state"].get("actor"),
                request_id=scope["state"]["request_id"],
            )


def method_of(scope: Scope) -> str:
    """A client may send any word as its method."""
    method: str = scope["method"]
    return method if method in METHODS else "other"


def route_of(scope: Scope) -> str:
    """The template of the route that was found, so that there are as many as there are routes."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path or NO_ROUTE
