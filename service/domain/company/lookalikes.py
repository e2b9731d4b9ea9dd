"""Words whose letters come from scripts with letters that look alike: "Саtcher" with a Cyrillic С and а.

They are told, and never rewritten: a name is recorded as its source writes it, and two letters stay two. It is also
compared as it looks (rule 2).
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


# By the looks of the capital or of the small letter, whichever is a letter of the alphabet from a to z.
_LOOKS = str.maketrans(
    "авгеёкмнорстухьіїјѕһӏԁԛԝ" + "αβγεζηικμνορτυχωϲϳ" + "հոսօցղ" + "ⲁⲃⲉⲏⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭ" + "ᎠᎡᎢᎪᎫᎬᎻᏀᏃᏆᏒᏔᏙᏚᏢᏦᏩᏞᏟᏳᏴ",
    "abreekmhopctyxbiijshldqw" + "abyezhikmvoptyxwcj" + "hnuogn" + "abehikmnopctyx" + "drtajehgzirwvspkwlcgb",
)


def as_it_looks(name: str) -> str:
    """A normalized name where each word that looks like one of Latin letters is written in them."""
    return name if name.isascii() else " ".join(map(_in_latin, name.split()))


def _in_latin(word: str) -> str:
    looks = word.translate(_LOOKS)
    return looks if _scripts(looks) <= {"LATIN"} else word
