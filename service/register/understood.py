"""A question as it was understood: the goods by their title, the parties by the companies on record."""

from collections.abc import Iterator
from typing import Any

from service.domain.commodity.names import called
from service.domain.commodity.search import suggested
from service.domain.parties import Asked, NamedParty, Near, Party, RegisteredParty
from service.domain.scope import Subject
from service.register import titles
from service.register.known import Known
from service.register.parts import AlikeCompany, MatchedParty, QuestionRead
from service.register.shapes import Question

MOST_ALIKE = 5
"""How many companies that a party may be an answer names, closest first."""


def understood(question: Question, subject: Subject, known: Known) -> QuestionRead:
    """What was asked, with what it was matched to."""
    told = {name: getattr(question, name) for name in question.model_fields_set}
    told |= goods_understood(question.commodity.name, known)
    if matched := list(_matched(question, subject)):
        told["matched"] = matched
    return QuestionRead(**told)


def goods_understood(name: str | None, known: Known) -> dict[str, Any]:
    """The title of the goods; of a name that no definition and no rule knows, what is spelled alike (rule 11)."""
    if name is None:
        return {}
    if known.goods_called(name) in known.goods:
        return {"commodity_title": titles.goods_named(name, known)}
    if known.names_goods(name):
        return {}
    said = {one: called(known.defined.commodities.meaning(one)) for one in known.names_of_goods}
    return {"unknown_commodity": True, "did_you_mean": [found for found, _ in suggested(name, said)]}


def _matched(question: Question, subject: Subject) -> Iterator[MatchedParty]:
    others = zip(question.parties, (asked for _, asked in subject.others), strict=True)
    for role, party, asked in (
        ("exporter", question.exporter, subject.exporter),
        ("end_user", question.end_user, subject.end_user),
        *((party.role, party, asked) for party, asked in others),
    ):
        if party is not None and asked is not None:
            yield MatchedParty(
                role=role,
                name=asked.label,
                country=asked.country,
                company=asked.company,
                how=_how(party, asked),
                alike=[_alike(one) for one in asked.near[:MOST_ALIKE]] or None,
            )


def _alike(one: Near) -> AlikeCompany:
    return AlikeCompany(company=one.company, name=one.name, how=one.how, score=one.score)


def _how(party: Party, asked: Asked) -> str:
    if isinstance(party, NamedParty):
        return asked.found_by if asked.company else "not_registered"
    return "company" if isinstance(party, RegisteredParty) else asked.form
