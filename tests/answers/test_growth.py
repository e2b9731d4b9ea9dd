"""What is recorded of others is not read for an answer: what it costs does not grow with the register."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from service.domain.commodity.match import Commodity
from service.projections import companies, days, licenses, restrictions
from service.projections.folds import folds_of
from service.projections.kept import kept_of
from service.projections.read_model import thing
from service.register.ask import answer, answer_text
from service.register.company_status import CompanyStatusFound, Wanted, company_status
from service.register.known import THING_BYTES, Known
from service.register.shapes import Question
from tests.answers.facts import JAY, DirectRegister, Event, announced, granted, period, registered, retracted

Ask = Callable[[Known], Any]
DAY = date(2025, 7, 1)
OTHERS = 6
CODE, OTHER_CODE = {"hs": "850511"}, {"hs": "2504"}
AT_HOME: dict[str, Any] = {"issuer": "IN", "destination": "DE"}


@pytest.fixture(autouse=True)
def few_open_licenses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be for anybody counts as much from three on."""
    monkeypatch.setattr(licenses, "MOST_OPEN", 2)


@pytest.fixture
def jay(register: DirectRegister) -> DirectRegister:
    register.record(
        registered("jay", "Jay Ushin", "IN"),
        announced("cn", commodities=[CODE], said={"published": "2025-06-30"}),
        announced("in", commodities=[CODE], controller="IN", said={"published": "2025-06-30"}),
        granted("of-its-own", commodities=[CODE], licensee=JAY, **AT_HOME),
    )
    return register


def ask(register: DirectRegister, asked: Ask) -> Any:
    with register.register.reading() as connection:
        return asked(Known(connection, register.register.known_at(connection, None)))


def newly_read(register: DirectRegister, asked: Ask, *recorded: Event) -> int:
    """How many streams are folded for an answer, once more is recorded, that were not folded for it before."""
    ask(register, asked)
    before = len(folds_of(register.register.engine))
    register.record(*recorded)
    ask(register, asked)
    return len(folds_of(register.register.engine)) - before


def status(commodity: Commodity | None) -> Ask:
    def find(known: Known) -> CompanyStatusFound:
        company = thing(known.connection, companies.MODEL, known.at.seen, "company/jay")
        assert company is not None
        return company_status(Wanted(company, commodity, "brief"), known, DAY)

    return find


def determination(**asked: Any) -> Ask:
    question = Question.model_validate({"commodity": CODE} | asked)
    return lambda known: answer(question, known, DAY)


ASKED: dict[str, tuple[Ask, dict[str, Any]]] = {
    "a status, nobody stated": (status(Commodity.model_validate(CODE)), {}),
    "a status, undisclosed": (status(Commodity.model_validate(CODE)), {"licensee": {"undisclosed": True}}),
    "an exporter, nobody stated": (determination(controller="IN", exporter=JAY), {}),
    "an exporter, some of its country": (
        determination(controller="IN", exporter=JAY),
        {"licensee": {"undisclosed": True, "country": "IN"}},
    ),
    "a class of exporters": (determination(controller="IN", exporter={"class": {"country": "IN"}}), {"licensee": JAY}),
}


@pytest.mark.parametrize(("asked", "holder"), ASKED.values(), ids=ASKED)
def test_licenses_for_other_goods_that_name_nobody_are_not_read(jay: DirectRegister, asked: Ask, holder: Event):
    others = [granted(f"o{number}", commodities=[OTHER_CODE], **AT_HOME, **holder) for number in range(OTHERS)]
    assert newly_read(jay, asked, *others) == 0
    meant = [granted(f"m{number}", commodities=[CODE], **AT_HOME, **holder) for number in range(OTHERS)]
    assert newly_read(jay, asked, *meant) == OTHERS


def test_a_company_status_reads_no_license_of_which_nobody_says_whom_it_is_for(jay: DirectRegister):
    nobodys = [granted(f"o{number}", commodities=[OTHER_CODE], **AT_HOME) for number in range(OTHERS)]
    assert newly_read(jay, status(None), *nobodys) == 0
    told = [
        granted(f"t{number}", commodities=[{"hs": "8112"}], licensee={"undisclosed": True, "country": "IN"}, **AT_HOME)
        for number in range(OTHERS)
    ]
    assert newly_read(jay, status(None), *told) == OTHERS
    elsewhere = [granted(f"e{number}", licensee={"class": {"country": "DE"}}, **AT_HOME) for number in range(OTHERS)]
    assert newly_read(jay, status(None), *elsewhere) == 0


def test_few_licenses_that_name_nobody_are_read_whatever_their_goods(jay: DirectRegister):
    asked = determination(controller="IN", exporter=JAY)
    assert newly_read(jay, asked, *(granted(f"o{n}", commodities=[OTHER_CODE], **AT_HOME) for n in range(2))) == 2


def test_a_rule_for_the_companies_of_another_country_is_not_read(jay: DirectRegister):
    elsewhere = [announced(f"o{number}", destinations={"only": ["DE"]}) for number in range(OTHERS)]
    assert newly_read(jay, status(None), *elsewhere) == 0
    here = [announced(f"h{number}", destinations={"only": ["IN"]}) for number in range(OTHERS)]
    assert newly_read(jay, status(None), *here) == OTHERS


def test_what_is_for_a_company_by_name_or_class_is_evidence_whatever_the_goods_and_however_many_name_nobody(
    jay: DirectRegister,
):
    asked = {"controller": "IN", "destination": "DE", "exporter": JAY, "commodity": OTHER_CODE}
    jay.record(*(granted(f"o{number}", commodities=[OTHER_CODE], **AT_HOME) for number in range(OTHERS)))
    assert (jay.answer(**asked)["standing"], jay.answer(**asked)["standing_cause"]) == ("none", "out_of_scope")
    every = granted("every", commodities=[CODE], licensee={"class": {"country": "IN", "members": "every"}}, **AT_HOME)
    other = asked | {"exporter": {"name": "Another", "country": "IN"}}
    assert jay.answer(**other)["standing"] == "unknown"
    jay.record(every)
    assert (jay.answer(**other)["standing"], jay.answer(**other)["standing_cause"]) == ("none", "out_of_scope")
    jay.record(retracted(every))
    assert jay.answer(**other)["standing"] == "unknown"


def test_a_license_that_names_only_who_is_between_may_be_for_any_end_user(jay: DirectRegister):
    jay.record(granted("between", intermediates=[{"name": "A trader", "country": "IN"}]))
    assert jay.answer(end_user=JAY)["covered"] == "possible"


def test_a_calendar_of_a_country_reads_the_days_of_that_country_alone(
    jay: DirectRegister, monkeypatch: pytest.MonkeyPatch
):
    jay.record(*(announced(f"u{number}", controller="US", in_force=period("2026-01-05")) for number in range(OTHERS)))
    jay.record(announced("i", controller="IN", in_force=period("2026-01-05")))
    read, named = list[str](), days._named

    def noted(*asked: Any, **how: Any) -> Iterator[tuple[str, str]]:
        for row in named(*asked, **how):
            read.append(row[1])
            yield row

    monkeypatch.setattr(days, "_named", noted)
    for country, least in (("IN", 1), ("US", OTHERS), (None, OTHERS + 1)):
        read.clear()
        found = ask(jay, partial(changing, country=country))
        assert [stream for stream in read if stream in found] == read
        assert len(found) == least


def changing(known: Known, country: str | None) -> list[str]:
    """The rules that change in 2026, by the days of a country or of all."""
    first = date(2026, 1, 1)
    found = days.changing_from(known.connection, restrictions.MODEL, known.at.seen, first, country)
    return [one.stream for _, some in found for one in some]


def test_what_is_kept_of_a_question_is_less_than_the_rules_that_bear_on_it(register: DirectRegister):
    """Else a few questions about much would leave no room for the answers of all others."""

    def kept(first: int, rules: int) -> int:
        register.record(*(announced(f"rule-{number}", commodities=[CODE]) for number in range(first, first + rules)))
        kept_of(register.register.engine).clear()
        question = Question.model_validate({"commodity": CODE, "destination": "IN"})
        ask(register, lambda known: answer_text(question, known, DAY))
        return kept_of(register.register.engine).held_bytes

    few, more = kept(0, 1), kept(1, 10)
    assert more - few < 10 * THING_BYTES
