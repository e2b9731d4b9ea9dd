"""What a provision is said to be, and what amendments make of it by a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.commodity.match import Definitions, ScopedCommodity, compare
from service.domain.dates import reached
from service.domain.resolve import distinct
from service.domain.restriction.events import Instrument, RestrictionAmended, Volume
from service.domain.scope import Scope
from service.domain.truth import Truth

ReportedLines = Sequence[tuple[ScopedCommodity, Claim]]


@dataclass(frozen=True, slots=True)
class Description:
    """What a provision is said to be. Several kinds or scopes: each is possible, because sources of equal tier
    disagree, or because an amendment may have come."""

    kinds: tuple[str, ...]
    scopes: tuple[Scope, ...]
    label: str | None = None
    instrument: Instrument | None = None
    shares_at_least: tuple[str, ...] = ()
    """Of an affiliates rule: the share in percent from which it reaches, several where equal tiers disagree."""
    volumes: tuple[Volume, ...] = ()
    bars_license_types: tuple[str, ...] = ()
    """Licenses of these types cannot be used for the parties that it names (rule 21)."""

    def amended(self, act: RestrictionAmended, come: Truth) -> "Description":
        """With an amendment. One that has possibly come leaves both possible."""
        kinds, scopes = (self.kinds, self.scopes) if come is Truth.POSSIBLE else ((), ())
        return replace(
            self,
            kinds=tuple(distinct((*kinds, act.kind))) if act.kind else self.kinds,
            scopes=tuple(distinct((*scopes, act.scope))) if act.scope else self.scopes,
            label=act.provision or self.label,
            volumes=tuple(act.volume or self.volumes),
            bars_license_types=tuple(act.bars_license_types or self.bars_license_types),
        )

    def without(self, lines: Sequence[ScopedCommodity]) -> "Description":
        """Without some commodities."""
        return replace(self, scopes=tuple(_without(scope, lines) for scope in self.scopes))


def _without(scope: Scope, lines: Sequence[ScopedCommodity]) -> Scope:
    if scope.commodities == "all":
        return scope
    return scope.model_copy(update={"commodities": [line for line in scope.commodities if line not in lines]})


def steps(first: Description, acts: Iterable[Claim], on: date) -> Iterator[tuple[Claim, Description, Description]]:
    """Each amendment that has come by a day, certainly or possibly, with the description before and after it."""
    said = first
    for act in acts:
        if not isinstance(act.data, RestrictionAmended):
            continue
        come = reached(act.day, on)
        if come is not Truth.NO:
            before, said = said, said.amended(act.data, come)
            yield act, before, said


def described(first: Description, acts: Iterable[Claim], on: date) -> Description:
    """The description with the amendments that have come by a day (rule 12)."""
    return [first, *(after for _, _, after in steps(first, acts, on))][-1]


def any_of_these(found: Sequence[Description]) -> Description:
    """One description that leaves each of several possible. Words for people are those of the first."""
    kinds = tuple(distinct(kind for one in found for kind in one.kinds))
    scopes = tuple(distinct(scope for one in found for scope in one.scopes))
    shares = tuple(distinct(share for one in found for share in one.shares_at_least))
    barred = tuple(distinct(type_ for one in found for type_ in one.bars_license_types))
    return replace(found[0], kinds=kinds, scopes=scopes, shares_at_least=shares, bars_license_types=barred)


def wider_lines(
    said: Description, reported: ReportedLines, definitions: Definitions
) -> tuple[list[ScopedCommodity], list[SetAside]]:
    """The commodities that a lower tier names more widely than a higher one, and the claims that name them.

    A newspaper that speaks of rare-earth magnets says of the announcement that lists some of them nothing more than the
    announcement does. Its words are set aside; goods of another kind that it adds stay, with its own tier.
    """
    wider = [(line, claim) for line, claim in reported if _takes_in(line, said, reported, definitions)]
    reason = "a higher tier says more exactly which goods it is about"
    claims = {claim.event: SetAside(claim.event, claim.tier, reason, False) for _, claim in wider}
    return [line for line, _ in wider], list(claims.values())


def _takes_in(line: ScopedCommodity, said: Description, reported: ReportedLines, definitions: Definitions) -> bool:
    """Whether goods that a higher tier lists are a part of the line."""
    lower = [one for one, _ in reported]
    higher = [one for scope in said.scopes for one in scope.named_goods() if one not in lower]
    whole = line.model_copy(update={"match": "exact"})
    return any(compare(one.plain(), whole, definitions).truth is Truth.YES for one in higher)
