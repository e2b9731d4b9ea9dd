"""A route that is on its way out says so: in the headers of its answers, and in the OpenAPI document.

It is said once, where the route is declared:

    @router.get("/old", **deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1), see="/v1/new"))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Deprecation:
    """From the day `since` on, in UTC, nobody should begin to use the route; on `sunset` it goes. `see` says more."""

    since: date
    sunset: date | None
    see: str

    def headers(self) -> Iterator[tuple[str, str]]:
        """RFC 9745, RFC 8594."""
        yield "Deprecation", f"@{int(_midnight(self.since).timestamp())}"
        if self.sunset is not None:
            yield "Sunset", format_datetime(_midnight(self.sunset), usegmt=True)
        yield "Link", f'<{self.see}>; rel="deprecation"'


def deprecated(*, since: date, sunset: date | None = None, see: str) -> dict[str, Any]:
    """The arguments that a deprecated route is declared with. Raises ValueError for a sunset before the deprecation."""
    if sunset is not None and sunset < since:
        raise ValueError("A route goes after it was deprecated, not before.")
    said = Deprecation(since, sunset, see)
    return {"deprecated": True, "openapi_extra": {MARK: dict(said.headers())}}


MARK = "x-deprecation"


def headers_of(route: Any) -> dict[str, str]:
    """The headers of a route's answers; none where it is not deprecated."""
    found: dict[str, str] = (getattr(route, "openapi_extra", None) or {}).get(MARK, {})
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
