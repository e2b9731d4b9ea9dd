"""A question as people type it into a sheet, in the words of the register: goods by any word for them, end uses and
parameters that a rule or a license for them names, and the country of a party that states none.

A word that nothing on record knows is refused, with those that are spelled alike: passed over, it would change the
answer.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rapidfuzz import process

from service.domain.commodity.match import Commodity
from service.domain.commodity.names import called
from service.domain.commodity.parameters import named
from service.domain.commodity.search import name_of, suggested
from service.domain.countries import known as known_country
from service.domain.end_uses import CLASSES
from service.domain.participants import HOME
from service.domain.parties import NamedParty
from service.errors import FieldError, InvalidRequest
from service.projections import companies
from service.register.ask import Determined
from service.register.known import Known

SLUG = re.compile(r"[a-z0-9_-]{1,100}")
NOT_IN_A_WORD = re.compile(r"[^a-z0-9_-]+")
DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(:00)?", re.ASCII)
SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
ALIKE = 80
"""From which score on a parameter is taken for another one that is misspelled."""
MOST_SUGGESTED = 3
Asked = dict[str, Any]


def in_words_of_record(asked: Asked, known: Known, on: date, pointer: str) -> Asked:
    """The question with goods, end use and homes as the register has them. Raises InvalidRequest."""
    made, goods = dict(asked), dict(asked["commodity"])
    try:
        if name := goods.get("name"):
            goods["name"] = goods_named(name, known)
    except ValueError as unread:
        fault = FieldError(f"{pointer}/commodity", str(unread))
        raise InvalidRequest("The question cannot be read.", [fault]) from unread
    if use := asked.get("end_use"):
        made["end_use"] = NOT_IN_A_WORD.sub("_", use.casefold()).strip("_")
    return made | {"commodity": goods} | dict(_with_homes(asked, known, on))


def check_words(found: Determined, pointer: str) -> None:
    """Raises InvalidRequest for an end use that no rule and no license for the goods names, and for a parameter that
    none asks for and that is spelled like one that is."""
    question = found.asking.question
    faults = [*_unknown_use(question.end_use, found), *_unknown_parameters(question.commodity, found)]
    if faults:
        raise InvalidRequest(
            "The question cannot be read.", [FieldError(f"{pointer}/{at}", said) for at, said in faults]
        )


def _unknown_use(use: str | None, found: Determined) -> Iterator[tuple[str, str]]:
    if use is None or use in CLASSES:
        return
    rules = (scope.end_uses for one in found.whole.considered for scope in one.provision.scopes)
    held = (conditions.end_uses for one in found.whole.licenses for conditions in one.on_day.conditions)
    names = dict.fromkeys(name for uses in (*rules, *held) if uses and uses != "all" for name in uses)
    if use not in names:
        others = [name for name in names if name not in CLASSES][:MOST_SUGGESTED]
        known = " or ".join(["civil", "military", *others])
        yield "end_use", f"no rule and no license for these goods names {use}; write {known}, or leave it empty"


def _unknown_parameters(goods: Commodity, found: Determined) -> Iterator[tuple[str, str]]:
    names = set(_parameters(found)) if goods.parameters else set()
    for name in goods.parameters:
        alike = process.extract(name, names - {named(name)[0]}, score_cutoff=ALIKE, limit=MOST_SUGGESTED)
        if alike and named(name)[0] not in names:
            meant = " or ".join(one for one, _, _ in alike)
            yield "parameters", f"no rule and no license for these goods asks for {name}; did you mean {meant}?"


def _parameters(found: Determined) -> Iterator[str]:
    """The technical parameters that what may concern a question asks for, or that the definition of its goods has."""
    rules = (line for one in found.whole.considered for scope in one.provision.scopes for line in scope.named_goods())
    held = (line.line.commodity for one in found.whole.licenses for line in one.on_day.lines)
    meaning = found.asking.known.defined.commodities.meaning(found.asking.subject.commodity.name or "")
    listed = [line.parameters for line in (*rules, *held, *meaning.lines)]
    yield from (named(one)[0] for parameters in (*listed, *meaning.parameters_one_of) for one in parameters)


def goods_named(text: str, known: Known) -> str:
    """The name of the goods that a text means. Raises ValueError where it means several, or no name can be written so.

    A name that no record knows stays: the answer says so.
    """
    definitions, name = known.defined.commodities, name_of(text)
    if name in definitions:
        return name
    found = sorted(definitions.called_so(text))
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"several goods are called {text}: write {' or '.join(found)}")
    if SLUG.fullmatch(name):
        return name
    said = {one: called(definitions.meaning(one)) for one in known.names_of_goods}
    alike = [one for one, _ in suggested(text, said)][:MOST_SUGGESTED]
    raise ValueError(f"no goods on record are called {text}; {_or_else(alike, 'write what they are as description')}")


def day_typed(cell: str) -> str:
    """26.11.2026 is a day in one way only; with slashes, the month may come first. Raises ValueError."""
    if midnight := MIDNIGHT.fullmatch(cell):
        return midnight[1]
    if dotted := DOTTED_DAY.fullmatch(cell):
        day, month, year = dotted.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if slashed := SLASHED_DAY.fullmatch(cell):
        one, two, year = slashed.groups()
        told = (f"{year}-{month:0>2}-{day:0>2}" for day, month in ((one, two), (two, one)) if int(month) <= 12)
        raise ValueError(f"with slashes, the month or the day may come first: write {' or '.join(dict.fromkeys(told))}")
    return cell


def _or_else(alike: Sequence[str], otherwise: str) -> str:
    return f"did you mean {' or '.join(alike)}?" if alike else otherwise


def _with_homes(asked: Asked, known: Known, on: date) -> Iterator[tuple[str, Asked]]:
    for role, place in HOME.items():
        party = asked.get(role)
        if party and "name" in party and "country" not in party and (taken := asked.get(place)):
            yield role, party | {"country": _home(party["name"], taken, known, on)}


def _home(name: str, taken: str, known: Known, on: date) -> str:
    """The country of the companies on record that have the very name, where it is one; else the one it is taken for."""
    try:
        asked = known.participant(NamedParty(name=name, country=known_country(taken)), on)
    except ValueError:
        return taken  # What is wrong with the name or the country is told by the question's own shape.
    if asked.company:
        return taken
    same = [one.company for one in asked.near if one.how == "other_country" and asked.names & one.names]
    on_record = companies.CompaniesAt(known.connection, known.at.seen)
    homes = {found.country for stream in same if (found := on_record.get(stream))}
    return homes.pop() if len(homes) == 1 else taken
