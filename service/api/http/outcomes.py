"""What became of each request: a line in the log, a count for /metrics. Never a body, a query, a header or a secret."""

import time
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted
from typing import NamedTuple

from starlette.types import Scope

from service.api.http.metrics import Metrics
from service.logs import Lines

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"


class Outcome(NamedTuple):
    """One request, once it has ended at an instant in Unix seconds."""

    ended_at_s: float
    method: str
    route: str
    status: int
    duration_s: float
    actor: str | None
    request_id: str

    def line(self) -> str:
        """In JSON, as all others are: written for every request, so no encoder is asked for what is known here."""
        at = datetime.fromtimestamp(self.ended_at_s, UTC).replace(tzinfo=None).isoformat()
        return (
            f'{{"method": {quoted(self.method)}, "route": {quoted(self.route)}, "status": {self.status}, '
            f'"duration_ms": {round(self.duration_s * 1000, 2)}, '
            f'"actor": {quoted(self.actor) if self.actor else "null"}, "request_id": {quoted(self.request_id)}, '
            f'"event": "request", "level": "info", "timestamp": "{at}Z"}}\n'
        )


class Outcomes:
    """Told of each request. Without a log to write to it is counted alone."""

    def __init__(self, metrics: Metrics, log: Lines | None) -> None:
        self._metrics = metrics
        self._log = log

    def tell(self, scope: Scope, status: int, duration_s: float) -> None:
        """A client that hung up, or a stop of the service, left it without an answer: status 0."""
        method, route = method_of(scope), route_of(scope)
        self._metrics.count(method, route, status, duration_s)
        if self._log is not None:
            state = scope["state"]
            actor, request_id = state.get("actor"), state["request_id"]
            told = Outcome(time.time(), method, route, status, duration_s, actor, request_id)
            self._log.write_later(told.line)


def method_of(scope: Scope) -> str:
    """A client may send any word as its method."""
    method: str = scope["method"]
    return method if method in METHODS else "other"


def route_of(scope: Scope) -> str:
    """The template of the route that was found, so that there are as many as there are routes."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path or NO_ROUTE
