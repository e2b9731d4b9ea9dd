"""Other readings of a name (rule 2): what it may say besides what it says as it stands.

Rewritten, it is the whole name in other words: in Latin letters where its own look like them, without a word before it
that says that a firm follows, with contractions in full, with a blank before its legal form, without typing mistakes in
that. Reduced, it is less than the whole: without the legal forms inside it, up to one of them, or what stands on one
side of "c/o".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from service.domain.company.forms import BESIDE, FIRM, NOT_LAST
from service.domain.company.lookalikes import as_it_looks
from service.domain.company.mistyped import put_right
from service.domain.company.names import FORM_OF, KEPT, LONGEST_KEPT, Name, any_of, read
from service.domain.company.shortened import in_full
from service.domain.kept import kept

MOST_READINGS = 8
"""How many other readings of a name count, rewritten and reduced ones each. Few names have one."""
FEWEST_LETTERS = 3
"""How many letters are left of a name, at least, when something is taken off it."""

_FIRM = re.compile(rf"^(?:(?:{any_of(FIRM)}) )+(?=.)")
_ZERO = re.compile(r"(?<=[a-z])0(?=[a-z])")
_BESIDE = re.compile(rf"(?:^| )(?:{any_of(BESIDE)})(?: |$)")
_GLUED = re.compile(
    r"(?<=\w{6})(?=(?:group|holdings?|corporation|incorporated|limited|company|gmbh|aktiengesellschaft)(?: |$))"
    r"|(?<=^the)(?=\w{6})"
)
_AND_BETWEEN = re.compile(r"(?<=\b[a-z])and(?=[a-z]\b)")
"""E&S is written "EandS" too."""
_INSIDE = re.compile(rf" (?:(?:{any_of(FORM_OF)}) )+")


def rewritten(name: Name) -> tuple[Name, ...]:
    """A name, and all of it in other words."""
    return (name, *_rewritten(name.text))


def readings(name: Name) -> tuple[Name, ...]:
    """A name, all of it in other words, and less of it that may be the name of a firm."""
    return (*rewritten(name), *_reduced(name.text))


@kept(KEPT, LONGEST_KEPT)
def _rewritten(text: str) -> tuple[Name, ...]:
    return _followed([text], _in_other_words)


@kept(KEPT, LONGEST_KEPT)
def _reduced(text: str) -> tuple[Name, ...]:
    return _followed([text, *(one.text for one in _rewritten(text))], _less)


def _followed(texts: Sequence[str], change: Callable[[str], Iterable[str]]) -> tuple[Name, ...]:
    """What a change makes of texts, and of what it made of them."""
    found = list(texts)
    for text in found:
        for other in change(text):
            if len(other) >= FEWEST_LETTERS and other not in found and len(found) < len(texts) + MOST_READINGS:
                found.append(other)
    return tuple(map(read, found[len(texts) :]))


def _in_other_words(text: str) -> Iterator[str]:
    yield _ZERO.sub("o", as_it_looks(text))
    yield _FIRM.sub("", text)
    yield in_full(text)
    yield _GLUED.sub(" ", text)
    yield put_right(text)
    yield _AND_BETWEEN.sub(" ", text)


def _less(text: str) -> Iterator[str]:
    if _BESIDE.search(text):
        yield from _BESIDE.split(text)
    core = read(text).core
    for found in _INSIDE.finditer(core):
        if not NOT_LAST.issuperset(found[0].split()):
            yield core[: found.start()]
    yield _INSIDE.sub(" ", core)
