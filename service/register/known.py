"""What was known at one log position, read when it is first asked for and kept for the rest of a request."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Connection

from service.domain.claims import REDACTED
from service.domain.commodity.definition import Definition
from service.domain.commodity.match import ALL_GOODS, NONE_DEFINED
from service.domain.commodity.names import words
from service.domain.determine import Knowledge
from service.domain.fallen import Fallen
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import Asked, Party
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from service.domain.sources import Source
from service.log import read
from service.projections import commodities, companies, knowledge, licenses, restrictions
from service.projections.budget import spend
from service.projections.depends import note, noted
from service.projections.kept import Found, kept_of
from service.projections.read_model import things
from service.register.shapes import KnownAt

NOTHING = Knowledge((), (), NONE_DEFINED, None)


THING_BYTES = 5_000
"""What a restriction or a license takes that is kept folded, and in a list of candidates, as measured."""
NAMES_BYTES = 15_000_000
"""What the definitions take, with the matches of goods that are kept with them."""
PARTY_BYTES = 2_000
"""What a party of a question takes, with the companies that it may be and its owners."""
SMALL_BYTES = 500

Candidate = TypeVar("Candidate")


class Known:
    def __init__(self, connection: Connection, at: KnownAt) -> None:
        self.connection = connection
        self.at = at
        self._seen = at.seen
        # What is kept of an earlier position ends with a redaction, wherever in the log that is.
        kept_of(connection.engine).touches.reach(connection, read.read_head(connection).position)
        self._found: dict[Hashable, tuple[Any, frozenset[str]]] = {}
        self._positions: dict[str, int] = {}
        self._sources: dict[str, Source | None] = {}

    def _once(self, asked: Hashable, find: Callable[[], Found], size: Callable[[Found], int]) -> Found:
        """Found once in a request, and kept for the next one for as long as it stands."""
        kept = kept_of(self.connection.engine)
        return self._of_request(asked, lambda: kept.once(self.connection, self._seen, asked, find, size))

    def _of_request(self, asked: Hashable, find: Callable[[], Found]) -> Found:
        """Found once in a request. What it depends on is noted each time: whatever else follows from it depends on the
        same."""
        if asked not in self._found:
            with noted() as keys:
                found = find()
            self._found[asked] = found, frozenset(keys)
        found, depended_on = self._found[asked]
        note(depended_on)
        return found

    @property
    def controllers(self) -> list[str]:
        return self._once("controllers", lambda: knowledge.controllers(self.connection, self._seen), len)

    @property
    def defined(self) -> knowledge.Defined:
        return self._once("defined", lambda: knowledge.defined(self.connection, self._seen), lambda _: NAMES_BYTES)

    @property
    def goods(self) -> dict[str, list[Definition]]:
        """What was recorded of names of goods, by the name; a name may be defined in several streams."""
        return self._once("goods", self._goods, lambda found: THING_BYTES * len(found))

    def _goods(self) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = {}
        for one in things(self.connection, commodities.MODEL, self._seen):
            found.setdefault(one.name, []).append(one)
        return found

    def goods_called(self, name: str) -> str:
        """The name under which goods are defined that are called so; else the name as it is."""
        return self.defined.commodities.meant_by(name)

    @property
    def names_of_goods(self) -> list[str]:
        """Every name of goods that a definition, a rule or a license knows or knew, in alphabetical order."""
        return self._once("names of goods", self._names_of_goods, lambda found: SMALL_BYTES * len(found))

    def _names_of_goods(self) -> list[str]:
        defined = {name for one in self.goods for name in (one, *self.defined.commodities.meaning(one).parts)}
        listed = (knowledge.names_listed(self.connection, code, self._seen) for code in self.controllers)
        return sorted(defined.union(*listed))

    def names_goods(self, name: str) -> bool:
        """Whether goods on record are called so, whatever signs it is written with."""

        def find() -> frozenset[str]:
            return frozenset(map(words, (ALL_GOODS, *self.names_of_goods)))

        return words(name) in self._once("words of goods", find, lambda found: SMALL_BYTES * len(found))

    def about(self, controller: str) -> Knowledge:
        def find() -> Knowledge:
            return knowledge.about(self.connection, controller, self._seen, self.defined)

        return self._once(("about", controller), find, lambda found: THING_BYTES * len(found.provisions))

    def controlling(self, code: str) -> knowledge.Controller:
        def find() -> knowledge.Controller:
            return knowledge.controlling(self.connection, code, self._seen)

        return self._once(("controlling", code), find, lambda _: SMALL_BYTES)

    def licenses(self, controller: str) -> list[LicenseTimeline]:
        """All that a country licensed."""

        def find() -> list[LicenseTimeline]:
            return knowledge.licensed(self.connection, controller, self._seen)

        return self._once(("licenses", controller), find, _size_of)

    def towards(self, controller: str, country: str) -> tuple[list[RestrictionTimeline], list[LicenseTimeline]]:
        """What a country restricts or licensed that may reach a destination."""

        def find() -> tuple[list[RestrictionTimeline], list[LicenseTimeline]]:
            return knowledge.towards(self.connection, controller, self._seen, country)

        return self._once(("towards", controller, country), find, lambda found: _size_of([*found[0], *found[1]]))

    def concerning(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        """What is known of each of some countries that may bear on a question."""
        held = self._candidates(licenses.candidates, controllers, subject, _by_party(subject))
        rules = self._candidates(restrictions.candidates, controllers, subject, _by_goods(subject))
        return [self._of(code, rules[code], held[code]) for code in controllers]

    def naming(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        """What is known of each of some countries that is about a party of a question, whatever the goods: what lists
        the party or its owners, and the licenses that may be for it."""
        held = self._candidates(licenses.naming, controllers, subject, _parties_of(subject))
        rules = self._candidates(restrictions.naming, controllers, subject, _parties_of(subject))
        return [self._of(code, rules[code], held[code]) for code in controllers]

    def for_everybody(self, country: str) -> dict[str, Knowledge]:
        """What each country restricts for every company of another one."""
        found = restrictions.for_everybody(self.connection, self.controllers, self._seen, country)
        return {code: self._of(code, rules) for code, rules in found.items()}

    def once(self, asked: Hashable, find: Callable[[], Found]) -> Found:
        """Something small that follows from what was known, found once for all who ask."""
        return self._once(asked, find, lambda _: SMALL_BYTES)

    def restricting(self, controllers: Sequence[str], subject: Subject) -> list[Knowledge]:
        """What each of some countries may restrict of what a question is about; read once for the same goods and
        ends."""
        rules = self._candidates(restrictions.candidates, controllers, subject, _by_goods(subject))
        return [self._of(code, rules[code]) for code in controllers]

    def _of(
        self, controller: str, rules: Sequence[RestrictionTimeline], held: Sequence[LicenseTimeline] = ()
    ) -> Knowledge:
        """What is known of a country: some of its rules and licenses, and how far its record reaches."""
        of = self.controlling(controller)
        return Knowledge(
            provisions=rules,
            licenses=held,
            definitions=self.defined.commodities,
            recorded_through=of.recorded_through,
            checked_through=of.checked_through,
            groups=self.defined.groups,
            each=spend,
        )

    def fallen(
        self, controller: str | None, subject: Subject
    ) -> tuple[list[Fallen[RestrictionTimeline]], list[Fallen[LicenseTimeline]]]:
        """A country's restrictions and licenses that may have borne on a question and of which something was set
        aside, as if it had not been; those of all countries for None."""
        countries = [controller] if controller else self._named_countries
        rules = self._candidates(restrictions.fallen_candidates, countries, subject, _by_goods(subject))
        held = self._candidates(licenses.fallen_candidates, countries, subject, _by_party(subject))
        return list(chain.from_iterable(rules.values())), list(chain.from_iterable(held.values()))

    @property
    def _named_countries(self) -> list[str]:
        return self._once("named countries", lambda: knowledge.named_countries(self.connection), len)

    def _candidates(
        self,
        find: Callable[..., dict[str, list[Candidate]]],
        countries: Sequence[str],
        subject: Subject,
        by: Hashable,
    ) -> dict[str, list[Candidate]]:
        """The things of some countries that may bear on a question, by country; `by`: what of it they are found by.

        What they are found by is kept for the next request, and so is each of them: the list is short to make, and
        holds what would leave no room for answers.
        """

        def found() -> dict[str, list[Candidate]]:
            return find(self.connection, countries, self._seen, subject, self.defined.commodities)

        asked = find.__module__, find.__name__, tuple(countries), by
        return self._of_request(asked, found)

    def party(self, party: Party | None, on: date) -> Asked | None:
        return None if party is None else self.participant(party, on)

    def participant(self, party: Party, on: date) -> Asked:
        """A party to a transaction, with what the register knows of it."""

        def find() -> Asked:
            return companies.asked_of(self.connection, party, on, self._seen)

        return self._once(("party", party, on), find, lambda _: PARTY_BYTES)

    def positions(self, events: Sequence[str]) -> dict[str, int]:
        """The log positions of events, by their ids."""
        missing = [event for event in events if event not in self._positions]
        self._positions |= read.positions_of(self.connection, missing)
        return {event: self._positions[event] for event in events}

    def source_of(self, event: str) -> Source | None:
        """The source of an event; None where it was removed."""
        if event not in self._sources:
            recorded = read.by_id(self.connection, event)
            told = recorded is not None and recorded.source != REDACTED
            self._sources[event] = Source.model_validate(recorded.source) if recorded and told else None
        return self._sources[event]


def _by_goods(subject: Subject) -> Hashable:
    return subject.commodity.facts, subject.destination, subject.final_destination


def _parties_of(subject: Subject) -> Hashable:
    ends = subject.destination, subject.final_destination
    return "parties", subject.end_user, subject.exporter, subject.others, ends


def _by_party(subject: Subject) -> Hashable:
    return subject.end_user, subject.exporter, subject.commodity.facts


def _size_of(found: Sequence[object]) -> int:
    return SMALL_BYTES + THING_BYTES * len(found)
