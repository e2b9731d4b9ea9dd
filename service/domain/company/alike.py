"""Which names are alike (rule 2): one letter less, one changed, two words swapped, a mark or a script that differs; one
that has the whole of the other in it, as the name of a branch has; one that shortens the other; and each of their other
readings.

The score falls by the letters that differ, over the length: one letter of a short name weighs much.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, isqrt
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import OSA

from service.domain.company.names import KEPT, LONGEST_KEPT, Name, latin, read, without_doubles
from service.domain.company.places import without_places
from service.domain.company.readings import readings, rewritten
from service.domain.company.shortened import beginnings, initialed, shortens
from service.domain.company.spelled import Spellings, spellings_for
from service.domain.kept import kept

ALIKE = 90
"""The score from which on a name counts as alike, unless the settings say otherwise."""
SAME, ALMOST = 100, 99
"""What the same name scores, and the most that another gets."""
PART = ALIKE
"""What a name scores that is a part of the other."""
WEIGHT, TWO = 45, 100
"""How much letters that differ take off, over the length: their square so many times; where two differ, less. So one
letter differs in a name of five letters, two in one of ten, and three in one of 41, where 90 is the score to reach."""

How = Literal["same", "same_but_form", "alike"]
Entry = TypeVar("Entry")


def spellings(name: Name) -> tuple[str, ...]:
    """How a name's letters are compared: without blanks, as they stand, and with its words in order of the alphabet;
    and both with one letter for those that stand for a letter with a mark. So of each of its readings."""
    return _spelled(readings(name))


def _spelled(several: Sequence[Name]) -> tuple[str, ...]:
    if len(several) == 1:
        return _spellings(several[0].latin)
    return tuple(dict.fromkeys(spelled for one in several for spelled in _spellings(one.latin)))


@kept(KEPT, LONGEST_KEPT)
def _spellings(latin_words: str) -> tuple[str, ...]:
    written = (latin_words.split(), without_doubles(latin_words).split())
    found = ("".join(ordered) for words in written for ordered in (words, sorted(words)))
    return tuple(dict.fromkeys(spelled for spelled in found if spelled))


def score(one: Name, other: Name) -> int:
    """How alike two names are, from 0 to 99, whatever their legal forms; at most as alike as a part where one is less
    than the whole."""
    wholes = _closest(rewritten(one), rewritten(other))
    return wholes if wholes >= PART else max(wholes, min(PART, _closest(readings(one), readings(other))))


def _closest(some: Sequence[Name], others: Sequence[Name]) -> int:
    return max((_score(a, b) for a in _spelled(some) for b in _spelled(others)), default=0)


def _score(one: str, other: str) -> int:
    length = max(len(one), len(other))
    differ = OSA.distance(one, other)
    return min(ALMOST, max(0, SAME - ceil(_taken_off(differ) / length)))


def _taken_off(differ: int) -> int:
    return TWO if differ == 2 else WEIGHT * differ * differ


def _most_letters(length: int, least: int) -> int:
    """How many letters may differ in a name of a length for it to score at least so much."""
    left = (SAME - least) * length if least < SAME else 0
    return max(isqrt(left // WEIGHT), 2 if left >= TWO else 0)


def _most_letters_beside(length: int, least: int) -> int:
    """How many letters may differ between a name of a length and any that is alike, which may be the longer one."""
    more = 0
    while more < _most_letters(length + more + 1, least):
        more += 1
    return _most_letters(length + more, least)


MOST_WORDS = 24
"""How many words of a name are looked at for another name among them."""
MEANINGS_KEPT = 1_000
"""For how many names it is kept what else means them: at most some twenty kilobytes each."""
AT_THE_START, ANYWHERE = 5, 8
"""The letters that the words of another name need to be more than words of any name: at the start, and elsewhere, where
they are two words at least."""
MISTAKEN, FIRST_WORDS = 8, 3
"""From so many letters on a name is found with one mistake in it before other words, and the most words it has then."""
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\u3400-\u9fff]+")
"""A Chinese sign is a word: nothing stands between the words of a Chinese name."""


def _words(name: Name) -> list[str]:
    apart = (piece for word in name.core.split() for piece in _WORDS.findall(word))
    return [word for piece in apart if (word := without_doubles(latin(piece)))]


def _parts(words: Sequence[str]) -> Iterator[str]:
    """The words that stand together in a name, and could be another's: that of its parent, or of the firm itself."""
    for start in range(min(len(words), MOST_WORDS)):
        for end in range(start + 1, min(len(words), MOST_WORDS) + 1):
            letters = sum(map(len, words[start:end]))
            if letters >= (ANYWHERE if start else AT_THE_START) and (start == 0 or end - start > 1):
                yield " ".join(words[start:end])


def _starts(words: Sequence[str]) -> Iterator[str]:
    """The first words of a longer name, without blanks: it may be a name with a mistake in it, and words behind it."""
    for end in range(1, min(len(words), FIRST_WORDS + 1)):
        start = "".join(words[:end])
        if len(start) >= MISTAKEN - 1:
            yield start


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What else means a name: all its words, also without blanks and with those of its form in order of the alphabet;
    those of them that could be another's, or stand beside a place; its initials; with what its words begin; and its
    first words without blanks. So of what it is in other words."""

    wholes: tuple[str, ...]
    parts: frozenset[str]
    beginnings: tuple[str, ...]
    starts: tuple[str, ...]


@kept(MEANINGS_KEPT, LONGEST_KEPT)
def _meaning(text: str) -> _Meaning:
    several = rewritten(read(text))
    words = [_words(one) for one in several]
    as_written = (*words, *(one.latin.split() for one in several))
    with_form = without_doubles(latin(text)).split()
    together = ("".join(with_form), " ".join(sorted(with_form)))
    short = (without_doubles(initials) for one in several for initials in initialed(one))
    elsewhere = (left for one in words for left in without_places(" ".join(one)))
    return _Meaning(
        tuple(dict.fromkeys((*map(" ".join, words), *together))),
        frozenset((*short, *together, *elsewhere)).union(*map(_parts, words)),
        tuple(dict.fromkeys(map(beginnings, several))),
        tuple(dict.fromkeys(start for one in as_written for start in _starts(one))),
    )


def _is_part(one: Name, other: Name) -> bool:
    some, others = _meaning(one.text), _meaning(other.text)
    return not (others.parts.isdisjoint(some.wholes) and some.parts.isdisjoint(others.wholes))


def _starts_with(longer: Name, name: Name) -> bool:
    """Whether a name begins with another in which one letter differs."""
    starts, wholes = _meaning(longer.text).starts, spellings(name) if len(name.latin) >= MISTAKEN - 1 else ()
    return any(_one_mistake(start, whole) for start in starts for whole in wholes)


def _one_mistake(one: str, other: str) -> bool:
    return max(len(one), len(other)) >= MISTAKEN and OSA.distance(one, other, score_cutoff=1) <= 1


def _shortens(one: Name, other: Name) -> bool:
    return any(shortens(a, b) for a in rewritten(one) for b in rewritten(other))


def compared(one: Name, other: Name, least: int = ALIKE) -> tuple[How, int] | None:
    """How two names agree, and how well; None where they do not."""
    if one.core == other.core:
        return ("same", SAME) if one.forms == other.forms else ("same_but_form", ALMOST)
    found = score(one, other)
    if found < PART and (
        _is_part(one, other) or _shortens(one, other) or _starts_with(one, other) or _starts_with(other, one)
    ):
        found = PART
    return ("alike", found) if found >= least else None


@dataclass(slots=True)
class Held(Generic[Entry]):
    """Things by key. Most keys have one, and a list of its own would take as much room as the key."""

    first: dict[str, Entry] = field(default_factory=dict)
    others: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, key: str, entry: Entry) -> None:
        if key in self.first:
            self.others.setdefault(key, []).append(entry)
        else:
            self.first[key] = entry

    def of(self, key: str) -> Iterator[Entry]:
        if key in self.first:
            yield self.first[key]
            yield from self.others.get(key, ())


@dataclass(slots=True)
class NameIndex(Generic[Entry]):
    """Things by their names, so that a name is compared with the few that may be alike and not with all.

    It holds about two kilobytes a name.
    """

    by_core: Held[Entry] = field(default_factory=Held)
    by_spelling: Held[Entry] = field(default_factory=Held)
    by_whole: Held[Entry] = field(default_factory=Held)
    by_part: Held[Entry] = field(default_factory=Held)
    by_beginnings: Held[Entry] = field(default_factory=Held)
    by_start: Held[Entry] = field(default_factory=Held)
    shared: Spellings = field(default_factory=spellings_for)
    """The spellings of this index, and of others."""

    def add(self, name: str, entry: Entry) -> None:
        """Adds a normalized name. A blank one is nobody's."""
        if not name:
            return
        named = read(name)
        self.by_core.add(named.core, entry)
        for spelled in spellings(named):
            self.shared.add(spelled)
            self.by_spelling.add(spelled, entry)
        meaning = _meaning(name)
        for start in meaning.starts:
            self.shared.add(start)
        for keys, having in (
            (meaning.wholes, self.by_whole),
            (meaning.parts, self.by_part),
            (meaning.beginnings, self.by_beginnings),
            (meaning.starts, self.by_start),
        ):
            for key in keys:
                having.add(key, entry)

    def called(self, name: str) -> list[Entry]:
        """The things of the same name, normalized, whatever their legal forms."""
        return list(self.by_core.of(read(name).core)) if name else []

    def find(self, name: str, least: int = ALIKE) -> list[Entry]:
        """The things that a normalized name may mean: those of the same core, and those alike. Some more than once."""
        if not name or not self.by_core.first:
            return []
        found = [*self.called(name)]
        for spelled in spellings(read(name)):
            for near in self._alike(spelled, least):
                found += self.by_spelling.of(near)
                found += self.by_start.of(near) if least <= PART else ()
        if least <= PART:
            found += self._sharing(_meaning(name))
        return found

    def _sharing(self, name: _Meaning) -> Iterator[Entry]:
        """The things whose name is a part of a name, those of whose name it is a part, and those that shorten it."""
        for keys, having in (
            (name.parts, self.by_whole),
            (name.wholes, self.by_part),
            (name.beginnings, self.by_beginnings),
        ):
            for key in keys:
                yield from having.of(key)
        for start in name.starts:
            for near in self.shared.near(start, 1):
                yield from self.by_spelling.of(near)

    def keys_for(self, name: str, least: int = ALIKE) -> Iterator[str]:
        """Keys of which every name has one (`keys_of`) that `find` would find."""
        if not name:
            return
        yield f"core {read(name).core}"
        for spelled in spellings(read(name)):
            letters = _most_letters_beside(len(spelled), least)
            triples, looked_up = _triples(spelled), SPOILED * letters + 1
            if letters == 0:
                yield f"spelled {spelled}"
            else:
                yield from (f"triple {one}" for one in triples[:looked_up]) if looked_up <= len(triples) else ANY_NAME
        meaning = _meaning(name)
        yield from (f"whole {part}" for part in meaning.parts)
        yield from (f"part {whole}" for whole in meaning.wholes)
        yield from (f"begins {one}" for one in meaning.beginnings)
        yield from (f"triple {one}" for start in meaning.starts for one in _triples(start)[: SPOILED + 1])

    def _alike(self, spelled: str, least: int) -> Sequence[str]:
        letters = _most_letters_beside(len(spelled), least)
        return self.shared.near(spelled, letters) if letters else [spelled]


ANY_NAME = ("any name",)


def keys_of(name: str) -> Iterator[str]:
    """The keys of a normalized name. A name that is alike to another has one of those that are looked for."""
    yield from (*ANY_NAME, f"core {read(name).core}")
    for spelled in spellings(read(name)):
        yield f"spelled {spelled}"
        yield from (f"triple {one}" for one in _triples(spelled))
    meaning = _meaning(name)
    yield from (f"whole {one}" for one in meaning.wholes)
    yield from (f"part {one}" for one in meaning.parts)
    yield from (f"begins {one}" for one in meaning.beginnings)
    yield from (f"triple {one}" for start in meaning.starts for one in _triples(start))


SPOILED = 4
"""How many triples two swapped letters change; a letter that is changed, missing or added changes three."""


def _triples(spelled: str) -> list[str]:
    padded = f"  {spelled}  "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]
