"""End uses: what goods are for, by name, or by the two classes that rules and licenses speak of.

`civil` and `military` are classes of uses, and exclude each other. A use by another name belongs to one of them, and
which one is not recorded: it is possible against either (rule 35). A military use may be any that a rule names; no
civil one is taken for it. Two uses by other names are two uses.
"""

from collections.abc import Iterable

from service.domain.truth import Truth, any_of

CIVIL, MILITARY = "civil", "military"
CLASSES = frozenset({CIVIL, MILITARY})


def among(asked: str, listed: Iterable[str]) -> Truth:
    """Whether an end use is one of those listed."""
    return any_of(_same(asked, one) for one in listed)


def _same(asked: str, listed: str) -> Truth:
    if asked == listed:
        return Truth.YES
    may_be = asked not in CLASSES if listed in CLASSES else asked == MILITARY
    return Truth.POSSIBLE if may_be else Truth.NO
