"""Spellings, held so that one is compared with the few that may be alike (rule 2), and not with all.

Letters that differ spoil a few of a spelling's triples of letters. So every spelling that is alike has all the others:
only those that do are looked through.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

SPOILED = 4
"""How many triples two swapped letters change; a letter that is changed, missing or added changes three."""
LENGTHS = 16
"""How many lengths of spellings are held together: few letters that differ seldom lead from one shelf to the next."""
ON_A_SHELF = 16_384
"""How many spellings a shelf has: enough for what is done once a shelf, and little of it looked at in vain."""
FEW = 8
"""So many are looked through without asking further what they lack."""
FOUND_KEPT = 256
"""For how many spellings it is kept what was found: one name is looked for on one list after another."""


def triples(spelled: str) -> list[str]:
    padded = f"  {spelled}  "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


@dataclass(slots=True)
class Shelf:
    """Spellings by number; and of each triple of letters, as bits of one integer, the numbers of those that have it."""

    spelled: list[str] = field(default_factory=list)
    having: dict[str, int] = field(default_factory=dict)
    as_long: dict[int, int] = field(default_factory=dict)
    """As bits, the numbers of those of a length."""

    def add(self, spelled: str) -> None:
        number = 1 << len(self.spelled)
        self.spelled.append(spelled)
        self.as_long[len(spelled)] = self.as_long.get(len(spelled), 0) | number
        for triple in triples(spelled):
            self.having[triple] = self.having.get(triple, 0) | number

    def having_most(self, looked_for: Sequence[str], spoiled: int, lengths: Iterable[int]) -> Sequence[str]:
        """The spellings of some lengths that have all of some triples but so many at most, and perhaps a few others."""
        lacking = self.lacking(looked_for, spoiled, lengths, FEW)
        return [self.spelled[number] for number in numbers(lacking[-1])]

    def lacking(self, looked_for: Sequence[str], most: int, lengths: Iterable[int], few: int = -1) -> list[int]:
        """As bits, the spellings of some lengths that lack none of some triples, at most one, at most two ...

        Where so `few` are left the rest of the triples is not looked at: then only the last of these tells something.
        """
        lacking = [reduce(or_, map(self._of_length, lengths), 0)]
        # The rarest tell most.
        for having in sorted((self.having.get(triple, 0) for triple in looked_for), key=int.bit_count):
            lacking = [had & having | lacked for had, lacked in zip([*lacking, 0], [0, *lacking], strict=True)]
            del lacking[most + 1 :]
            if lacking[-1].bit_count() <= few:
                break
        return lacking

    def _of_length(self, length: int) -> int:
        return self.as_long.get(length, 0)


def numbers(bits: int) -> Iterator[int]:
    """The numbers that bits stand for, in their order."""
    written = bin(bits)[:1:-1]
    number = written.find("1")
    while number >= 0:
        yield number
        number = written.find("1", number + 1)


@dataclass(slots=True)
class Spellings:
    """Those of all names that several lists or indexes hold: one is looked for once, whoever asks.

    They stay for as long as any of these does, at some 500 bytes each.
    """

    held: set[str] = field(default_factory=set)
    shelves: dict[int, list[Shelf]] = field(default_factory=dict)
    found: dict[tuple[str, int], Sequence[str]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def add(self, spelled: str) -> None:
        with self.lock:
            if spelled in self.held:
                return
            self.held.add(spelled)
            self.found.clear()
            shelves = self.shelves.setdefault(len(spelled) // LENGTHS, [])
            if not shelves or len(shelves[-1].spelled) == ON_A_SHELF:
                shelves.append(Shelf())
            shelves[-1].add(spelled)

    def near(self, spelled: str, letters: int) -> Sequence[str]:
        """Those in which at most so many letters differ, with two swapped ones counted as one: the closest first, then
        in order of the alphabet, whatever was added in between."""
        with self.lock:
            if (spelled, letters) not in self.found:
                if len(self.found) >= FOUND_KEPT:
                    self.found.clear()
                close = sorted(self._close(spelled, letters), key=lambda one: (one[1], one[0]))
                self.found[spelled, letters] = [text for text, *_ in close]
            return self.found[spelled, letters]

    def _close(self, spelled: str, letters: int) -> Iterator[tuple[str, int, int]]:
        looked_for = triples(spelled)
        lengths = range(len(spelled) - letters, len(spelled) + letters + 1)
        for number in range(lengths[0] // LENGTHS, lengths[-1] // LENGTHS + 1):
            for shelf in self.shelves.get(number, ()):
                if choices := shelf.having_most(looked_for, SPOILED * letters, lengths):
                    yield from process.extract(spelled, choices, scorer=OSA.distance, score_cutoff=letters, limit=None)


MOST_SHARED = 200_000
"""From how many spellings on a new list has its own, which end with it: some 100 MB. Lists may come from clients, as
those of events that are only supposed."""
_SHARED = Spellings()


def spellings_for() -> Spellings:
    """Where a list or an index holds its spellings: with those of all others, for as long as there is room."""
    return _SHARED if len(_SHARED.held) < MOST_SHARED else Spellings()
