"""Which licenses a list asks for: of a destination, a company in any role, goods, a state, an issuer, on a day."""

from dataclasses import dataclass, field
from datetime import date

from service.domain.commodity.match import Commodity
from service.domain.commodity.names import Definitions
from service.domain.license.on_day import LicenseOnDay
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import Asked
from service.domain.scope import match_commodities
from service.domain.screening import Under, meant
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is not given is not asked for. A license that does not state a thing is not found by it."""

    on: date
    destination: str | None = None
    company: Asked | None = None
    commodity: Commodity | None = None
    state: str | None = None
    issuer: str | None = None
    definitions: Definitions = field(default_factory=Definitions)

    def meets(self, license_: LicenseTimeline) -> bool:
        if self.issuer not in (None, license_.issuer):
            return False
        on_day = license_.on(self.on)
        return self.state in (None, on_day.state.word) and self._is_for(on_day)

    def _is_for(self, license_: LicenseOnDay) -> bool:
        """Whether it is for the destination, names the company, and is possibly for the goods."""
        there = self.destination is None or bool({self.destination, "all"} & set(license_.destinations))
        return there and self._names(license_) and self._has_goods(license_)

    def _names(self, license_: LicenseOnDay) -> bool:
        if self.company is None:
            return True
        found = [meant(self.company, one.party, Under.PERMISSION) for one in license_.parties]
        return any(match.named and match.truth is Truth.YES for match in found)

    def _has_goods(self, license_: LicenseOnDay) -> bool:
        if self.commodity is None:
            return True
        goods = [line.line.commodity for line in license_.terms.lines]
        return bool(goods) and match_commodities(self.commodity, goods, self.definitions).truth is not Truth.NO
