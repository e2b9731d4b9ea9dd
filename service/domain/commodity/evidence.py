"""What tells whether goods asked about are those that a rule lists: their name, their codes, their description.

Each kind of evidence is weighed on its own, and all of it together (rule 9): what says yes for certain decides; next
comes what rules out for certain; then what leaves it open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.domain.commodity.codes import FLAGGED, Evidence, Kind, OpenFact, Reading, Verdict, pair
from service.domain.commodity.goods import Commodity, ScopedCommodity
from service.domain.commodity.names import Definitions, Line, called, words
from service.domain.commodity.search import spelled_alike, telling_words
from service.domain.truth import Truth

SPELLED_ALIKE = 88
"""The score from which on a name of goods that nobody defined may be another one: a letter of ten, or a word more."""
ALL_GOODS = "all"
"""The name of goods of every kind, in a question about what a rule on all goods reaches."""


def gathered(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> Evidence:
    """All evidence together, and what there is none of."""
    by_name = _by_name(asked, listed, reading)
    if by_name and by_name.verdict is Verdict.NO:
        by_name = _by_shared_codes(asked, listed, reading) or by_name
    others = (
        _by_description(asked, listed),
        _by_codes_asked(asked, listed, reading),
        _by_codes_meant(asked, listed, reading),
    )
    found = [one for one in (by_name, *others) if one]
    certain = next((one for one in found if one.verdict is Verdict.YES), None)
    excluded = next((one for one in found if one.verdict is Verdict.NO), None)
    if certain or excluded:
        return certain or excluded or found[0]
    strongest = max(found, key=lambda one: (one.verdict, one.settled_by_parameters), default=None)
    return strongest or _without_evidence(asked, listed, reading.definitions)


def _without_evidence(asked: Commodity, listed: ScopedCommodity, definitions: Definitions) -> Evidence:
    """What follows where nothing that both sides state can be compared.

    A control code alone says nothing of a scope that has none of its list (rule 10); a name alone that nobody defined
    is not another name (rule 11).
    """
    codes = listed.coded or (listed.name and definitions.lines(listed.name))
    others = asked.hs or asked.cas or asked.description
    if asked.control_code and codes and not (asked.name or others):
        return Evidence(Verdict.NO, f"it has no code of the control list of {asked.control_code}")
    if asked.name and listed.name and not (asked.coded or asked.description):
        return Evidence(Verdict.NO, f"{asked.name} is not {listed.name}")
    undefined = [name for name in (listed.name, asked.name) if name and not definitions.lines(name)]
    if undefined:
        return Evidence(Verdict.OPEN, f"no record says which codes {undefined[0]} stands for")
    return Evidence(Verdict.OPEN, "the two are described in different terms")


def _by_description(asked: Commodity, listed: ScopedCommodity) -> Evidence | None:
    if not asked.description or not listed.description or _words(asked.description) != _words(listed.description):
        return None
    same = Evidence(Verdict.YES, "the description is the same")
    return same if listed.name else _as_flagged(same, listed)


def _words(description: str) -> list[str]:
    return description.casefold().split()


def _by_name(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> Evidence | None:
    """Names say yes, and tell apart; a name that nobody defined tells nothing apart."""
    definitions = reading.definitions
    if asked.name == ALL_GOODS:
        return Evidence(Verdict.OPEN, "all goods are more than what is listed")
    if not asked.name or not listed.name:
        return None
    if asked.name in definitions.within(listed.name):
        return _named(asked.name, listed)
    if parts := sorted(definitions.within(asked.name) & definitions.within(listed.name)):
        return _by_parts(asked, listed, parts, reading)
    excluded, open_class = definitions.excludes(listed.name, asked.name), definitions.open_class(listed.name)
    if open_class and not excluded:
        because = f"no source says whether {asked.name} belongs to {open_class}; its list may be incomplete"
        return Evidence(Verdict.OPEN, because)
    other = Evidence(Verdict.NO, f"{asked.name} is not {listed.name}")
    return other if excluded or asked.name in definitions else _by_spelling(asked.name, listed, definitions)


def _by_parts(asked: Commodity, listed: ScopedCommodity, parts: Sequence[str], reading: Reading) -> Evidence:
    """Goods of which a part is listed: for certain where their parameters are those of that part."""
    described = next((part for part in parts if reading.told_by_parameters(part)), None)
    if described:
        because = f"with its parameters {asked.name} is {described}, and so listed as {listed.name}"
        return _as_flagged(Evidence(Verdict.YES, because), listed)
    because = f"only a part of {asked.name} is listed: {listed.name}"
    return Evidence(Verdict.OPEN, because, listed.name in parts, (_which_part(asked, parts, reading.definitions),))


def _by_spelling(unknown: str, listed: ScopedCommodity, definitions: Definitions) -> Evidence | None:
    """A name that nobody defined may be another one that is spelled alike, or has a telling word of it (rule 11)."""
    about, shared = telling_words(unknown), None
    for name in sorted(definitions.within(listed.name or ""), key=lambda one: one != listed.name):
        meaning = definitions.meaning(name)
        names = name, *meaning.aliases
        if words(unknown) in map(words, called(meaning)):
            return _named(name, listed)
        if spelled_alike(unknown, names, meaning.title) >= SPELLED_ALIKE:
            return Evidence(Verdict.OPEN, f"no record defines {unknown}, which is spelled like {name}")
        if shared is None and any(about & telling_words(one) for one in names):
            shared = Evidence(Verdict.OPEN, f"no record defines {unknown}, which has a word of {name} in it")
    return shared


def _named(name: str, listed: ScopedCommodity) -> Evidence:
    because = f"{name} is listed by name" if name == listed.name else f"{name} is a part of {listed.name}"
    return _as_flagged(Evidence(Verdict.YES, because), listed)


def _as_flagged(one: Evidence, listed: ScopedCommodity) -> Evidence:
    """A flag without a code beside it is the name's own: no more than a part of its goods is listed."""
    if one.verdict is not Verdict.YES or listed.coded or listed.match == "exact":
        return one
    because = f"{one.because}, which is {FLAGGED[listed.match]}"
    return replace(one, verdict=Verdict.OPEN, because=because, settled_by_parameters=True)


def _which_part(asked: Commodity, parts: Iterable[str], definitions: Definitions) -> OpenFact:
    """The parts of the goods asked about that are listed, and those of its own parts that are not."""
    listed = list(parts)
    largest = [one for one in listed if not any(one in definitions.within(other) - {other} for other in listed)]
    others = [one for one in definitions.meaning(asked.name or "").parts if not definitions.within(one) & {*listed}]
    outcomes = [(_called(asked, name), Truth.YES) for name in largest or listed]
    return OpenFact("commodity.name", (*outcomes, *((_called(asked, name), Truth.NO) for name in others)))


def _called(asked: Commodity, name: str) -> Commodity:
    return asked.model_copy(update={"name": name})


def _by_codes_asked(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> Evidence | None:
    """The codes that a question states, against those listed and those that the listed name stands for."""
    if not asked.coded:
        return None
    lines = _listed_lines(listed, reading.definitions)
    found = [one for line in lines if (one := pair(asked, "exact", line, reading))]
    best = max((one for _, one in found), key=lambda one: (one.verdict, one.settled_by_parameters), default=None)
    unknown = _unknown_members(listed, reading.definitions)
    if unknown and (best is None or best.verdict < Verdict.OPEN):
        return unknown
    return _as_flagged(best, listed) if best else None


def _listed_lines(listed: ScopedCommodity, definitions: Definitions) -> list[Line]:
    own = [Line(listed.name or "", listed, defined=False)] if listed.coded else []
    return [*own, *(definitions.lines(listed.name) if listed.name else ())]


def _unknown_members(listed: ScopedCommodity, definitions: Definitions) -> Evidence | None:
    """Whether the listed name may stand for codes that no record gives: those of a class, or of an undefined part."""
    if not listed.name:
        return None
    if open_class := definitions.open_class(listed.name):
        return Evidence(Verdict.OPEN, f"no source says that what is named among {open_class} is all")
    undefined = definitions.undefined(listed.name)
    if undefined is None or (undefined == listed.name and listed.coded and listed.match == "exact"):
        return None
    return Evidence(Verdict.OPEN, f"no record says which codes {undefined} stands for")


def _by_codes_meant(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> Evidence | None:
    """The codes that the asked name stands for, against those that are listed without a name. All of one kind have to
    fall under what is listed: else it is a part of the goods only."""
    if not asked.name or listed.name:
        return None
    by_kind: dict[Kind, list[Evidence]] = {}
    for line in reading.definitions.lines(asked.name):
        found = pair(line.commodity, line.commodity.match, Line("", listed, defined=False), reading)
        if found and not _another_compound(found, line, listed, reading):
            by_kind.setdefault(found[0], []).append(_of_a_part(found[1], line, asked))
    kinds = [_all_lines(several) for several in by_kind.values()]
    return max(kinds, key=lambda one: (one.verdict, one.settled_by_parameters), default=None)


def _another_compound(found: tuple[Kind, Evidence], line: Line, listed: Commodity, reading: Reading) -> bool:
    """A definition that is not complete gives the number of one substance, and its name may mean more of them."""
    ruled_out = found[0] == "cas" and found[1].verdict is Verdict.NO
    return ruled_out and not line.complete and listed.cas not in reading.definitions.by_cas


def _of_a_part(one: Evidence, line: Line, asked: Commodity) -> Evidence:
    if line.of == asked.name or one.verdict is not Verdict.YES:
        return one
    fact = OpenFact("commodity.name", ((_called(asked, line.of), Truth.YES),))
    return replace(one, verdict=Verdict.OPEN, because=f"{one.because}, a part of {asked.name}", open=(fact,))


def _all_lines(found: list[Evidence]) -> Evidence:
    weakest, strongest = min(found, key=lambda one: one.verdict), max(found, key=lambda one: one.verdict)
    if weakest.verdict is Verdict.YES or strongest.verdict < Verdict.OPEN:
        return strongest
    return replace(strongest, verdict=Verdict.OPEN)


def _by_shared_codes(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> Evidence | None:
    """A name against another one beside which a code is listed: they meet where both are all of their codes.

    A code of which each is a part makes neither of them the other: gallium and germanium stand under one subheading.
    """
    if not asked.name or not listed.name or not listed.coded or listed.match != "exact":
        return None
    beside = Line(listed.name, listed, defined=False)
    met_by = [
        _of_a_part(found[1], line, asked)
        for line in reading.definitions.lines(asked.name)
        if line.commodity.match == "exact"
        and (found := pair(line.commodity, "exact", beside, reading))
        and found[1].verdict >= Verdict.OPEN
    ]
    return max(met_by, key=lambda one: one.verdict, default=None)
