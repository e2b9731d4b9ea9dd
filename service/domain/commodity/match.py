"""Whether goods asked about fall under those that a rule or a license lists, three-valued, with what would settle it.

Names, codes and descriptions are weighed together (`evidence`), and then the technical parameters, which every listed
line states as conditions (rule 8).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from service.domain.commodity.codes import Evidence, OpenFact, Reading, Verdict, control_list
from service.domain.commodity.evidence import ALL_GOODS, gathered
from service.domain.commodity.goods import Commodity, Match, Parameters, ScopedCommodity, control_code_of, hs_digits
from service.domain.commodity.names import NONE_DEFINED, Definitions
from service.domain.commodity.parameters import Interval, ParametersMatch, asked_intervals, inside, met, outside
from service.domain.truth import Truth

__all__ = (
    "ALL_GOODS",
    "NONE_DEFINED",
    "Commodity",
    "CommodityMatch",
    "Definitions",
    "Match",
    "Parameters",
    "ScopedCommodity",
    "best_match",
    "compare",
    "control_code_of",
    "hs_digits",
)
MOST_OPEN_FACTS = 20


@dataclass(frozen=True, slots=True)
class CommodityMatch:
    """How a question's commodity meets what is listed, and the sentence that says why.

    `described`: a technical parameter of the description decided it. `open`: what would settle a match that is only
    possible, each fact with goods as they would then be asked, and whether those are listed.
    """

    truth: Truth
    because: str
    described: bool = False
    open: tuple[OpenFact, ...] = ()


def compare(
    asked: Commodity,
    listed: ScopedCommodity,
    definitions: Definitions,
    *,
    codes_refer: bool = False,
    controller: str | None = None,
) -> CommodityMatch:
    """Whether the goods asked about fall under one listed line: see `best_match`."""
    return best_match(asked, [listed], definitions, codes_refer=codes_refer, controller=controller)


def may_fall_under(
    asked: Commodity,
    listed: ScopedCommodity,
    definitions: Definitions,
    *,
    codes_refer: bool = False,
    controller: str | None = None,
) -> bool:
    """Whether names and codes leave it open that any of the goods that a question may mean fall under a listed line.

    Technical parameters of the line tell nothing here: goods that they rule out are told of in an answer.
    """
    line = listed.model_copy(update={"parameters": {}}) if listed.parameters else listed
    readings = _readings(asked, definitions, codes_refer, control_list(controller))
    return any(_line(asked, line, reading).truth is not Truth.NO for reading in readings)


def best_match(
    asked: Commodity,
    listed: Sequence[ScopedCommodity],
    definitions: Definitions,
    *,
    codes_refer: bool = False,
    controller: str | None = None,
) -> CommodityMatch:
    """Whether the goods asked about fall under any of the listed lines.

    `codes_refer`: customs codes are references to the control code that stands beside them, and define nothing.
    `controller`: whose control list a control code is from where none is named. Goods whose name stands for one of
    several sets of parameters are listed for certain where each of the sets is.
    """
    if not listed:
        return _best([])
    facts, own = asked.facts, control_list(controller)

    def find() -> CommodityMatch:
        each = [
            definitions.once(
                (facts, line.facts, codes_refer, own),
                partial(_line_in_each, asked, line, definitions, codes_refer=codes_refer, own=own),
            )
            for line in listed
        ]
        return min((_best(matches) for matches in zip(*each, strict=True)), key=lambda match: match.truth)

    # The same lines in the same order are a scope's: many questions are held against it as a whole.
    return definitions.once((facts, tuple([line.facts for line in listed]), codes_refer, own), find)


def _line_in_each(
    asked: Commodity, line: ScopedCommodity, definitions: Definitions, *, codes_refer: bool, own: str | None
) -> list[CommodityMatch]:
    return [_line(asked, line, reading) for reading in _readings(asked, definitions, codes_refer, own)]


def _readings(asked: Commodity, definitions: Definitions, codes_refer: bool, own: str | None) -> Iterator[Reading]:
    """One for each of the sets of parameters that the goods asked about may have."""
    sets = definitions.once((asked.facts, "sets"), partial(_possible_parameters, asked, definitions))
    return (Reading(definitions, own, codes_refer, stated) for stated in sets)


def _best(found: Sequence[CommodityMatch]) -> CommodityMatch:
    if not found:
        return CommodityMatch(Truth.NO, "no commodity is stated")
    best = max(found, key=lambda match: (match.truth, match.described))
    if best.truth is not Truth.POSSIBLE:
        return best
    facts = [fact for match in found if match.truth is Truth.POSSIBLE for fact in match.open]
    return CommodityMatch(best.truth, best.because, best.described, tuple(_merged(facts))[:MOST_OPEN_FACTS])


def _merged(facts: Sequence[OpenFact]) -> Iterator[OpenFact]:
    """Each fact once, with the outcomes of all lines. Of outcomes for the same goods, the strongest counts."""
    for ask in dict.fromkeys(fact.ask for fact in facts):
        outcomes = [outcome for fact in facts if fact.ask == ask for outcome in fact.outcomes]
        yield OpenFact(ask, tuple(_strongest(outcomes)))


def _strongest(outcomes: Sequence[tuple[Commodity, Truth]]) -> Iterable[tuple[Commodity, Truth]]:
    strongest: dict[Hashable, tuple[Commodity, Truth]] = {}
    for commodity, truth in outcomes:
        same = commodity.same
        first, best = strongest.setdefault(same, (commodity, truth))
        strongest[same] = first, max(best, truth)
    return strongest.values()


def _possible_parameters(asked: Commodity, definitions: Definitions) -> list[Mapping[str, Interval]]:
    """What the question states, together with each of the sets that the name may stand for and that it leaves."""
    stated = asked_intervals(asked.parameters)
    sets = definitions.meaning(asked.name).parameters_one_of if asked.name else ()
    found: list[Mapping[str, Interval]] = []
    for one in sets:
        meant = asked_intervals(one)
        both = stated | {name: limits.both(stated.get(name, Interval())) for name, limits in meant.items()}
        if not any(limits.empty for limits in both.values()):
            found.append(both)
    return found or [stated]


def _line(asked: Commodity, listed: ScopedCommodity, reading: Reading) -> CommodityMatch:
    found = gathered(asked, listed, reading)
    if found.verdict < Verdict.OPEN or not listed.parameters:
        return CommodityMatch(TRUTH[found.verdict], found.because, open=found.open)
    return _with_parameters(asked, listed, found, met(reading.stated, listed.parameters))


TRUTH = {Verdict.NO: Truth.NO, Verdict.FAR: Truth.NO, Verdict.OPEN: Truth.POSSIBLE, Verdict.YES: Truth.YES}


def _with_parameters(
    asked: Commodity, listed: ScopedCommodity, found: Evidence, parameters: ParametersMatch
) -> CommodityMatch:
    """A listed parameter is a condition: unmet, the goods are not listed; unstated, they may be (rules 8, 36)."""
    because = f"{found.because}; {parameters.because}"
    decides = found.verdict is Verdict.YES or found.settled_by_parameters
    if parameters.truth is Truth.NO:
        return CommodityMatch(Truth.NO, because, described=decides)
    if parameters.truth is Truth.YES and decides:
        return CommodityMatch(Truth.YES, because, described=True)
    facts = tuple(_unstated(asked, listed, name, decides=decides) for name in parameters.open)
    return CommodityMatch(Truth.POSSIBLE, because, open=(*found.open, *facts))


def _unstated(asked: Commodity, listed: ScopedCommodity, name: str, *, decides: bool) -> OpenFact:
    """A parameter to be stated: within what is listed, and outside of it."""
    alone = decides and len(listed.parameters) == 1
    truths = {Truth.YES if alone else Truth.POSSIBLE: inside(listed.parameters, name)}
    truths[Truth.NO] = outside(listed.parameters, name)
    outcomes = [
        (asked.model_copy(update={"parameters": {**asked.parameters, **bounds}}), truth)
        for truth, bounds in truths.items()
    ]
    return OpenFact(f"commodity.parameters.{name}", tuple(outcomes))
