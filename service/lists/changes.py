"""What an edition of a list changes in a register: provisions added, amended, ended. Nothing is said twice."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.lists.entries import Edition
from service.lists.provisions import Listing, Terms, listings

NAMESPACE = uuid.UUID("0d4c9c1e-6c0b-5f0e-9a53-3c4f7b1f2a77")
"""For the ids of events: a UUID of version 5 over what the event says, so that a file makes the same ones again."""
Event = Mapping[str, Any]
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """An edition of a list, as of its day, under the terms that its file does not say."""

    edition: Edition
    terms: Terms
    day: str

    @property
    def name(self) -> str:
        """What the metadata of the list's events says, and by which they are found again."""
        return f"{self.terms.controller}-{self.edition.code}".lower()


@dataclass(frozen=True, slots=True)
class Change:
    """One event, and the names that it adds to the list or takes off it."""

    event: dict[str, Any]
    added: tuple[Name, ...] = ()
    removed: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a register holds of one provision of a list. `parties` is None once it has ended."""

    data: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]] | None


def held_of(events: Iterable[Event]) -> Held | None:
    """The state of a stream after its events, in their order; None for one that no list began."""
    held: Held | None = None
    for event in events:
        data = event["data"]
        if event["type"] == "restriction.announced":
            held = Held(data, data["scope"]["end_users"]["only"])
        elif held and event["type"] == "restriction.amended" and "scope" in data:
            held = Held(held.data | data, data["scope"]["end_users"]["only"])
        elif held and event["type"] == "restriction.repealed":
            held = Held(held.data, None)
    return held


def changes(published: Published, held: Mapping[str, Held]) -> list[Change]:
    """What makes a register say what the edition says. `held` is by stream, all that it holds of the list."""
    found: list[Change] = []
    kept = set()
    for listing in listings(published.edition, published.terms, published.day):
        stream = _live(listing.slug, held)
        kept.add(stream)
        found += _changed(published, listing, stream, held.get(stream))
    gone = [stream for stream in sorted(held) if stream not in kept and held[stream].parties is not None]
    return found + [_ended(published, stream, held[stream]) for stream in gone]


def _live(slug: str, held: Mapping[str, Held]) -> str:
    """The stream that a listing goes to: its own, or, once that has ended, the next one of the same name."""
    stream, again = slug, 1
    while stream in held and held[stream].parties is None:
        again += 1
        stream = f"{slug}-again-{again}"
    return stream


def _changed(published: Published, listing: Listing, stream: str, held: Held | None) -> Iterator[Change]:
    if held is None or held.parties is None:
        yield Change(_announced(published, listing, stream), added=_names(listing.parties))
        return
    before, now = _names(held.parties), _names(listing.parties)
    added, removed = (
        tuple(name for name in one if name not in set(other)) for one, other in ((now, before), (before, now))
    )
    if added or removed:
        data = {"scope": listing.data["scope"]}
        yield Change(
            _event(published, f"{stream} restriction.amended", published.day, data, listing.url), added, removed
        )


def _announced(published: Published, listing: Listing, stream: str) -> dict[str, Any]:
    """One that comes back after it ended is listed anew, from the day of the edition."""
    back = {"in_force": listing.data["in_force"] | {"from": published.day}} if stream != listing.slug else {}
    data = listing.data | back
    return _event(published, f"{stream} restriction.announced", data["in_force"]["from"], data, listing.url)


def _ended(published: Published, stream: str, held: Held) -> Change:
    event = _event(published, f"{stream} restriction.repealed", published.day, {}, None)
    return Change(event, removed=_names(held.parties or ()))


def _names(parties: Iterable[Mapping[str, Any]]) -> tuple[Name, ...]:
    return tuple((party.get("name") or party["described"], party.get("country", "")) for party in parties)


def _event(published: Published, what: str, effective: str, data: Mapping[str, Any], url: str | None) -> dict[str, Any]:
    """`what` is the stream and the type."""
    stream, type_ = what.split(" ")
    title = f"{published.edition.title}, edition of {published.day}"
    source = {"tier": published.terms.tier, "title": title, "published_at": published.day}
    said = {
        "stream": stream,
        "type": type_,
        "effective": effective,
        "data": dict(data),
        "source": source | ({"url": url} if url else {}),
        "metadata": {"list": published.name},
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"id": str(uuid.uuid5(NAMESPACE, text)), **said}
