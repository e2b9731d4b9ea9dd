"""Whether a party asked about is meant by one that a record lists, and how the two were matched (rules 1 to 4).

Doubt never clears. So the same doubt weighs differently on the two sides: a name that may be a listed one makes a
restriction possible, and it makes no license usable and no exemption apply.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import NamedTuple

from service.domain.company.alike import NameIndex, compared
from service.domain.company.names import normalized, read
from service.domain.countries import in_sentence
from service.domain.parties import (
    UNNAMED,
    Asked,
    ClassParty,
    DescribedParty,
    How,
    NamedParty,
    Near,
    Party,
    PartyClass,
    RegisteredParty,
    UndisclosedParty,
)
from service.domain.quantities import Count
from service.domain.truth import Truth


class Under(Enum):
    """What a list of parties does to those on it: it restricts them, or it permits something (a license, an exemption,
    the exceptions of a restriction)."""

    RESTRICTION = "restriction"
    PERMISSION = "permission"

    @property
    def other(self) -> "Under":
        return Under.PERMISSION if self is Under.RESTRICTION else Under.RESTRICTION


@dataclass(frozen=True, slots=True)
class PartyMatch:
    """Whether a party is meant, whether by its name, and why. A class member is meant; it is not named.

    `how` and `score` (0 to 100) say how the names were matched, and `listed` is the name on the list. A match that is
    only a suggestion is NO and has them too.
    """

    truth: Truth
    named: bool
    because: str
    how: How | None = None
    score: int | None = None
    listed: str | None = None


class Likeness(NamedTuple):
    """How a name that a party has agrees with another name."""

    how: How
    score: int
    lacks_form: bool = False


def likeness(asked: Asked, name: str, country: str | None) -> Likeness | None:
    """The closest that any name of a party comes to a name, normalized, of a country; None: they are not alike."""
    found = (_likeness(asked, own, name, country) for own in (*asked.names, *asked.shared_names))
    return max((one for one in found if one), key=_closeness, default=None)


def _closeness(one: Likeness) -> tuple[bool, int, bool]:
    return one.how in IDENTIFIES, one.score, one.lacks_form


IDENTIFIES = ("identifier", "name", "alias")


def _at_all(asked: Asked, name: str, country: str | None) -> Likeness | None:
    """The likeness of a party to a name, or that of a company that it may be and that has the name (rule 3)."""
    found = likeness(asked, name, country)
    if found and found.how in IDENTIFIES:
        return found
    by_others = (one for near in asked.near if (one := _by_another(asked, near, name)))
    return max((one for one in (found, *by_others) if one), key=_closeness, default=None)


def _by_another(asked: Asked, near: Near, name: str) -> Likeness | None:
    """The likeness by a name of a company that the party may be. Which is alike only by its spelling is meant by its
    own names alone: what is alike to what is alike says nothing."""
    core = read(name).core
    if any(read(other).core == core for other in near.names):
        return Likeness(near.how, near.score, near.lacks_form)
    if near.how == "alike" or not name:
        return None
    found = [compared(read(other), read(name), asked.alike_from) for other in near.names if other]
    scores = [one[1] for one in found if one]
    return Likeness("alike", max(scores)) if scores else None


def _likeness(asked: Asked, own: str, name: str, country: str | None) -> Likeness | None:
    one, other = read(own), read(name)
    found = compared(one, other, asked.alike_from) if own and name else None
    if found is None:
        return None
    how, score = found
    if how == "alike":
        return Likeness("alike", score)
    if country not in (None, asked.country):
        return Likeness("other_country", score)
    if how == "same_but_form":
        return Likeness("same_but_form", score, not (one.forms and other.forms))
    if own not in asked.names:
        return Likeness("namesake", score)
    return Likeness("alias" if own in asked.aliases else "name", score)


def meant(asked: Asked, listed: Party, under: Under) -> PartyMatch:
    """Whether a listed party means the party asked about. Membership of a class is not identity."""
    if isinstance(listed, RegisteredParty):
        return _registered(asked, listed, under)
    if isinstance(listed, NamedParty):
        return _named(asked, listed, under)
    if isinstance(listed, ClassParty):
        return _class(asked, listed.class_)
    if listed.country and asked.country and listed.country != asked.country and isinstance(listed, UndisclosedParty):
        return PartyMatch(Truth.NO, False, f"{asked.label} is not of {in_sentence(listed.country)}")
    if isinstance(listed, DescribedParty):
        return _described(asked, listed, under)
    return PartyMatch(Truth.POSSIBLE, False, f"an undisclosed party may mean {asked.label}")


def _registered(asked: Asked, listed: RegisteredParty, under: Under) -> PartyMatch:
    if asked.company == listed.company:
        return PartyMatch(Truth.YES, True, f"{listed.company} is named", asked.found_by, 100, listed.company)
    near = next((one for one in asked.near if one.company == listed.company), None)
    if near is not None:
        name = f"{near.name} ({listed.company})"
        return _suggested(asked, name, Likeness(near.how, near.score, near.lacks_form), under)
    return _other_name(asked, listed.company)


def _named(asked: Asked, listed: NamedParty, under: Under) -> PartyMatch:
    found = _at_all(asked, normalized(listed.name), listed.country)
    name = f"{listed.name} ({listed.country})"
    if found is None:
        return _other_name(asked, listed.name)
    if found.how in IDENTIFIES:
        return PartyMatch(Truth.YES, True, f"{name} is named", found.how, found.score, listed.name)
    return _suggested(asked, name, found, under)


SAYS: dict[How, str] = {
    "same_but_form": "{asked} and the listed {name} differ in nothing but the legal form",
    "alike": "{asked} is spelled like the listed {name}: {score} of 100",
    "other_country": "the listed {name} has the name of {asked}, and another country",
    "namesake": "the listed {name} has a name of several companies, {asked} among them",
    "described": "{asked} is spelled as the listed {name} is described",
}


def _suggested(asked: Asked, name: str, found: Likeness, under: Under) -> PartyMatch:
    """What is matched by its name and not identified (rule 2): possible where it restricts; where it permits, only if
    nothing but a missing legal form is between the two names."""
    possible = under is Under.RESTRICTION or (found.how == "same_but_form" and found.lacks_form)
    because = SAYS[found.how].format(asked=asked.label, name=name, score=found.score)
    if not possible:
        because = f"{asked.label} is not named: {because}"
    return PartyMatch(Truth.POSSIBLE if possible else Truth.NO, False, because, found.how, found.score, name)


def _other_name(asked: Asked, name: str) -> PartyMatch:
    if asked.form in UNNAMED:
        return PartyMatch(Truth.POSSIBLE, False, f"{asked.label} may be {name}")
    return PartyMatch(Truth.NO, False, f"{asked.label} is not {name}")


def _described(asked: Asked, listed: DescribedParty, under: Under) -> PartyMatch:
    """A description reaches who is described in the same words, and who has a relation on record to a company that it
    speaks of (rule 4). Nobody is named by it."""
    words, what = normalized(listed.described), f'"{listed.described}"'
    if asked.form in UNNAMED:
        return _of_unnamed(asked, listed, words, what)
    found = _at_all(asked, words, listed.country)
    if found and found.how in IDENTIFIES:
        because = SAYS["described"].format(asked=asked.label, name=what)
        return PartyMatch(Truth.YES, False, because, "described", found.score, listed.described)
    if found:
        return _suggested(asked, what, found, under)
    of_the_country = listed.country in (None, asked.country)
    if of_the_country and any(f" {name} " in f" {read(words).core} " for name in asked.related_names):
        because = f"{what} may mean {asked.label}, which has a relation on record to a company of that name"
        return PartyMatch(Truth.POSSIBLE, False, because, "described", listed=listed.described)
    return PartyMatch(Truth.NO, False, f"{asked.label} is not described as {what}, and no relation on record says so")


def _of_unnamed(asked: Asked, listed: DescribedParty, words: str, what: str) -> PartyMatch:
    if listed.country and asked.country and listed.country != asked.country:
        return PartyMatch(Truth.NO, False, f"{asked.label} is not of {in_sentence(listed.country)}")
    same = asked.described == words
    because = f"{what} is described in the same words" if same else f"{what} may mean {asked.label}"
    return PartyMatch(Truth.YES if same else Truth.POSSIBLE, False, because, "described" if same else None)


def _class(asked: Asked, listed: PartyClass) -> PartyMatch:
    truth, what = Truth.YES, []
    if listed.country:
        what.append(f"companies of {in_sentence(listed.country)}")
        truth = Truth.POSSIBLE if asked.country is None else Truth(2 * (asked.country == listed.country))
    if listed.relation and listed.company:
        what.append(f"{listed.relation} {listed.company}")
        truth = min(truth, _related(asked, (listed.relation, listed.company)))
    verb = {Truth.YES: "is one of", Truth.POSSIBLE: "may be one of", Truth.NO: "is none of"}[truth]
    return PartyMatch(truth, False, f"{asked.label} {verb} the {' and '.join(what)}")


def _related(asked: Asked, relation: tuple[str, str]) -> Truth:
    """Nothing passes between companies without a dated relation on record. Who is not named may have any."""
    if relation in asked.relations:
        return Truth.YES
    return Truth.POSSIBLE if asked.form in UNNAMED or relation in asked.may_relate else Truth.NO


def strongest(matches: Iterable[PartyMatch]) -> PartyMatch:
    """The best of several matches; one by name before one by class, and one by a closer name before another."""
    return max(matches, key=_strength)


def _strength(one: PartyMatch) -> tuple[Truth, bool, bool, int, str]:
    return one.truth, one.named, one.how is not None, one.score or 0, one.how or ""


@dataclass(slots=True)
class PartyList:
    """The parties of a list, with an index of their names: a question is held against the few that may be meant."""

    parties: Sequence[Party]
    by_stream: dict[str, list[Party]] = field(default_factory=dict)
    by_name: NameIndex[Party] = field(default_factory=NameIndex)
    described: list[Party] = field(default_factory=list)
    unnamed: list[Party] = field(default_factory=list)
    """Classes, and those undisclosed."""

    def __post_init__(self) -> None:
        for party in self.parties:
            if isinstance(party, RegisteredParty):
                self.by_stream.setdefault(party.company, []).append(party)
            elif isinstance(party, NamedParty):
                self.by_name.add(normalized(party.name), party)
            elif isinstance(party, DescribedParty):
                self.by_name.add(normalized(party.described), party)
                self.described.append(party)
            else:
                self.unnamed.append(party)

    def named(self, country: str | None) -> int:
        """How many of its parties are named: of a country, where one is given. A registered one may be of any."""
        kinds = (RegisteredParty, NamedParty)
        of = [party for party in self.parties if isinstance(party, kinds)]
        return len([party for party in of if country in (None, getattr(party, "country", country))])


def screened(asked: Asked, listed: PartyList, under: Under, *, named_alone: bool = False) -> PartyMatch:
    """The strongest match of a party with those of a list that is not empty.

    `named_alone`: only those count whom the list names or describes, and no class.
    """
    candidates = listed.parties if asked.form in UNNAMED else list(_candidates(asked, listed, named_alone))
    found = strongest(_with_count(asked, one, listed, under) for one in candidates) if candidates else None
    if found is not None and (found.truth is not Truth.NO or found.how or len(listed.parties) == 1):
        return found
    if len(listed.parties) == 1 and not named_alone:
        return meant(asked, listed.parties[0], under)
    return PartyMatch(Truth.NO, False, f"{asked.label} is none of the {len(listed.parties)} listed")


def named_in(asked: Asked, listed: PartyList, under: Under) -> Truth:
    """Whether a list names a party, by its stream or by a name: a class or a description names nobody."""
    named = (one for one in _like(asked, listed) if not isinstance(one, DescribedParty))
    return max((meant(asked, one, under).truth for one in named), default=Truth.NO)


def _like(asked: Asked, listed: PartyList) -> Iterator[Party]:
    for company in (asked.company, *(one.company for one in asked.near)):
        yield from listed.by_stream.get(company or "", ())
    for name in (*asked.names, *asked.shared_names):
        yield from listed.by_name.find(name, asked.alike_from)
    for near in asked.near:
        find = listed.by_name.called if near.how == "alike" else partial(listed.by_name.find, least=asked.alike_from)
        for name in near.names:
            yield from find(name)


def _candidates(asked: Asked, listed: PartyList, named_alone: bool) -> Iterator[Party]:
    """Those of a list that may mean a party with a name or a stream."""
    yield from _like(asked, listed)
    if asked.related_names:
        yield from listed.described
    if not named_alone:
        yield from listed.unnamed


def _with_count(asked: Asked, one: Party, listed: PartyList, under: Under) -> PartyMatch:
    """A match; of the members of a list whom nobody names, with how many of all are named (rule 4)."""
    found = meant(asked, one, under)
    if not isinstance(one, UndisclosedParty) or one.count is None or found.truth is Truth.NO:
        return found
    named, more = listed.named(one.country), one.count
    whole = f"at least {named + more.min}" if isinstance(more, Count) and more.max != more.min else named + _least(more)
    return replace(found, because=f"{asked.label} may be one whom nobody names: {named} of {whole} are named")


def _least(count: int | Count) -> int:
    return count.min if isinstance(count, Count) else count
