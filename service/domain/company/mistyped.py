"""Words of a legal form, and "and", as they are mistyped (rule 2): "Corporaton", "Hodings", "Ldt.", "adn".

The rest of the name says whether one of them is meant. So it makes two names alike, and never the same.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from service.domain.company.forms import CONJUNCTIONS, SPELLED
from service.domain.company.names import FORM_OF
from service.domain.kept import kept

LONG, LONGER = 5, 8
"""From so many letters on a word of a form is read with one mistake in it, and with two."""
_FORM_WORDS = frozenset(word for words in FORM_OF for word in words.split())
_LONG = [word for word in sorted(_FORM_WORDS) if len(word) >= LONG and word.isascii()]
_AS_LONG = {length: [word for word in _LONG if abs(len(word) - length) <= 2] for length in range(LONG - 1, 60)}
"""By the letters of a word, those that it may be with two mistakes at most."""
_ANY_LETTER = ("ltd", "inc", "llc", "plc", "corp", "gmbh")
"""Short forms in which any letter may be another one, or missing: those that most names have."""
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _slips(word: str) -> Iterator[str]:
    """A word with two letters swapped, one doubled, or one missing."""
    for at in range(len(word)):
        yield word[: at + 1] + word[at:]
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def _changed(word: str) -> Iterator[str]:
    return (word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in _ALPHABET)


_SHORT = {
    slip: word
    for word in (*(one for words in SPELLED.values() for one in words if len(one) in (3, 4)), "co", *_ANY_LETTER)
    if word.isascii() and word.isalpha()
    for slip in (*(_changed(word) if word in _ANY_LETTER else ()), *_slips(word))
    if slip not in _FORM_WORDS and (len(slip) > 2 or word in ("co", *_ANY_LETTER))
}
_AND = frozenset((*_slips("and"), *_changed("and"))) - CONJUNCTIONS


def put_right(name: str) -> str:
    """A normalized name where its mistyped words of a legal form are put right, and a mistyped "and" is one."""
    first, *words = name.split() or [""]
    words = list(map(_long, words))
    for at in reversed(range(len(words))):
        words[at] = _SHORT.get(words[at], words[at])
        if words[at] not in _FORM_WORDS:
            break
    return " ".join((first, *_with_and(words)))


def _with_and(words: Sequence[str]) -> Iterator[str]:
    """Before the last word of a name it may be "and"."""
    yield from ("and" if word in _AND and follows not in _FORM_WORDS else word for word, follows in pairwise(words))
    yield from words[-1:]


@kept(texts=20_000, longest=100)
def _long(word: str) -> str:
    if len(word) < LONG - 1 or word in _FORM_WORDS or not word.isascii():
        return word
    close = process.extract(word, _AS_LONG.get(len(word), ()), scorer=OSA.distance, score_cutoff=2)
    return next((form for form, differ, _ in close if differ <= (2 if len(form) >= LONGER else 1)), word)
