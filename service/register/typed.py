"""A question as people type it into a sheet, in the words of the register: goods by any word for them, end uses and
parameters that something on record asks for, and the country of a party that states none.

A word that nothing on record knows is refused, with those that are spelled alike: passed over, it would change the
answer.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from rapidfuzz import process

from service.domain.commodity.names import called
from service.domain.commodity.parameters import named
from service.domain.commodity.search import name_of, suggested
from service.domain.countries import known as known_country
from service.domain.end_uses import CLASSES
from service.domain.parties import NamedParty
from service.errors import FieldError, InvalidRequest
from service.projections import companies
from service.register.known import Known

SLUG = re.compile(r"[a-z0-9_-]{1,100}")
NOT_IN_A_WORD = re.compile(r"[^a-z0-9_-]+")
LEAST_LIKE = 60
"""From which score on a word on record is worth a suggestion."""
MOST_SUGGESTED = 3
HOME = {"end_user": "destination", "exporter": "controller"}
"""Where a party is taken to be that states no country: where the goods go to, or come from."""
Asked = dict[str, Any]


def in_words_of_record(asked: Asked, known: Known, on: date, pointer: str) -> Asked:
    """The question with goods, end use, parameters and homes as the register has them. Raises InvalidRequest."""
    faults = list[FieldError]()

    def read(at: str, reader: Callable[[], Any]) -> Any:
        try:
            return reader()
        except ValueError as unread:
            faults.append(FieldError(f"{pointer}/{at}", str(unread)))
            return None

    made, goods = dict(asked), dict(asked["commodity"])
    if name := goods.get("name"):
        goods["name"] = read("commodity", lambda: goods_named(name, known))
    if stated := goods.get("parameters"):
        read("parameters", lambda: check_parameters(stated, known.names_of_parameters))
    if use := asked.get("end_use"):
        made["end_use"] = read("end_use", lambda: end_use(use, lambda: known.names_of_end_uses))
    if faults:
        raise InvalidRequest("The question cannot be read.", faults)
    return made | {"commodity": goods} | dict(_with_homes(asked, known, on))


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


def end_use(text: str, on_record: Callable[[], Sequence[str]]) -> str:
    """`civil` and `military` in any case, and what a rule or a license names. Raises ValueError."""
    use = NOT_IN_A_WORD.sub("_", text.casefold()).strip("_")
    if use in CLASSES or use in on_record():
        return use
    alike = _alike(use, on_record())
    raise ValueError(f"{text} is no end use on record; write {' or '.join(['civil', 'military', *alike])}")


def check_parameters(stated: dict[str, str], on_record: Sequence[str]) -> None:
    """Raises ValueError for one that nothing on record asks for, where anything asks for any."""
    for name in (one for one in stated if on_record and named(one)[0] not in on_record):
        instead = _or_else(_alike(name, on_record), f"known are {', '.join(on_record[:20])}")
        raise ValueError(f"nothing on record asks for {name}; {instead}")


def _alike(word: str, on_record: Sequence[str]) -> list[str]:
    found = process.extract(word, on_record, score_cutoff=LEAST_LIKE, limit=MOST_SUGGESTED)
    return [one for one, _, _ in found]


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
