"""A listing or a license that names a company, as its status shows it."""

from service.domain.license.considered import LicenseConsidered
from service.domain.restriction.considered import Considered
from service.domain.scope import Dimension
from service.domain.truth import Truth
from service.register import titles
from service.register.answered import listed_party
from service.register.citations import Citations
from service.register.parts import NamedBy

ROLES = {"end_users": "end_user", "exporters": "exporter", "owners": "owned"}


def named_by_listing(one: Considered, party: Dimension, cite: Citations) -> NamedBy:
    provision = one.provision
    return NamedBy(
        restriction=provision.stream,
        title=titles.provision(provision),
        number=titles.number(provision),
        controller=provision.controller,
        control=one.control,
        state=one.state.word,
        role=ROLES.get(party.name, party.name),
        match=party.truth.word,
        party=listed_party(party),
        because=party.because,
        since=provision.since,
        through=provision.through,
        sources=cite.of(provision.claims),
    )


def named_by_license(one: LicenseConsidered, cite: Citations) -> NamedBy:
    validity = one.on_day.validity
    parties = [each for each in one.match.dimensions if each.name in ("licensee", "end_user")]
    named = next((each for each in parties if each.truth is Truth.YES), parties[0] if parties else None)
    return NamedBy(
        license=one.license.stream,
        title=titles.license_(one.on_day),
        controller=one.license.issuer,
        state=one.on_day.state.word,
        role=named.name if named else "party",
        match=one.parties.truth.word,
        because=named.because if named else "it names the company",
        since=validity.from_ if validity else None,
        through=validity.through if validity else None,
        sources=cite.of(one.license.claims),
    )
