"""Finding companies by a name as somebody writes it: suggestions with a score, never identities.

Names are compared in whatever script they are recorded, and without the form of the organization ("Ltd", "有限公司").
What was typed is looked for as it is and in other words: with Latin letters for those that look like them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from service.domain.company.alike import ALIKE, ALMOST, How, compared
from service.domain.company.names import normalized, read
from service.domain.company.readings import rewritten

LEAST = 75
"""Below this two names have too little in common to be worth showing: at 72, "India" is found by "Nvidia"."""

Found = How | Literal["resembles"]
"""How a name was found: as names of a question are matched, or because it has something in common with the words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A company that may be meant, how alike the names are (0-100), the name, normalized, that is, and how."""

    stream: str
    score: int
    name: str
    how: Found


def search(words: str, names: Mapping[str, Iterable[str]], limit: int, alike_from: int = ALIKE) -> list[Hit]:
    """The companies whose names come closest, best first, then by stream. `names` are normalized, by stream."""
    asked = normalized(words)
    if not asked:
        return []
    named = [(stream, name) for stream, several in names.items() for name in several]
    cores = [read(name).core for _, name in named]
    found: dict[str, Hit] = {}
    for typed in rewritten(read(asked)):
        for _, score, at in process.extract(typed.core, cores, scorer=fuzz.WRatio, score_cutoff=LEAST, limit=None):
            hit = _hit(asked, *named[at], int(score), alike_from)
            found[hit.stream] = max(found.get(hit.stream, hit), hit, key=lambda one: one.score)
    return sorted(found.values(), key=lambda hit: (-hit.score, hit.stream))[:limit]


def _hit(asked: str, stream: str, name: str, score: int, alike_from: int) -> Hit:
    how, of_names = compared(read(asked), read(name), alike_from) or ("resembles", 0)
    return Hit(stream, max(of_names, min(ALMOST, score)), name, how)
