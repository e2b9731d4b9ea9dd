"""A commodity's definition: the codes that its name stands for, and the names of its parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.commodity.codes import RELATIONS
from service.domain.commodity.events import CommodityDefined
from service.domain.commodity.goods import Commodity, Match, Parameters, ScopedCommodity, hs_digits
from service.domain.commodity.names import Definitions, Meaning
from service.domain.resolve import resolve
from service.domain.sources import Tier

CERTAIN_FIRST: tuple[Match, ...] = ("exact", "ex", "reference_only")


@dataclass(frozen=True, slots=True)
class Definition:
    stream: str
    name: str
    title: str | None
    lines: tuple[ScopedCommodity, ...]
    parts: tuple[str, ...]
    complete: bool
    excludes: tuple[str, ...]
    aliases: tuple[str, ...]
    parameters_one_of: tuple[Parameters, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int


def definition_of(ledger: Ledger) -> Definition | None:
    """What a stream says that a name stands for; None where all of it was retracted."""
    defining = [claim for claim in ledger.claims if isinstance(claim.data, CommodityDefined)]
    name, title = resolve("name", defining), resolve("title", defining)
    if name.claim is None:
        return None
    said = [claim.data for claim in defining if isinstance(claim.data, CommodityDefined)]
    complete, meets = resolve("complete", defining), resolve("parameters_one_of", defining)
    return Definition(
        stream=ledger.stream,
        name=name.value,
        title=title.value,
        lines=_lines(defining),
        parts=tuple(dict.fromkeys(part for one in said for part in one.parts)),
        complete=complete.values == (True,),
        excludes=tuple(dict.fromkeys(name for one in said for name in one.excludes)),
        aliases=tuple(dict.fromkeys(alias for one in said for alias in one.aliases)),
        parameters_one_of=() if meets.disputed else tuple(meets.value or ()),
        claims=tuple(defining),
        set_aside=(*ledger.set_aside, *name.set_aside, *complete.set_aside, *meets.set_aside),
        position=ledger.position,
    )


def _lines(defining: Iterable[Claim]) -> tuple[ScopedCommodity, ...]:
    """Each code once, with the flag of the highest tier; of flags that equal tiers disagree about, the weaker."""
    best: dict[tuple[str, ...], tuple[int, ScopedCommodity]] = {}
    for claim in defining:
        for line in claim.data.lines if isinstance(claim.data, CommodityDefined) else ():
            rank, flagged = claim.rank, _flagged(line, claim)
            before = best.get(_codes(line))
            if before is None or (rank, _weakness(flagged)) > (before[0], _weakness(before[1])):
                best[_codes(line)] = rank, flagged
    return tuple(line for _, line in best.values())


def _flagged(line: ScopedCommodity, claim: Claim) -> ScopedCommodity:
    """Commentary verifies no code, whatever flag it writes."""
    return line.model_copy(update={"match": "reference_only"}) if claim.tier is Tier.COMMENTARY else line


def _weakness(line: ScopedCommodity) -> int:
    return CERTAIN_FIRST.index(line.match)


def _codes(line: ScopedCommodity) -> tuple[str, ...]:
    return (
        hs_digits(line.hs or ""),
        line.edition or "",
        (line.control_code or "").upper(),
        line.system or "",
        line.cas or "",
        line.description or "",
        *sorted(f"{name} {value}" for name, value in line.parameters.items()),
    )


def overlapping(definitions: Definitions) -> Iterator[tuple[str, str, str]]:
    """Pairs of names that share a code which each claims all of, and of which neither is a part of the other; with the
    code, the narrower one of the two."""
    exact = [
        (name, line.commodity)
        for name in sorted(definitions.by_name)
        for line in definitions.lines(name)
        if line.of == name and line.commodity.match == "exact"
    ]
    for index, (name, line) in enumerate(exact):
        for other, another in exact[index + 1 :]:
            related = other in definitions.within(name) or name in definitions.within(other)
            if name != other and not related and (code := _shared(line, another)):
                yield name, other, code


def _shared(line: Commodity, other: Commodity) -> str | None:
    for kind, relate in RELATIONS.items():
        for one, wider in ((line, other), (other, line)):
            if relate(one, wider, None) == "under":
                return str(getattr(one, kind))
    return None


def definitions_of(found: Iterable[Definition]) -> Definitions:
    """What names stand for. Of two streams that define one name, both count."""
    by_name: dict[str, Meaning] = {}
    for one in found:
        before = by_name.get(one.name, Meaning(one.name, complete=one.complete))
        by_name[one.name] = Meaning(
            one.name,
            lines=(*before.lines, *one.lines),
            parts=(*before.parts, *(part for part in one.parts if part != one.name)),
            complete=before.complete and one.complete,
            excludes=(*before.excludes, *one.excludes),
            title=before.title or one.title,
            aliases=(*before.aliases, *one.aliases),
            parameters_one_of=before.parameters_one_of or one.parameters_one_of,
        )
    return Definitions(by_name.values())
