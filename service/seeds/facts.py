"""The list of public facts that the corpus is made from: how each was seen, and which are not in it, and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.seeds.files import Seed
from service.seeds.findings import Finding, Rule, of

ARTICLE = "A"
"""What the ids of the article's statements begin with. They are no part of the list."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`verified`: by id, `tool` where the page at the source was seen, `memory` where it was not. `seen_since`: the
    page on which one from memory was found later. `exceptions`: the reason for each seen fact that no event tells of.
    """

    verified: dict[str, str]
    exceptions: dict[str, str]
    seen_since: dict[str, str]

    @property
    def seen(self) -> set[str]:
        """The facts that were seen in the first place."""
        return {id_ for id_, how in self.verified.items() if how == "tool"}


def facts(where: Path) -> Facts:
    """The committed list; an empty one where there is none."""
    file = where / "corpus" / "facts.json"
    listed = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return Facts(*(listed.get(name, {}) for name in ("verified", "exceptions", "seen_since")))


def told_in(seeds: Iterable[Seed]) -> set[str]:
    """The ids of all facts that events tell of."""
    return {id_ for seed in seeds for id_ in _ids(seed) if not id_.startswith(ARTICLE)}


def _ids(seed: Seed) -> list[str]:
    fact = seed.event.metadata.get("fact")
    return fact.split() if isinstance(fact, str) else []


def told_as_verified(where: Path) -> Rule:
    """A fact is one of the list, and one that nobody saw at its source is marked so."""
    listed = facts(where)

    def held(seeds: Sequence[Seed]) -> Iterator[Finding]:
        for seed in seeds if listed.verified else ():
            for id_ in told_in([seed]):
                for asked, true in _wrong(listed, id_, seed):
                    yield of(seed, asked, true)

    return held


def _wrong(listed: Facts, id_: str, seed: Seed) -> Iterator[tuple[str, str]]:
    if id_ not in listed.verified:
        yield "metadata.fact names records of facts.json", f"there is no {id_}"
    elif id_ in listed.exceptions:
        yield "an exception of facts.json is told by no event", f"{id_} is one"
    elif id_ not in {*listed.seen, *listed.seen_since} and not seed.event.metadata.get("unverified"):
        yield "a fact from memory is marked with metadata.unverified", f"{id_} is from memory, and this line is not"
