"""What was known at one log position, read when it is first asked for and kept for the rest of a request."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from service.domain.claims import REDACTED
from service.domain.commodity.definition import Definition
from service.domain.commodity.match import NONE_DEFINED
from service.domain.determine import Knowledge
from service.domain.fallen import Fallen
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import Asked, Party
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from service.domain.sources import Source
from service.log import read
from service.projections import commodities, companies, knowledge
from service.projections.read_model import things
from service.register.shapes import KnownAt

NOTHING = Knowledge((), (), NONE_DEFINED, None)


class Known:
    def __init__(self, connection: Connection, at: KnownAt) -> None:
        self.connection = connection
        self.at = at
        self._restricting: dict[Hashable, Knowledge] = {}
        self._about: dict[str, Knowledge] = {}
        self._controlling: dict[str, knowledge.Controller] = {}
        self._licenses: dict[str, list[LicenseTimeline]] = {}
        self._parties: dict[tuple[Party, date], Asked] = {}
        self._positions: dict[str, int] = {}
        self._sources: dict[str, Source | None] = {}

    @cached_property
    def controllers(self) -> list[str]:
        return knowledge.controllers(self.connection, self.at.seen)

    @cached_property
    def defined(self) -> knowledge.Defined:
        return knowledge.defined(self.connection, self.at.seen)

    @cached_property
    def goods(self) -> dict[str, list[Definition]]:
        """What was recorded of names of goods, by the name; a name may be defined in several streams."""
        found: dict[str, list[Definition]] = {}
        for one in things(self.connection, commodities.MODEL, self.at.seen):
            found.setdefault(one.name, []).append(one)
        return found

    def goods_called(self, name: str) -> str:
        """The name under which goods are defined that are called so; else the name as it is."""
        return self.defined.commodities.meant_by(name)

    @cached_property
    def names_of_goods(self) -> list[str]:
        """Every name of goods that a definition, a rule or a license knows, in alphabetical order."""
        defined = {name for one in self.goods for name in (one, *self.defined.commodities.meaning(one).parts)}
        rules = (one for code in self.controllers for one in self.about(code).provisions)
        held = (one for code in self.controllers for one in self.licenses(code))
        lines = [line for one in rules for line in one.every_commodity]
        lines += [line.line.commodity for one in held for line in one.every_line]
        return sorted(defined | {line.name for line in lines if line.name})

    def about(self, controller: str) -> Knowledge:
        if controller not in self._about:
            self._about[controller] = knowledge.about(self.connection, controller, self.at.seen, self.defined)
        return self._about[controller]

    def controlling(self, code: str) -> knowledge.Controller:
        if code not in self._controlling:
            self._controlling[code] = knowledge.controlling(self.connection, code, self.at.seen)
        return self._controlling[code]

    def licenses(self, controller: str) -> list[LicenseTimeline]:
        """All that a country licensed."""
        if controller not in self._licenses:
            self._licenses[controller] = knowledge.licensed(self.connection, controller, self.at.seen)
        return self._licenses[controller]

    def concerning(self, controller: str | None, subject: Subject | None) -> Knowledge:
        """What is known of a country that may bear on a question; without one, everything."""
        if controller is None:
            return NOTHING
        if subject is None:
            return replace(self.about(controller), licenses=self.licenses(controller))
        held = knowledge.licensed_for(self.connection, controller, self.at.seen, self.defined, subject)
        return replace(self.restricting(controller, subject), licenses=held)

    def restricting(self, controller: str | None, subject: Subject) -> Knowledge:
        """What may restrict what a question is about; read once for the same goods and ends."""
        if controller is None:
            return NOTHING
        asked = (controller, subject.commodity.facts, subject.destination, subject.final_destination)
        if asked not in self._restricting:
            self._restricting[asked] = knowledge.restricting(
                self.connection, self.controlling(controller), self.at.seen, self.defined, subject
            )
        return self._restricting[asked]

    def fallen(
        self, controller: str | None, subject: Subject
    ) -> tuple[list[Fallen[RestrictionTimeline]], list[Fallen[LicenseTimeline]]]:
        """A country's restrictions and licenses that may have borne on a question and of which something was set
        aside, as if it had not been; those of all countries for None."""
        asked = self.connection, controller, self.at.seen, self.defined, subject
        return knowledge.fallen_restrictions(*asked), knowledge.fallen_licenses(*asked)

    def party(self, party: Party | None, on: date) -> Asked | None:
        return None if party is None else self.participant(party, on)

    def participant(self, party: Party, on: date) -> Asked:
        """A party to a transaction, with what the register knows of it."""
        if (party, on) not in self._parties:
            self._parties[party, on] = companies.asked_of(self.connection, party, on, self.at.seen)
        return self._parties[party, on]

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
