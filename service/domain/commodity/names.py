"""What names of goods stand for, as the record defines them: codes, parts, and whether a definition is complete."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from service.domain.commodity.goods import Parameters, ScopedCommodity

MOST_KEPT = 20_000
"""How much of what was found last is kept with one set of definitions, and as much of what was found before it: matches
of goods with lines, of questions with rules and licenses. Some 500 bytes each."""
MISSING: Any = object()

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one name stands for. `excludes`: goods that it does not mean. `parameters_one_of`: of any goods of the name
    one of these sets is true."""

    name: str
    lines: tuple[ScopedCommodity, ...] = ()
    parts: tuple[str, ...] = ()
    complete: bool = False
    excludes: tuple[str, ...] = ()
    title: str | None = None
    aliases: tuple[str, ...] = ()
    parameters_one_of: tuple[Parameters, ...] = ()


SEPARATORS = str.maketrans("_-/,.", "     ")


def words(text: str) -> str:
    """Small letters and blanks: "Rare-earth_magnets" is "rare earth magnets"."""
    return " ".join(text.translate(SEPARATORS).casefold().split())


def called(meaning: Meaning) -> tuple[str, ...]:
    """All that goods are called: their name, their title, and other words for them."""
    return (meaning.name, *((meaning.title,) if meaning.title else ()), *meaning.aliases)


@dataclass(frozen=True, slots=True)
class Line:
    """A code that a name stands for, by its own definition or by that of a part; or one listed beside a name.

    `of`: the name. `complete`: whether its definition gives all of its codes.
    """

    of: str
    commodity: ScopedCommodity
    complete: bool = False
    defined: bool = True


class Definitions:
    """What was defined at one log position. It does not change, so that what follows from it is found once."""

    def __init__(self, meanings: Iterable[Meaning] = ()) -> None:
        self.by_name: Mapping[str, Meaning] = {meaning.name: meaning for meaning in meanings}
        self._within: dict[str, frozenset[str]] = {}
        self._lines: dict[str, tuple[Line, ...]] = {}
        self._kept: dict[Hashable, Any] = {}
        self._kept_before: dict[Hashable, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def __len__(self) -> int:
        return len(self.by_name)

    def once(self, asked: Hashable, find: Callable[[], Found]) -> Found:
        """What follows from the definitions, and from the record at their log position, for what is asked: found once.

        A request holds the same goods against the same lines for hundreds of rows. Once `MOST_KEPT` is kept, all that
        is asked for again before as much is found anew stays; the rest goes.
        """
        kept: Found = self._kept.get(asked, MISSING)
        if kept is not MISSING:
            return kept
        kept = self._kept_before.get(asked, MISSING)
        if kept is MISSING:
            kept = find()
        if len(self._kept) >= MOST_KEPT:
            self._kept_before, self._kept = self._kept, {}
        self._kept[asked] = kept
        return kept

    @cached_property
    def _named(self) -> frozenset[str]:
        parts = (part for meaning in self.by_name.values() for part in meaning.parts)
        return frozenset((*self.by_name, *parts))

    @cached_property
    def by_cas(self) -> Mapping[str, frozenset[str]]:
        """CAS numbers, each with the names of the substances that it is all of."""
        found: dict[str, set[str]] = {}
        for name, meaning in self.by_name.items():
            for line in meaning.lines:
                if line.cas and line.match == "exact":
                    found.setdefault(line.cas, set()).add(name)
        return {number: frozenset(names) for number, names in found.items()}

    def meant_by(self, name: str) -> str:
        """The name of the goods that are called so in other signs or words: "rare-earth magnets" is
        `rare_earth_magnets`. A name that is none, or of several goods, stays."""
        if name in self:
            return name
        found = self.called_so(name)
        return next(iter(found)) if len(found) == 1 else name

    def called_so(self, text: str) -> frozenset[str]:
        """The names of all goods that are called so, by their name, their title or another word."""
        return self._called.get(words(text), frozenset())

    @cached_property
    def _called(self) -> Mapping[str, frozenset[str]]:
        """The names of goods, by the words that each is called."""
        found: dict[str, set[str]] = {}
        for name in self._named:
            for one in called(self.meaning(name)):
                found.setdefault(words(one), set()).add(name)
        return {said: frozenset(names) for said, names in found.items()}

    def meaning(self, name: str) -> Meaning:
        return self.by_name.get(name) or Meaning(name)

    def within(self, name: str) -> frozenset[str]:
        """A name, its parts, and their parts in turn; parts of each other come to an end."""
        if name not in self._within:
            found, order = {name}, [name]
            for one in order:
                new = [part for part in self.meaning(one).parts if part not in found]
                found.update(new)
                order += new
            self._within[name] = frozenset(found)
        return self._within[name]

    def lines(self, name: str) -> tuple[Line, ...]:
        """The codes of a name and of all of its parts: its own first."""
        if name not in self._lines:
            self._lines[name] = tuple(self._all_lines(name))
        return self._lines[name]

    def _all_lines(self, name: str) -> Iterator[Line]:
        for one in (name, *sorted(self.within(name) - {name})):
            meaning = self.meaning(one)
            yield from (Line(one, line, meaning.complete) for line in meaning.lines)

    def open_class(self, name: str) -> str | None:
        """The name, or a part of it, that is a class whose members are listed without saying that these are all
        (rule 7). None: codes bound it, or it is one kind of goods."""
        return next((one for one in sorted(self.within(name)) if self._open(self.meaning(one))), None)

    @staticmethod
    def _open(meaning: Meaning) -> bool:
        return bool(meaning.parts) and not meaning.lines and not meaning.complete

    def excludes(self, name: str, other: str) -> bool:
        """Whether a definition says that other goods, or what they are a part of, are not meant by the name."""
        return any(other in self.within(excluded) for excluded in self.meaning(name).excludes)

    def undefined(self, name: str) -> str | None:
        """A part of which no record gives codes or parts of its own, if there is one."""
        empty = (one for one in sorted(self.within(name)) if not (self.meaning(one).lines or self.meaning(one).parts))
        return next(empty, None)


NONE_DEFINED = Definitions()
