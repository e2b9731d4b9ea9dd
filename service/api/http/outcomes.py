"""What became of each request: a line in the log, a count for /metrics. Never a body, a query, a header or a secret."""

import structlog
from starlette.types import Scope

from service.api.http.metrics import Metrics

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"


class Outcomes:
    """Told of each request once it has ended."""

    def __init__(self, metrics: Metrics, *, logged: bool) -> None:
        self._metrics = metrics
        # Bound once: the proxy looks up how lines are written anew for each of them.
        self._log = log.bind() if logged else None

    def tell(self, scope: Scope, status: int, duration_s: float) -> None:
        """A client that hung up, or a stop of the service, left it without an answer: status 0."""
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
