"""Names of companies, as they are compared (rules 1 and 2): what is the same name, and what is one but for its form.

Two names are the same where nothing but case, punctuation, Unicode forms, "&" for "and", or another spelling of the
same legal form tells them apart. The name itself without its legal form is its core.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii

from service.domain.company.forms import CONJUNCTIONS, HONORIFICS, IN_FRONT, SPELLED, TOGETHER, WITHOUT_BLANKS
from service.domain.kept import kept

KEPT, LONGEST_KEPT = 20_000, 100
"""How many names are kept as they were read, and the longest of them in characters. Few names are longer."""


def normalized(name: str) -> str:
    """One spelling for names that differ only in compatibility form, case, punctuation or spacing (NFKC).

    Letters, digits and the marks that belong to letters stay: without its vowel signs a name in Devanagari is another.
    Blank where there are none.
    """
    if name.isascii():
        return " ".join(name.casefold().translate(_ASCII_SIGNS).split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(_sign(character) for character in folded).split())


def _sign(character: str) -> str:
    """The character where it is of a letter or a number, nothing where it is invisible, else a blank."""
    category = unicodedata.category(character)
    return character if category[0] in "LMN" else "" if category == "Cf" else " "


_ASCII_SIGNS = {code: _sign(chr(code)) for code in range(128)}
"""Most names are in ASCII, which has one form; each is read as it is recorded and with each question."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name apart from its legal form.

    `core` has the words of the name itself; `forms` the legal forms by what they mean, in their order. `latin` is the
    core in the letters a to z and digits, without marks; `text` the whole, normalized.
    """

    core: str
    forms: tuple[str, ...]
    latin: str
    text: str = ""

    @property
    def whole(self) -> str:
        """What two spellings of the same name have in common (rule 1)."""
        return " ".join((self.core, "|", *self.forms))


FORM_OF = {words: (form,) for form, spellings in SPELLED.items() for words in spellings} | {
    words: tuple(forms.split()) for forms, spellings in TOGETHER.items() for words in spellings
}


def any_of(spellings: Iterable[str]) -> str:
    """A pattern of words, the longest first."""
    return "|".join(re.escape(words) for words in sorted(spellings, key=len, reverse=True))


_APART = [words for words in FORM_OF if not any(sign in words for sign in WITHOUT_BLANKS)]
_JOINED = [words for words in FORM_OF if words not in _APART]
_LAST = re.compile(rf"(?: ({any_of(_APART)})| ?({any_of(_JOINED)}))$")
_FIRST = re.compile(
    rf"^(?:({any_of([words for words in _APART if FORM_OF[words][0] in IN_FRONT])}) |({any_of(_JOINED)}) ?)"
)
# "GmbH and Co." ends in it once its last form is taken off.
_AND_AT_THE_END = re.compile(rf" (?:{any_of(CONJUNCTIONS)})$")
_HONORIFIC = re.compile(rf"^(?:{any_of(HONORIFICS)}) (?=.)")


@kept(KEPT, LONGEST_KEPT)
def read(name: str) -> Name:
    """A normalized name, read. Where it is nothing but a form, that is the name."""
    left, forms = _HONORIFIC.sub("", name), list[str]()
    while (found := _LAST.search(left)) and left[: found.start()].strip():
        forms[:0] = FORM_OF[found[1] or found[2]]
        left = left[: found.start()].strip()
        left = _AND_AT_THE_END.sub("", left)
    if (found := _FIRST.search(left)) and left[found.end() :].strip():
        forms[:0] = FORM_OF[found[1] or found[2]]
        left = left[found.end() :].strip()
    core = " ".join(word for word in left.split() if word not in CONJUNCTIONS) or left
    return Name(core, tuple(forms), latin(core), name)


@kept(KEPT, LONGEST_KEPT)
def latin(words: str) -> str:
    """Words in the letters a to z, digits and blanks, so that a mark or a script tells no two names apart."""
    return " ".join(re.sub(r"[^a-z0-9 ]", "", anyascii(words.translate(_OLDER_SIGNS)).casefold()).split())


_OLDER_SIGNS = str.maketrans(
    "豊浜鉄伝芸糸欠蔵仏払囲仮価殻軽戯戻缶繋諌桝著徵乾砒矽", "豐濱鐵傳藝絲缺藏佛拂圍假價殼輕戲戾罐繫諫枡着徴干砷硅"
) | {
    ord("\ufa11"): "崎",
    ord("\U00020bb7"): "吉",
}
"""Chinese signs that Japan or mainland China writes otherwise, and that would be read as another one of the same shape:
"豊" is "豐" and "丰". All others are read alike as they stand."""


def without_doubles(latin_words: str) -> str:
    """Words in the letters a to z where a letter that some write with a mark, and some as two, is one: "Mueller" and
    "Müller", "Aarhus" and "Århus"."""
    return re.sub(r"([aou])e|(a)a", lambda two: two[0][0], latin_words)
