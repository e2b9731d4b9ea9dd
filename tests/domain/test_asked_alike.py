"""What follows for one question is kept for others that ask the same of a rule or a license, and for no others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.commodity.match import Commodity
from service.domain.commodity.names import Definitions
from service.domain.determine import Determination, Knowledge, determine
from service.domain.group.timeline import Group
from service.domain.parties import Asked
from service.domain.restriction.held import read_of, rule_on
from service.domain.scope import Subject
from tests.answers.facts import JAY, MAGNETS, Event, announced, granted
from tests.domain.license.asked import CUSTOMER, EXPORTER, known
from tests.searching import examples

DAY = date(2025, 7, 1)
GOODS = [Commodity.model_validate(MAGNETS), Commodity(name="gallium"), Commodity(hs="850511")]
COUNTRIES = ["IN", "US"]


def somebody(named: dict[str, Any]) -> Asked:
    return Asked(None, frozenset({named["name"].casefold()}), named["country"], label=named["name"])


PARTIES = [None, somebody(JAY), somebody(CUSTOMER)]
NARROW: dict[str, Any] = {
    "destinations": {"only": ["IN"]},
    "exporters": {"only": [EXPORTER]},
    "end_users": {"only": [JAY]},
    "end_uses": ["military"],
    "abroad": {"origin": "CN"},
}
FACTS: dict[str, list[Any]] = {
    "commodity": GOODS,
    "destination": [None, *COUNTRIES],
    "final_destination": [None, "US", "DE"],
    "exporter": [None, somebody(EXPORTER)],
    "end_user": PARTIES,
    "others": [(), (("consignee", somebody(JAY)),)],
    "end_use": [None, "civil", "military"],
    "origin": [None, "CN"],
    "shipped_from": [None, "DE"],
    "content_percent": [None, Decimal(30)],
}
QUESTIONS = st.builds(Subject, **{name: st.sampled_from(said) for name, said in FACTS.items()})


def said() -> Iterator[Event]:
    """Rules that each narrow one thing, what lifts one, and licenses that each state something else."""
    for number, (name, scope) in enumerate(NARROW.items()):
        yield announced(f"narrow-{number}", commodities=[{"name": "gallium"}, MAGNETS], **{name: scope})
    yield announced("all-but", end_users={"except": [JAY]})
    yield announced("elsewhere", destinations={"except": ["US"]}, kind="prohibition")
    yield announced("saving", kind="exemption", end_users={"only": [JAY]}, destinations={"only": ["IN"]})
    affiliates = announced("owned", kind="affiliates_rule")
    affiliates["data"]["share_at_least_percent"] = "50"
    yield affiliates
    yield granted("jay", JAY)
    yield granted("going-on", CUSTOMER, conditions={"no_re_export_to": ["US"], "end_uses": ["civil"]})
    yield granted("nobody", destination="US")


EVERYTHING = known(list(said()))


def anew(knowledge: Knowledge) -> Knowledge:
    """The same, of which nothing is kept."""
    return replace(knowledge, definitions=Definitions())


@examples(80)
@given(st.lists(QUESTIONS, min_size=2, max_size=4))
def test_what_was_asked_before_changes_no_answer(questions: list[Subject]):
    knowledge = anew(EVERYTHING)
    kept = [determine(one, knowledge, DAY) for one in questions]
    assert kept == [determine(one, anew(EVERYTHING), DAY) for one in questions]


@pytest.mark.parametrize("fact", FACTS)
def test_what_questions_say_otherwise_is_not_taken_for_the_same(fact: str):
    plain = Subject(commodity=GOODS[0], destination="IN")
    for first, then in permutations(FACTS[fact], 2):
        knowledge = anew(EVERYTHING)
        determine(replace(plain, **{fact: first}), knowledge, DAY)
        assert answered(replace(plain, **{fact: then}), knowledge) == answered(
            replace(plain, **{fact: then}), anew(EVERYTHING)
        )


def answered(subject: Subject, knowledge: Knowledge) -> Determination:
    return determine(subject, knowledge, DAY)


def test_a_rule_is_held_once_against_what_it_does_not_read():
    definitions = Definitions()
    rule = rule_on(known([announced("wide")]).provisions[0], definitions, {}, DAY)
    to = [Subject(commodity=GOODS[0], destination=country) for country in COUNTRIES]
    first, second = (rule.against(one, read_of(one, definitions)) for one in to)
    assert first is second


def test_a_rule_on_another_day_is_another_one():
    definitions, provision, groups = Definitions(), known([announced("wide")]).provisions[0], dict[str, Group]()
    kept = rule_on(provision, definitions, groups, DAY)
    assert rule_on(provision, definitions, groups, DAY) is kept
    assert rule_on(provision, definitions, groups, date(2025, 7, 2)) is not kept
    assert rule_on(provision, definitions, {}, DAY) is not kept
