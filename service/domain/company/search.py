"""Finding companies by a name as somebody writes it: suggestions with a score, never identities.

Names are compared normalized, in whatever script they are recorded, and without the form of the organization ("Ltd",
"有限公司"). Letters of two scripts that look alike stay two letters.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from service.domain.company.names import normalized

SAME = 100
ALMOST = 99
"""The most that a name gets which is not the one that was asked for, whatever its organization form."""
LEAST = 60
"""Below this two names have too little in common to be worth showing."""

# As they read when normalized: "S.p.A." is "s p a" there. They are taken off one after the other: "pvt ltd", "co ltd".
FORMS_AS_WORDS = (
    *("ag", "gmbh", "mbh", "kg", "kgaa", "ohg", "ug", "se", "e v"),
    *("ltd", "limited", "llc", "l l c", "llp", "lp", "plc", "p l c", "inc", "incorporated", "corp", "corporation"),
    *("co", "company", "pvt", "private", "pte", "pty", "sdn", "bhd", "berhad", "holding", "holdings"),
    *("sa", "s a", "sas", "s a s", "sarl", "s à r l", "s a r l", "spa", "s p a", "srl", "s r l", "s r o", "sro"),
    *("bv", "b v", "nv", "n v", "ab", "as", "a s", "oy", "oyj", "aps", "kft", "zrt", "d o o", "doo", "sp z o o"),
    *("kk", "k k", "kabushiki kaisha", "jsc", "pjsc", "ojsc", "ooo", "oao", "zao", "pao", "pt", "tbk", "jv"),
    *("ао", "оао", "зао", "пао", "ооо", "тов", "тоо"),
    *("प्राइवेट", "लिमिटेड", "प्रा", "लि"),
)
# Written without a blank between them and the name.
FORMS_WITHIN = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "公司", "株式会社", "有限会社", "合同会社"),
    *("주식회사", "유한회사"),
)
_LAST = re.compile(rf"(?:^|(?<= ))(?:{'|'.join(map(re.escape, FORMS_AS_WORDS))})$")
_FIRST = re.compile(rf"^(?:{'|'.join(map(re.escape, FORMS_AS_WORDS))}) ")
_WITHIN = re.compile(rf"^(?:{'|'.join(FORMS_WITHIN)})|(?:{'|'.join(FORMS_WITHIN)})$")


@lru_cache(maxsize=100_000)
def bare(name: str) -> str:
    """A normalized name without its organization forms; the name itself where it is nothing else."""
    left = name
    while (shorter := _LAST.sub("", _WITHIN.sub("", left)).strip()) != left and shorter:
        left = shorter
    return _FIRST.sub("", left).strip() or name


@dataclass(frozen=True, slots=True)
class Hit:
    """A company that may be meant, how alike the names are (0-100), and the name, normalized, that is."""

    stream: str
    score: int
    name: str


def search(words: str, names: Mapping[str, Iterable[str]], limit: int) -> list[Hit]:
    """The companies whose names come closest, best first, then by stream. `names` are normalized, by stream."""
    asked = normalized(words)
    if not asked:
        return []
    hits = [max((_hit(asked, stream, name) for name in of), key=lambda hit: hit.score) for stream, of in names.items()]
    found = [hit for hit in hits if hit.score >= LEAST]
    return sorted(found, key=lambda hit: (-hit.score, hit.stream))[:limit]


def _hit(asked: str, stream: str, name: str) -> Hit:
    if asked == name:
        return Hit(stream, SAME, name)
    return Hit(stream, min(ALMOST, int(fuzz.WRatio(bare(asked), bare(name)))), name)
