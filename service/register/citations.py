"""The sources of an answer: each told once, under a key that its parts refer by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.domain.claims import Claim
from service.domain.sources import Source
from service.register.known import Known
from service.register.parts import SourceView

EACH = 1
"""How many sources a part of a brief answer names; `of` may be asked for more."""
LONGEST_QUOTE = 140
"""How many characters of a quote an answer repeats. All of it stands in the event."""


@dataclass
class Citations:
    """Collects sources while an answer is put together. `all_`: every source of a part, not the first few."""

    known: Known
    all_: bool = False
    _said: dict[str, Source] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def of(self, claims: Sequence[Claim], most: int = EACH) -> list[str]:
        """The keys of those who say so, the highest tier first; in a brief answer, of those who say most."""
        said = highest_first(claims) if self.all_ else telling_most(claims)[:most]
        return [self._key(event, source) for event, source in said]

    def of_event(self, event: str) -> list[str]:
        """The key of an event's own source; nothing where it was removed."""
        source = self.known.source_of(event)
        return [self._key(event, source)] if source else []

    def table(self) -> dict[str, SourceView]:
        positions = self.known.positions(list(self._said))
        return {
            self._keys[event]: source_view(event, positions[event], source, self.all_)
            for event, source in self._said.items()
        }

    def _key(self, event: str, source: Source) -> str:
        self._said.setdefault(event, source)
        return self._keys.setdefault(event, f"s{len(self._keys) + 1}")


def highest_first(claims: Iterable[Claim]) -> list[tuple[str, Source]]:
    """Who says so, each event once."""
    said = dict(pair for claim in claims for pair in claim.said)
    return sorted(said.items(), key=lambda pair: -pair[1].tier.rank)


def telling_most(claims: Iterable[Claim]) -> list[tuple[str, Source]]:
    """The first and the latest word of the highest tier, since an act may have changed what was announced; then the
    others."""
    said = highest_first(claims)
    best = [pair for pair in said if pair[1].tier.rank == said[0][1].tier.rank]
    return [best[0], best[-1], *best[1:-1], *said[len(best) :]] if len(best) > 1 else said


def source_view(event: str, position: int, source: Source, whole: bool) -> SourceView:
    speaker, quote = source.speaker, source.quote
    if quote and not whole and len(quote) > LONGEST_QUOTE:
        quote = f"{quote[:LONGEST_QUOTE].rstrip()}…"
    return SourceView(
        event=event,
        position=position,
        tier=source.tier,
        speaker=speaker.name if speaker else None,
        office=speaker.office if speaker else None,
        side=speaker.side if speaker else None,
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        published_at=source.published_at,
        quote=quote,
    )
