"""Names that are shortened (rule 2): words of which only the beginning is written, contractions, and initials.

The full stop that tells a shortened word is no part of a normalized name, so any word may be one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from service.domain.company.names import Name, any_of

CONTRACTIONS: Mapping[str, tuple[str, ...]] = {
    "national": ("natl", "nat l", "ntl"),
    "international": ("intl", "int l", "inter l", "interntl"),
    "manufactur": ("mfg", "mfgs", "mfr", "mfrs", "mfrg", "manuf", "m fg"),
    "engineering": ("engg", "eng g", "engrg", "engr", "engrs", "engnrg"),
    "technolog": ("technlgy", "tchnl", "techn l"),
    "management": ("mgmt", "mgt", "mngmt", "mgnt"),
    "group": ("grp", "grps", "gp"),
    "holding": ("hldg", "hldgs", "hlds", "hdgs"),
    "heavy": ("hvy",),
    "service": ("svc", "svcs", "srvc", "srvcs", "svs", "srv"),
    "shipbuilding": ("shipbldg", "shpbldg", "shipbld"),
    "building": ("bldg", "bldgs", "bld"),
    "equipment": ("eqpt", "eqmt", "eqp", "eqt"),
    "machine": ("mchn", "mchy", "mcy"),
    "system": ("sstms", "systms"),
    "department": ("dept", "dep t", "dpt"),
    "development": ("devt", "dvlp", "dvlpmt", "devmt"),
    "government": ("govt", "gov t"),
    "association": ("assn", "ass n", "assoc"),
    "laborator": ("labs", "lab", "lbrty"),
    "operation": ("ops",),
    "center": ("ctr", "cntr", "centre"),
    "trading": ("trdg", "tdg"),
    "transport": ("trspt", "transp"),
    "production": ("prodn", "prdn"),
    "product": ("prdt", "prdts", "pdts"),
    "construction": ("cnstr", "constn", "const"),
    "distribution": ("distn", "dstrb"),
    "aerospace": ("arspc", "aerosp"),
    "electronic": ("elctrn", "eltrn", "elx"),
    "electric": ("elctr",),
    "mechanical": ("mchl",),
    "metallurg": ("mtlg",),
    "research": ("rsch", "rsrch"),
    "standard": ("std", "stds"),
    "brothers": ("bros",),
    "saint": ("st",),
    "university": ("univ",),
    "defence": ("def ce", "defense"),
}
"""Words, or all that their forms have in common, and how they are contracted: what is not just their beginning."""
_FULL = {short: word for word, several in CONTRACTIONS.items() for short in several}
_CONTRACTED = re.compile(rf"(?<!\S)(?:{any_of(_FULL)})(?!\S)")

BEGINNING = 3
"""How many letters a shortened word has at least."""
WRITTEN_OUT = 2
"""How many other words of a name are written out where its first, which tells it from most, is shortened."""
SMALL_WORDS = frozenset({"of", "for", "the", "in", "de", "la", "du", "des", "di", "del", "für", "fur", "do", "da"})
"""Words that initials often leave out."""
WITH_AN_INITIAL = frozenset({"company", "corporation", "group", "holding", "incorporated", "limited"})
"""Forms of which initials often have the letter: AIDC is the Aerospace Industrial Development Corporation."""
REST = 5
"""How many letters a name has beside the initials of its first words."""


MOST_INITIALS = 6
"""How many first words of a name are looked at for initials in their place."""


def in_full(name: str) -> str:
    """A normalized name without its contractions."""
    return _CONTRACTED.sub(lambda short: _FULL[short[0]], name)


def beginnings(name: Name) -> str:
    """What two names have in common of which one has shortened words."""
    return " ".join(word[:BEGINNING] for word in name.latin.split())


def shortens(one: Name, other: Name) -> bool:
    """Whether two names have the same words, but for those of which one or the other has the beginning alone."""
    pairs = list(zip(one.latin.split(), other.latin.split(), strict=False))
    same = [a == b for a, b in pairs]
    return (
        len(one.latin.split()) == len(other.latin.split())
        and sum(same) >= (1 if same[:1] == [True] else WRITTEN_OUT)
        and all(_stands_for(a, b) or _stands_for(b, a) for a, b in pairs)
    )


def _stands_for(short: str, word: str) -> bool:
    """ "Ind" and "Inds" stand for "Industries"."""
    stem = short.removesuffix("s") if len(short) > BEGINNING else short
    return short == word or (len(stem) >= BEGINNING and word.startswith(stem))


def initialed(name: Name) -> Iterator[str]:
    """A name's initials; and the name with the initials of its first words in their place, where there is enough left
    of it. In the letters a to z."""
    words = name.latin.split()
    for at in range(2, min(len(words), MOST_INITIALS + 1)):
        if sum(map(len, words[at:])) >= REST:
            yield " ".join(("".join(word[0] for word in words[:at]), *words[at:]))
    yield from _initials(words, name.forms)


def _initials(words: Sequence[str], forms: Sequence[str]) -> Iterator[str]:
    large = [word for word in words if word not in SMALL_WORDS]
    for some in {tuple(words), tuple(large)} if len(words) > 1 else ():
        initials = "".join(word[0] for word in some)
        of_forms = "".join(form[0] for form in forms if form in WITH_AN_INITIAL)
        yield from (one for one in accumulate(of_forms, initial=initials) if len(one) >= BEGINNING)
