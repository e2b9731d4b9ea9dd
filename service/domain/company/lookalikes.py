"""Words whose letters come from scripts with letters that look alike: "Саtcher" with a Cyrillic С and а.

They are told, and never rewritten: a name is recorded as its source writes it, and two letters stay two.
"""

import unicodedata
from collections.abc import Iterable

from service.domain.kept import kept

# The scripts that have letters in common by their looks. Kana, Han and Hangul are mixed with Latin in honest names.
ALIKE = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE"})


@kept(texts=20_000, longest=100)
def mixes_scripts(name: str) -> bool:
    """Whether one word of a name is written in two of these scripts. Compatibility forms count as what they stand
    for: full-width Latin is Latin."""
    words = "".join(
        character if unicodedata.category(character)[0] in "LM" else " "
        for character in unicodedata.normalize("NFKC", name)
    ).split()
    return any(len(_scripts(word)) > 1 for word in words)


def _scripts(word: str) -> frozenset[str]:
    # A character's name begins with its script.
    return frozenset(unicodedata.name(character, "").partition(" ")[0] for character in word) & ALIKE


def mixed(names: Iterable[str]) -> list[str]:
    """Those of the names that mix scripts, as they are written, each once."""
    return [name for name in dict.fromkeys(names) if mixes_scripts(name)]
