"""Who says so: a source, the tier of its speaker, and what one tier may do to another."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from service.domain.base import EventId, Frozen, Line, Passage
from service.domain.dates import Bounds, bounds

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class Tier(StrEnum):
    """How close the *speaker* stands to the act, highest first. `other_official` and `holder` are of one rank."""

    ISSUER_TEXT = "issuer_text"
    ISSUER_STATEMENT = "issuer_statement"
    OTHER_OFFICIAL = "other_official"
    HOLDER = "holder"
    PRESS_NAMED = "press_named"
    PRESS_ANONYMOUS = "press_anonymous"
    COMMENTARY = "commentary"

    @property
    def rank(self) -> int:
        return RANKS[self]

    @property
    def official(self) -> bool:
        """Said by an authority or by the holder about itself, not by the press or a commentator."""
        return self.rank >= RANKS[Tier.HOLDER]

    @property
    def issuing(self) -> bool:
        return self.rank >= RANKS[Tier.ISSUER_STATEMENT]


RANKS = {
    Tier.ISSUER_TEXT: 6,
    Tier.ISSUER_STATEMENT: 5,
    Tier.OTHER_OFFICIAL: 4,
    Tier.HOLDER: 4,
    Tier.PRESS_NAMED: 3,
    Tier.PRESS_ANONYMOUS: 2,
    Tier.COMMENTARY: 1,
}


def instant(text: str) -> datetime:
    """An RFC 3339 instant with its offset, as UTC. Raises ValueError: digits alone are no instant, nor is a day."""
    if not INSTANT.fullmatch(text):
        raise ValueError("not an RFC 3339 time with an offset; write 2025-10-30T12:00:00Z")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as unread:
        raise ValueError("not a time in the calendar") from unread


def when(text: str) -> Bounds:
    """The day of a publication: an EDTF day, or an instant read in UTC. Raises ValueError."""
    if "T" in text.upper():
        day = instant(text).date()
        return Bounds(day, day)
    return bounds(text)


def _checked(text: str) -> str:
    when(text)
    return text


When = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_checked)]
"""A day (EDTF) or an RFC 3339 instant with offset."""

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\x00-\x20\x22\x7f<>\\]+$", max_length=2000)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Side = Literal["issuing_authority", "other_government", "holder", "press", "commentary"]


class Speaker(Frozen):
    """The person or body whose words these are."""

    name: Line | None = None
    office: Line | None = None
    side: Side | None = None


class Source(Frozen):
    """Who says so, where, and in which words. `quote` holds the exact words in their own language."""

    tier: Annotated[Tier, Field(strict=False, description="The speaker's tier, not the outlet's.")]
    publisher: Line | None = None
    title: Line | None = None
    url: Url | None = None
    published_at: When | None = None
    accessed_at: When | None = None
    archived_url: Url | None = None
    language: Language | None = None
    speaker: Speaker | None = None
    quote: Passage | None = None
    translation: Passage | None = None
    repeats: Annotated[EventId | None, Field(description="The event whose source this one repeats.")] = None

    @property
    def speaks_through(self) -> date | None:
        """The last day that the source can speak of: its publication day at the latest."""
        return when(self.published_at).latest if self.published_at else None
