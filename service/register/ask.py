"""From a question to its answer: what was known is read, the rest is pure.

Country status, company status and determinations all pass through `answer`, so that they cannot disagree.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from service.domain.commodity.match import Commodity, ScopedCommodity
from service.domain.company.timeline import Company
from service.domain.determine import combined, determine
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import RegisteredParty
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject, match_destination
from service.domain.truth import Truth
from service.register import explain
from service.register.answered import answered
from service.register.asking import Asking
from service.register.counterfactual import counterfactuals
from service.register.known import Known
from service.register.parts import Answer, Row
from service.register.shapes import Question
from service.register.turns import turns_on


def answer(question: Question, known: Known, on: date) -> Answer:
    """The answer to one question for a day. Without a controlling country, all of those on record are asked."""
    subject = Subject(
        commodity=question.commodity,
        destination=question.destination,
        final_destination=question.final_destination,
        origin=question.origin,
        shipped_from=question.shipped_from,
        content_percent=Decimal(question.content_percent) if question.content_percent else None,
        exporter=known.party(question.exporter, on),
        end_user=known.party(question.end_user, on),
        end_use=question.end_use,
        quantity=question.quantity,
    )
    asked: list[str | None] = [question.controller] if question.controller else [*known.controllers] or [None]
    concerning = [known.concerning(controller, subject) for controller in asked]
    found = [determine(subject, what, on) for what in concerning]
    recorded = max((what.recorded_through for what in concerning if what.recorded_through), default=None)
    checked = [what.checked_through for what in concerning]
    all_checked = None if None in checked else min((day for day in checked if day), default=None)
    asking = Asking(question, subject, on, known, recorded, all_checked)
    whole = combined(found)
    made = answered(whole, asking, turns_on(asking, concerning, whole))
    if not question.counterfactuals:
        return made
    would = [
        explain.counterfactual_view(one)
        for what, determination in zip(concerning, found, strict=True)
        for one in counterfactuals(subject, what, on, determination)
    ]
    return made.model_copy(update={"counterfactuals": would})


def detailed(question: Question, detail: Literal["brief", "full"]) -> Question:
    """The question with as much detail as a status is asked for."""
    return question if detail == "brief" else question.model_copy(update={"detail": detail})


def row(question: Question, known: Known, on: date) -> Row:
    """An answer as a status lists it."""
    found = answer(question, known, on)
    about = {name: getattr(question, name) for name in ("controller", "destination", "commodity")}
    return Row(**about, **{name: getattr(found, name) for name in Answer.model_fields})


def towards(country: str, controller: str, known: Known) -> list[Commodity]:
    """The commodities for which anything recorded of a controlling country may concern a destination."""
    about = known.about(controller)
    listed = [
        line for provision in about.provisions if _reaches(provision, country) for line in provision.every_commodity
    ]
    return _distinct(
        [*listed, *(line for one in known.licenses(controller) if _for(one, country) for line in _licensed(one))]
    )


def own(controller: str, known: Known) -> list[Commodity]:
    """The commodities that a country's own controls name."""
    return _distinct([line for provision in known.about(controller).provisions for line in provision.every_commodity])


def _reaches(provision: RestrictionTimeline, country: str) -> bool:
    """Whether it reaches a country on any day: what an amendment changed stands beside what it was before."""
    return any(match_destination(country, scope.destinations).truth is not Truth.NO for scope in provision.every_scope)


def _for(license_: LicenseTimeline, country: str) -> bool:
    return not license_.every_destination or country in license_.every_destination


def _licensed(license_: LicenseTimeline) -> list[Commodity]:
    return [one.line.commodity for one in license_.every_line]


def _distinct(lines: Sequence[Commodity]) -> list[Commodity]:
    """Each commodity once, as a question names it: without the mark that a scope puts on it."""
    plain = [line.plain() if isinstance(line, ScopedCommodity) else line for line in lines]
    return [commodity for index, commodity in enumerate(plain) if commodity not in plain[:index]]


def questions_of_company(company: Company, commodity: Commodity | None, known: Known) -> list[Question]:
    """What to ask for a company's standing: as an exporter under its own country's controls, as an end user under
    those of the others."""
    party = RegisteredParty(company=company.stream)
    asked = []
    controllers: list[str | None] = [*known.controllers] or [None]
    for controller in controllers:
        at_home = controller == company.country
        for one in [commodity] if commodity else _concerning(company.country, controller, known):
            home = Question(controller=controller, commodity=one, exporter=party)
            away = Question(controller=controller, commodity=one, destination=company.country, end_user=party)
            asked.append(home if at_home else away)
    return asked


def _concerning(country: str, controller: str | None, known: Known) -> list[Commodity]:
    if controller is None:
        return []
    return own(controller, known) if controller == country else towards(country, controller, known)
