"""The answer to a standing question, as far as it is compared: what it says, and the things that its days come from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from service.domain.company.timeline import Company
from service.domain.determine import Knowledge
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import Asked, Party
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from service.feeds.asks import Ask, CompanyAsked, CountryAsked
from service.feeds.touching import key_of, numbered
from service.projections import companies
from service.projections.depends import depends_on
from service.projections.read_model import thing
from service.register import company_status, country_status
from service.register.ask import Determined, answer, told
from service.register.changed import said
from service.register.goods import key_of as key_of_goods
from service.register.known import Known
from service.register.shapes import KnownAt

GONE = "The company is no longer on record."


@dataclass(frozen=True, slots=True)
class Answered:
    """`says` is plain JSON, and two answers that say the same are equal in it. `keys` is what events touch that may
    change it; days may that the streams of `dated` name."""

    headline: str
    says: dict[str, Any]
    keys: frozenset[int] = frozenset()
    dated: frozenset[str] = frozenset()


class Noting(Known):
    """What was known for one question, with a note of the things that it is answered from."""

    def __init__(self, connection: Connection, position: int) -> None:
        super().__init__(connection, KnownAt(position=position, instant=None, root=""))
        self._noted: set[str] = set()

    @property
    def noted(self) -> frozenset[str]:
        """The streams of what was read, and those of groups: who is a member may change with any day."""
        return frozenset({*self._noted, *self.defined.groups})

    def about(self, controller: str) -> Knowledge:
        return self._note([super().about(controller)])[0]

    def licenses(self, controller: str) -> list[LicenseTimeline]:
        found = super().licenses(controller)
        self._noted.update(one.stream for one in found)
        return found

    def towards(self, controller: str, country: str) -> tuple[list[RestrictionTimeline], list[LicenseTimeline]]:
        rules, held = super().towards(controller, country)
        self._noted.update(one.stream for one in rules)
        self._noted.update(one.stream for one in held)
        return rules, held

    def concerning(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        return self._note(super().concerning(controllers, subject))

    def naming(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        return self._note(super().naming(controllers, subject))

    def restricting(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        return self._note(super().restricting(controllers, subject))

    def participant(self, party: Party, on: date) -> Asked:
        found = super().participant(party, on)
        self._noted.update(_companies_of(found))
        return found

    def _note(self, found: list[Knowledge]) -> list[Knowledge]:
        for one in found:
            self._noted.update(provision.stream for provision in one.provisions)
            self._noted.update(license_.stream for license_ in one.licenses)
        return found


def _companies_of(party: Asked) -> Iterator[str]:
    """The company that a party was taken for, those alike, and those that it is related to or owned by."""
    yield from (one for one in (party.company, *(near.company for near in party.near)) if one)
    yield from (company for _, company in (*party.relations, *party.may_relate))
    for owner in party.owners:
        yield from _companies_of(owner.asked)


def answered(ask: Ask, connection: Connection, position: int, on: date) -> Answered:
    """The answer as known at a log position, for a day. An ask for events has none.

    It reads everything anew: what was read for another question would not be noted for this one.
    """
    if ask.events:
        return Answered("", {}, key_of(ask.events.filter))
    known = Noting(connection, position)
    (headline, says), depends = depends_on(lambda: _answer(ask, known, on))
    return Answered(headline, says, numbered(depends.keys), known.noted)


def _answer(ask: Ask, known: Noting, on: date) -> tuple[str, dict[str, Any]]:
    if ask.determination:
        found = answer(ask.determination, known, on)
        return found.headline, said(found)
    if ask.country_status:
        return _of_country(ask.country_status, known, on)
    if ask.company_status:
        return _of_company(ask.company_status, known, on)
    raise LookupError("An ask asks for something.")


def _of_country(asked: CountryAsked, known: Known, on: date) -> tuple[str, dict[str, Any]]:
    wanted = country_status.Wanted(asked.country, asked.role, asked.commodity, asked.controller, "brief")
    headline, found = country_status.every_control(wanted, known, on)
    return headline, rows(found)


def _of_company(asked: CompanyAsked, known: Noting, on: date) -> tuple[str, dict[str, Any]]:
    company = company_of(asked, known)
    if company is None:
        return GONE, {}
    headline, found = company_status.every_standing(company_status.Wanted(company, asked.commodity, "brief"), known, on)
    return headline, rows(found)


def company_of(asked: CompanyAsked, known: Known) -> Company | None:
    return thing(known.connection, companies.MODEL, known.at.seen, asked.company)


def rows(found: Iterable[Determined]) -> dict[str, Any]:
    """What each row of a status says, by what the row is about."""
    return {_about(one): said(told(one)) for one in found}


def _about(one: Determined) -> str:
    question = one.asking.question
    parts = (question.controller, question.destination, *key_of_goods(question.commodity))
    return " ".join(part for part in parts if part)
