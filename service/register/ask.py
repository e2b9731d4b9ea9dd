"""From a question to its answer: what was known is read, the rest is pure.

Country status, company status and determinations all pass through `determined` and `told`: they cannot disagree.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

from service.domain.commodity.match import Commodity
from service.domain.determine import Determination, Knowledge, combined, determine
from service.domain.scope import Subject
from service.projections.kept import kept_of
from service.register import reasons
from service.register.answered import Thing, answered, bearing_of
from service.register.asking import Asking
from service.register.counterfactual import counterfactuals
from service.register.known import NOTHING, Known
from service.register.parts import Answer, Row
from service.register.shapes import CounterfactualView, Question
from service.register.turns import turns_on


@dataclass(frozen=True)
class Determined:
    """A question with what was known for it, of each controlling country asked, and what follows of all of them."""

    asking: Asking
    asked: Sequence[str]
    concerning: Sequence[Knowledge]
    found: Sequence[Determination]
    whole: Determination


def answer(question: Question, known: Known, on: date) -> Answer:
    """The answer to one question for a day. Without a controlling country, all of those on record are asked."""
    return told(determined(question, known, on))


def subject_of(question: Question, known: Known, on: date) -> Subject:
    return Subject(
        commodity=_as_defined(question.commodity, known),
        destination=question.destination,
        final_destination=question.final_destination,
        origin=question.origin,
        shipped_from=question.shipped_from,
        content_percent=Decimal(question.content_percent) if question.content_percent else None,
        exporter=known.party(question.exporter, on),
        end_user=known.party(question.end_user, on),
        others=tuple((one.role, known.participant(one, on)) for one in question.parties),
        end_use=question.end_use,
        quantity=question.quantity,
    )


def _as_defined(goods: Commodity, known: Known) -> Commodity:
    """Goods by the name under which they are defined, whatever signs or words the question has for it."""
    name = known.goods_called(goods.name) if goods.name else None
    return goods if name == goods.name else goods.model_copy(update={"name": name})


def determined(question: Question, known: Known, on: date, *, in_a_status: bool = False) -> Determined:
    """What follows, before it is told."""
    subject = subject_of(question, known, on)
    return determined_of(subject, question, known, on, known.concerning, in_a_status=in_a_status)


def determined_of(
    subject: Subject,
    question: Question,
    known: Known,
    on: date,
    bearing: Callable[[Sequence[str], Subject], list[Knowledge]],
    *,
    in_a_status: bool = False,
) -> Determined:
    """What follows of what of each country is `bearing` on the question."""
    asked = [question.controller] if question.controller else known.controllers
    concerning = bearing(asked, subject) or [NOTHING]
    found = [determine(subject, what, on) for what in concerning]
    recorded = max((what.recorded_through for what in concerning if what.recorded_through), default=None)
    checked = [what.checked_through for what in concerning]
    all_checked = None if None in checked else min((day for day in checked if day), default=None)
    asking = Asking(question, subject, on, known, recorded, all_checked, in_a_status)
    return Determined(asking, asked, concerning, found, combined(found))


def told(one: Determined) -> Answer:
    turning = turns_on(one.asking, partial(one.asking.known.restricting, one.asked), one.whole)
    made = answered(one.whole, one.asking, turning, would_have_borne(one.asking))
    if not one.asking.question.counterfactuals:
        return made
    return made.model_copy(update={"counterfactuals": _otherwise(one)})


def _otherwise(one: Determined) -> list[CounterfactualView]:
    return [
        reasons.counterfactual_view(would)
        for what, found in zip(one.concerning, one.found, strict=True)
        for would in counterfactuals(one.asking.subject, what, one.asking.on, found)
    ]


def row(one: Determined) -> Row:
    """An answer as a status lists it."""
    made, question = told(one), one.asking.question
    about = {name: getattr(question, name) for name in ("controller", "destination", "commodity")}
    return Row(**about, **{name: getattr(made, name) for name in Answer.model_fields})


def detailed(question: Question, detail: Literal["brief", "full"]) -> Question:
    """The question with as much detail as a status is asked for."""
    return question if detail == "brief" else question.model_copy(update={"detail": detail})


def answer_text(question: Question, known: Known, on: date) -> str:
    """The answer as JSON. What it says of the state of knowledge is written anew: that moves with the log."""
    if known.at.open:
        return answer(question, known, on).model_dump_json(by_alias=True)
    moving = known.at.model_dump_json()

    def find() -> tuple[str, ...]:
        return tuple(answer(question, known, on).model_dump_json(by_alias=True).split(moving))

    kept = kept_of(known.connection.engine)
    asked = "answer", question.model_dump_json(by_alias=True, exclude_unset=True), on
    return moving.join(kept.once(known.connection, known.at.seen, asked, find, lambda found: sum(map(len, found))))


def would_have_borne(asking: Asking) -> list[Thing]:
    """Each with what was set aside of it, in the order in which an answer tells of things."""
    known, subject = asking.known, asking.subject
    provisions, licenses = known.fallen(asking.question.controller, subject)
    set_aside = {one.as_if.stream: one.set_aside for one in provisions}
    set_aside |= {one.as_if.stream: one.set_aside for one in licenses}
    if not set_aside:
        return []
    as_if = Knowledge(
        provisions=[one.as_if for one in provisions],
        licenses=[one.as_if for one in licenses],
        definitions=known.defined.commodities,
        recorded_through=None,
        groups=known.defined.groups,
    )
    bearing = bearing_of(determine(subject, as_if, asking.on))
    return [replace(thing, set_aside=set_aside[thing.stream]) for thing in bearing.things]
