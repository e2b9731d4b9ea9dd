"""Which media type an answer is written in: what the route offers, against what the Accept header wants (RFC 9110)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.datastructures import DefaultPlaceholder

from service.api.http.exchange import exchange_of
from service.domain.kept import kept
from service.errors import NotAcceptable

JSON = "application/json"
NDJSON = "application/x-ndjson"
CSV = "text/csv"
HTML = "text/html"
PLAIN = "text/plain"
ZIP = "application/zip"
CLOUD_EVENT = "application/cloudevents+json"
CLOUD_EVENTS = "application/cloudevents-batch+json"

_RANGE = re.compile(r"([!#$%&'*+.^_`|~0-9a-z-]+)/([!#$%&'*+.^_`|~0-9a-z-]+)")
MOST_RANGES = 100
"""Browsers send some ten."""
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One media range of an Accept header. The more exact one decides, whatever its quality."""

    kind: str
    subtype: str
    quality: float

    def exactness(self, media_type: str) -> int | None:
        """How exactly the range means a media type, None where it does not."""
        kind, _, subtype = media_type.partition("/")
        if self.kind == "*":
            return 0 if self.subtype == "*" else None
        if self.kind != kind:
            return None
        return 2 if self.subtype == subtype else 1 if self.subtype == "*" else None


async def acceptable(request: Request) -> None:
    """Chooses the answer's media type before the route does anything. Raises NotAcceptable."""
    chosen = preferred(request.headers.getlist("accept"), offers(request.scope["route"]))
    exchange_of(request).media_type = chosen


def preferred(accept: Sequence[str], offered: Sequence[str]) -> str:
    """The offer of the highest quality, of equal ones the first. Raises NotAcceptable."""
    ranges = [wanted for header in accept for wanted in _ranges(header)]
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda offer: _quality(ranges, offer))
    if _quality(ranges, best) <= 0:
        raise NotAcceptable(f"This is written as {', '.join(offered)}.")
    return best


def offers(route: Any) -> tuple[str, ...]:
    """The media types that a route declares its answer in, the one that it is written in by default first."""
    response_class = route.response_class
    if isinstance(response_class, DefaultPlaceholder):
        response_class = response_class.value
    declared = route.responses.get(route.status_code or 200, {}).get("content", {})
    return tuple(dict.fromkeys([response_class.media_type or JSON, *declared]))


def _quality(ranges: Sequence[_Wanted], offer: str) -> float:
    matching = [(exact, one.quality) for one in ranges if (exact := one.exactness(offer)) is not None]
    return max(matching, default=(0, 0.0))[1]


@kept(texts=256, longest=256)
def _ranges(header: str) -> list[_Wanted]:
    """What cannot be read is passed over, and what comes after MOST_RANGES. Parameters other than q make no difference
    here."""
    found = []
    for part in header.lower().split(",", MOST_RANGES)[:MOST_RANGES]:
        range_, *parameters = [piece.strip() for piece in part.split(";")]
        named = _RANGE.fullmatch(range_)
        quality = next((text[2:].strip() for text in parameters if text.startswith("q=")), "1")
        if named and _QUALITY.fullmatch(quality):
            found.append(_Wanted(named[1], named[2], float(quality)))
    return found


def also(**schemas: Any) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route that answers in more than JSON: media types by the names of this module, each with the
    schema of what it holds."""
    names = {"ndjson": NDJSON, "csv": CSV, "cloud_event": CLOUD_EVENT, "cloud_events": CLOUD_EVENTS}
    return {200: {"content": {names[name]: {"schema": schema} for name, schema in schemas.items()}}}


TEXT = {"type": "string"}
LISTING = also(ndjson=TEXT, csv=TEXT)
"""`responses` of a listing."""
