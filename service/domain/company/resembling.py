"""Names that share most of their letters with what somebody searches for: the few that are worth scoring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from service.domain.company.spelled import ON_A_SHELF, Shelf, numbers, triples

SHORT = 3
"""A text of so few letters is looked for as it stands, anywhere in a name."""


@dataclass(slots=True)
class Resembling:
    """Names without their legal forms, each once, in the order in which they are given."""

    shelves: list[Shelf] = field(default_factory=list)
    count: int = 0

    def take_over(self, names: Iterable[str]) -> None:
        """Adds those behind as many as there are already."""
        for name in islice(names, self.count, None):
            if self.count % ON_A_SHELF == 0:
                self.shelves.append(Shelf())
            self.shelves[-1].add(name)
            self.count += 1

    def near(self, text: str, enough: int) -> Sequence[str]:
        """Those that have at least half of a text's triples of letters; where they are more than `enough`, so many of
        those that have most, the shorter first."""
        if len(text) <= SHORT:
            return self._shortest([_having(shelf, text) for shelf in self.shelves])[:enough]
        looked_for, found = triples(text), list[str]()
        lacking = [shelf.lacking(looked_for, len(looked_for) // 2, shelf.as_long) for shelf in self.shelves]
        told = [0] * len(self.shelves)
        for several in zip(*lacking, strict=True):
            found += self._shortest([having & ~before for having, before in zip(several, told, strict=True)])
            if len(found) >= enough:
                break
            told = list(several)
        return found[:enough]

    def _shortest(self, found: Sequence[int]) -> list[str]:
        several = zip(self.shelves, found, strict=True)
        return sorted((shelf.spelled[at] for shelf, bits in several for at in numbers(bits)), key=_length)


def _length(name: str) -> tuple[int, str]:
    return len(name), name


def _having(shelf: Shelf, text: str) -> int:
    bits = 0
    for triple, having in shelf.having.items():
        if text in triple:
            bits |= having
    return bits
