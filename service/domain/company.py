"""A company as the register knows it: its names, its country, its numbers."""

from dataclasses import dataclass

from service.domain.catalogue.company import CompanyIdentified, CompanyRegistered, Identifier
from service.domain.claims import Claim, Ledger, SetAside
from service.domain.parties import Asked, DescribedParty, NamedParty, Party, RegisteredParty, normalized
from service.domain.resolve import resolve


@dataclass(frozen=True, slots=True)
class Company:
    stream: str
    name: str
    country: str
    aliases: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

    @property
    def names(self) -> frozenset[str]:
        """Every name it goes by, normalized."""
        return frozenset(normalized(name) for name in (self.name, *self.aliases))


def company_of(ledger: Ledger) -> Company | None:
    """The company that a stream is about; None where its registration was retracted."""
    registered = [claim for claim in ledger.claims if isinstance(claim.data, CompanyRegistered)]
    name, country = resolve("name", registered), resolve("country", registered)
    if name.claim is None:
        return None
    known = [claim.data for claim in ledger.claims if isinstance(claim.data, CompanyRegistered | CompanyIdentified)]
    return Company(
        stream=ledger.stream,
        name=name.value,
        country=country.value,
        aliases=tuple(dict.fromkeys(alias for data in known for alias in data.aliases)),
        identifiers=tuple({(i.scheme, i.value): i for data in known for i in data.identifiers}.values()),
        claims=ledger.claims,
        set_aside=(*ledger.set_aside, *name.set_aside, *country.set_aside),
        position=ledger.position,
    )


def asked(party: Party, company: Company | None) -> Asked:
    """A party that a question names, with what the register knows of it: `company` where it is registered."""
    if company is not None:
        return Asked(company.stream, company.names, company.country, label=company.name)
    if isinstance(party, NamedParty):
        return Asked(None, frozenset({normalized(party.name)}), party.country, label=party.name)
    if isinstance(party, RegisteredParty):
        return Asked(party.company, frozenset(), None, label=party.company)
    if isinstance(party, DescribedParty):
        return Asked(None, frozenset(), party.country, form="described", label=f'"{party.described}"')
    country = getattr(party, "country", None) or getattr(getattr(party, "class_", None), "country", None)
    return Asked(None, frozenset(), country, form="undisclosed", label="the party")
