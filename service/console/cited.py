"""The sources of an answer as a page lists them: what one publication says in several events stands together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.register.parts import SourceView


@dataclass
class Cited:
    """A publication, its number on the page, and what it says in each event."""

    number: int
    source: SourceView
    said: list[SourceView] = field(default_factory=list)


@dataclass
class Sources:
    """`numbers`: the number of each key of the answer."""

    listed: list[Cited]
    numbers: dict[str, int]

    def of(self, keys: Iterable[str]) -> list[int]:
        """The numbers of keys, each once."""
        return list(dict.fromkeys(self.numbers[key] for key in keys))


def together(sources: Mapping[str, SourceView]) -> Sources:
    found: dict[tuple[object, ...], Cited] = {}
    numbers = {}
    for key, one in sources.items():
        same = (one.url, one.title, one.publisher, one.published_at, one.speaker, one.office, one.tier)
        cited = found.setdefault(same, Cited(len(found) + 1, one))
        cited.said.append(one)
        numbers[key] = cited.number
    return Sources(list(found.values()), numbers)
