"""The parties of a license held against those that a question names: who is meant, who says so, what stays open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from service.domain.license.terms import LicenseParty, Terms
from service.domain.parties import UNNAMED, Asked, ClassParty, NamedParty, RegisteredParty, UndisclosedParty
from service.domain.scope import Dimension, Subject
from service.domain.screening import Under, meant, strongest
from service.domain.sources import Tier
from service.domain.truth import Truth, all_of

RECEIVERS = ("end_user", "consignee")
"""In which roles of a license whoever receives the goods may stand; of a general one, as a customer too."""
OTHERS = {"intermediary": "intermediate"}
"""What a role of a question is called in a license, where that is another word."""
OR_THERE = {"consignee": ("end_user",)}
"""Where else a party in a role may stand: goods may be consigned to the end user."""
NAMED_BY = {Tier.ISSUER_TEXT, Tier.ISSUER_STATEMENT, Tier.HOLDER}
"""Whose naming of a party confirms it: the issuing authority, in its text or words, and the holder itself."""


@dataclass(frozen=True, slots=True)
class Parties:
    """How the parties of a license meet those asked about. `named`: by whose word all of them hold it, if by anyone's.

    `names` are the roles of the parties asked about that it names, and not merely as members of a class. `unnamed` are
    its roles that are limited to somebody, and in which the question names nobody of them (rule 27). `doubts` say what
    leaves it open whether those asked about are meant. `told_of`: a source says something of who they are.
    `open_to_all`: it is an open general license, by the issuer's own text.
    """

    truth: Truth
    named: Tier | None
    dimensions: tuple[Dimension, ...] = ()
    names: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    told_of: bool = True
    open_to_all: bool = False

    @classmethod
    def agreed(cls, found: Sequence["Parties"]) -> "Parties":
        """What holds under each of several terms. Whoever is not meant under all of them is possibly meant."""
        truths = {one.truth for one in found}
        return replace(
            found[0],
            truth=truths.pop() if len(truths) == 1 else Truth.POSSIBLE,
            names=frozenset.intersection(*(one.names for one in found)),
            unnamed=tuple(dict.fromkeys(role for one in found for role in one.unnamed)),
            doubts=tuple(dict.fromkeys(doubt for one in found for doubt in one.doubts)),
            told_of=any(one.told_of for one in found),
            open_to_all=all(one.open_to_all for one in found),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A party asked about, and the roles of a license in which it may stand."""

    role: str
    roles: tuple[str, ...]
    party: Asked


@dataclass(frozen=True, slots=True)
class _Found:
    """How one party asked about is meant. `by`: the tier that names it, or every member of its class."""

    dimension: Dimension
    by: Tier | None = None
    named: bool = False
    doubt: str | None = None


def parties_of(type_: str, terms: Terms, subject: Subject) -> Parties:
    asked = [*_asked(type_, subject), *_others(terms, subject)]
    open_to_all = any(_open_to_all(type_, one) for one in terms.in_role("licensee"))
    found = [_found(type_, terms, one, open_to_all=open_to_all) for one in asked]
    tiers = [one.by for one in found if one.by]
    return Parties(
        truth=all_of(one.dimension.truth for one in found),
        named=weaker(tiers) if found and len(tiers) == len(found) else None,
        dimensions=tuple(one.dimension for one in found),
        names=frozenset(one.role for one, how in zip(asked, found, strict=True) if how.named),
        doubts=tuple(dict.fromkeys(one.doubt for one in found if one.doubt)),
        unnamed=tuple(_unnamed(type_, terms, asked)),
        told_of=not asked or any(_says_who(one) for each in asked for one in terms.in_role(*each.roles)),
        open_to_all=open_to_all,
    )


def _asked(type_: str, subject: Subject) -> list[_Asked]:
    """Who receives the goods is asked about as the end user: also a consignee, and a customer of a general license."""
    receivers = (*RECEIVERS, *(("customer",) if type_ == "general" else ()))
    roles = (("licensee", ("licensee",), subject.exporter), ("end_user", receivers, subject.end_user))
    return [_Asked(role, stands_as, party) for role, stands_as, party in roles if party is not None]


def roles_of_users(subject: Subject) -> frozenset[str]:
    """The roles in a license of those on whom a list of end users bears; the exporter's, where nobody else is named."""
    asked = [*(["end_user"] if subject.end_user else []), *(OTHERS.get(role, role) for role, _ in subject.others)]
    return frozenset(asked or ["licensee"])


def _others(terms: Terms, subject: Subject) -> list[_Asked]:
    """The other parties of the question, in roles that the license limits; who else takes part, it leaves open."""
    others = [(OTHERS.get(role, role), party) for role, party in subject.others]
    return [_Asked(role, (role, *OR_THERE.get(role, ())), party) for role, party in others if terms.in_role(role)]


def _found(type_: str, terms: Terms, asked: _Asked, *, open_to_all: bool) -> _Found:
    """Whether a party asked about is meant by those in its roles, and by which tier's word."""
    listed, role = terms.in_role(*asked.roles), asked.role
    if not listed and open_to_all:
        return _Found(Dimension(role, Truth.YES, f"it is for every {role.replace('_', ' ')}"), Tier.ISSUER_TEXT)
    if not listed:
        because = f"no source says who its {role.replace('_', ' ')} is"
        return _Found(Dimension(role, Truth.POSSIBLE, because), doubt="party_not_stated")
    # A license permits: a name that is merely alike makes it no more than a suggestion (rule 2).
    matches = [(one, meant(asked.party, one.party, Under.PERMISSION)) for one in listed]
    best = strongest(match for _, match in matches)
    certain = [(one, match) for one, match in matches if match.truth is Truth.YES]
    by = [one.claim.tier for one, match in certain if match.named or _every_member(type_, one)]
    # Whose name is merely alike is told, too, and nobody of another name.
    doubtful = not by and (best.truth is not Truth.NO or best.how is not None)
    return _Found(
        Dimension(role, best.truth, best.because, party=best),
        by=stronger(by) if by else None,
        named=any(match.named for _, match in certain),
        doubt=_doubt(asked.party, [one for one, match in matches if match.truth is best.truth]) if doubtful else None,
    )


def _doubt(asked: Asked, meant_most: Sequence[LicenseParty]) -> str:
    """Why the party asked about is not certain to be meant: it is spelled alike, or one of those whom nobody names."""
    named = any(isinstance(one.party, (NamedParty, RegisteredParty)) for one in meant_most)
    return "named_alike" if named and asked.form not in UNNAMED else "class_member"


def _every_member(type_: str, one: LicenseParty) -> bool:
    """Whether every member of a class is meant, and not some whom nobody names (rule 22)."""
    return isinstance(one.party, ClassParty) and (one.party.class_.members == "every" or _open_to_all(type_, one))


def _open_to_all(type_: str, one: LicenseParty) -> bool:
    """Whether it makes a license an open general one: the issuer's own text gives it to a class, by its conditions."""
    by_its_text = type_ == "general" and one.role == "licensee" and one.claim.tier is Tier.ISSUER_TEXT
    return by_its_text and isinstance(one.party, ClassParty) and one.party.class_.members != "some"


def _unnamed(type_: str, terms: Terms, asked: Sequence[_Asked]) -> Iterator[str]:
    """The roles that are limited to somebody whom the question does not name there: it names nobody, or another."""
    users = ("end_user", *(("customer",) if type_ == "general" else ()))
    for roles in (("licensee",), users, ("consignee",)):
        limited = [one.party for one in terms.in_role(*roles) if _says_who(one)]
        there = [one.party for one in asked if set(roles) & set(one.roles)]
        settled = any(meant(party, one, Under.PERMISSION).truth is not Truth.NO for one in limited for party in there)
        if limited and not settled:
            yield roles[0]


def _says_who(one: LicenseParty) -> bool:
    """Whether anything is said of who it is. A party undisclosed, of no country even, may be anyone."""
    return not isinstance(one.party, UndisclosedParty) or one.party.country is not None


def weaker(tiers: Iterable[Tier]) -> Tier:
    return min(tiers, key=_weight)


def stronger(tiers: Iterable[Tier]) -> Tier:
    return max(tiers, key=_weight)


def _weight(tier: Tier) -> tuple[bool, int]:
    return tier in NAMED_BY, tier.rank
