"""Which changes a calendar is asked for: of some goods, of a company, or of what is watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.api.http.parameters import commodity_of
from service.api.restrictions import company_party, names_party
from service.domain.commodity.match import Commodity
from service.domain.commodity.names import Definitions
from service.domain.license.timeline import LicenseTimeline
from service.domain.license.wanted import Wanted
from service.domain.parties import Asked, RegisteredParty
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Scope, match_commodities, match_destination
from service.domain.truth import Truth
from service.feeds import store
from service.feeds.asks import Ask
from service.register.known import Known

MOST_WATCHED = 100
"""Of how many watches a calendar of the watched questions is made: each looks at everything that changes."""


@dataclass(frozen=True)
class About:
    """Which things are wanted: of some goods, of a company, or all of them."""

    on: date
    commodity: Commodity | None
    company: Asked | None
    definitions: Definitions

    @classmethod
    def of(cls, known: Known, on: date, commodity: str | None, company: str | None) -> "About":
        """As a client writes them. Raises InvalidRequest for goods that cannot be read."""
        party = known.party(company_party(company), on) if company else None
        return cls(on, commodity_of(commodity), party, known.defined.commodities)

    def restriction(self, provision: RestrictionTimeline) -> bool:
        scopes = provision.on(self.on).scopes if self.commodity or self.company else ()
        found = [
            match_commodities(self.commodity, one.commodities, self.definitions) for one in scopes if self.commodity
        ]
        goods = not self.commodity or any(one.truth is not Truth.NO for one in found)
        return goods and (self.company is None or any(names_party(one, self.company) for one in scopes))

    def license(self, license_: LicenseTimeline) -> bool:
        wanted = Wanted(self.on, company=self.company, commodity=self.commodity, definitions=self.definitions)
        return wanted.meets(license_)


@dataclass(frozen=True)
class Bearing:
    """What may concern a watched question: of its controlling country, its destination, and what it is about."""

    controller: str | None
    destination: str | None
    about: About

    def restriction(self, provision: RestrictionTimeline) -> bool:
        own = self.controller in (None, provision.controller)
        there = own and any(_reaches(scope, self.destination) for scope in provision.every_scope)
        return there and self.about.restriction(provision)

    def license(self, license_: LicenseTimeline) -> bool:
        own = self.controller in (None, license_.issuer)
        return own and _is_for(license_, self.destination) and self.about.license(license_)


@dataclass(frozen=True)
class Watched:
    """What may concern any of the watched questions."""

    questions: Sequence[Bearing]

    @classmethod
    def of(cls, known: Known, on: date) -> "Watched":
        watches = store.page(known.connection, "", MOST_WATCHED)
        return cls([found for one in watches if (found := _bearing(one.ask, known, on))])

    def restriction(self, provision: RestrictionTimeline) -> bool:
        return any(one.restriction(provision) for one in self.questions)

    def license(self, license_: LicenseTimeline) -> bool:
        return any(one.license(license_) for one in self.questions)


def _bearing(ask: Ask, known: Known, on: date) -> Bearing | None:
    """None for a watch that waits for events.

    The company of a determination narrows nothing: a rule for everybody concerns it.
    """
    names = known.defined.commodities
    if asked := ask.determination:
        return Bearing(asked.controller, asked.destination, About(on, asked.commodity, None, names))
    if status := ask.country_status:
        destination = status.country if status.role == "destination" else None
        return Bearing(ask.controller, destination, About(on, status.commodity, None, names))
    if of_company := ask.company_status:
        company = known.party(RegisteredParty(company=of_company.company), on)
        return Bearing(None, None, About(on, of_company.commodity, company, names))
    return None


def _reaches(scope: Scope, destination: str | None) -> bool:
    return match_destination(destination, scope.destinations).truth is not Truth.NO


def _is_for(license_: LicenseTimeline, destination: str | None) -> bool:
    """A license whose destination nobody states may be for any."""
    stated = license_.every_destination
    return destination is None or not stated or bool({destination, "all"} & set(stated))
