"""Goods as people write them: names, titles and other words that are spelled alike. Suggestions, never identities."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from service.domain.commodity.goods import Commodity, hs_digits
from service.domain.commodity.names import words

MOST_SUGGESTIONS = 5
WORDS_WITHIN = 90.0
"""What two names score where all words of one are words of the other."""
LEAST_SCORE = 72
"""Below this two names have too little in common to be worth showing."""


def name_of(text: str) -> str:
    """A name of goods from how somebody types it: "Rare earth magnets" is `rare_earth_magnets`. A name stays."""
    return "_".join(text.casefold().split())


def score(text: str, said: Iterable[str]) -> float:
    """How alike a text is to the nearest of several names, from 0 to 100. Two are alike, too, where all words of one
    stand in the other."""
    asked = words(text)
    return max((_alike(asked, words(one)) for one in said), default=0.0)


def _alike(asked: str, said: str) -> float:
    if asked == said:
        return 100.0
    some, others = set(asked.split()), set(said.split())
    within = bool(some and others) and (some <= others or others <= some)
    in_one = fuzz.ratio(asked.replace(" ", ""), said.replace(" ", ""))
    return min(max(fuzz.token_sort_ratio(asked, said), in_one, WORDS_WITHIN if within else 0.0), 99.0)


def spelled_alike(text: str, names: Iterable[str], title: str | None) -> float:
    """How alike a text is to what goods are called. A title is a sentence: its words stand in many others."""
    in_title = fuzz.token_sort_ratio(words(text), words(title)) if title else 0.0
    return max(score(text, names), in_title)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_GENERAL = """
advanced alloy and any artificial class compound concentrate control dual equipment extraction for from goods
grade high hydroxide inspection item list machine made manufacturing material memory metal natural not older
ore other oxide part powder precursor processing product production purity raw refined refining software
subject synthetic system technology the their use used with
"""
GENERAL = frozenset(map(_singular, _GENERAL.split()))
"""Words that tell no goods from others."""
SHORTEST_WORD = 4


def telling_words(text: str) -> frozenset[str]:
    """The words of a name that tell which goods they are, each in the singular: "NdFeB magnets" is about magnets."""
    found = (_singular(word) for word in words(text).split() if len(word) >= SHORTEST_WORD)
    return frozenset(word for word in found if word not in GENERAL)


def suggested(name: str, known: Mapping[str, Iterable[str]]) -> list[tuple[str, float]]:
    """The known goods that are spelled most like a name, each with a score; the nearest first (rule 11).

    `known`: each name with all that its goods are called.
    """
    about = telling_words(name)
    scored = (
        (one, max(score(name, said), LEAST_SCORE * bool(about & telling_words(one)))) for one, said in known.items()
    )
    found = sorted((pair for pair in scored if pair[1] >= LEAST_SCORE), key=lambda pair: (-pair[1], pair[0]))
    return found[:MOST_SUGGESTIONS]


def found_by(text: str, said: Iterable[str], lines: Iterable[Commodity]) -> float:
    """How well goods are found by a text: a code of theirs, which it begins or which begins it, or words."""
    code = hs_digits(text).upper()
    codes = [hs_digits(one).upper() for line in lines for one in (line.hs, line.control_code, line.cas) if one]
    if any(character.isdecimal() for character in code) and any(
        one.startswith(code) or (len(one) > 1 and code.startswith(one)) for one in codes
    ):
        return 100.0
    return score(text, said)
