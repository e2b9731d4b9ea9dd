"""What may bear on a question is found by key. An answer from it is the answer from everything that is on record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from service.domain.commodity.match import NONE_DEFINED, Commodity, ScopedCommodity, compare, hs_digits
from service.domain.determine import Knowledge
from service.domain.restriction.considered import Considered
from service.domain.scope import Subject
from service.domain.truth import Truth
from service.log.append import Log
from service.log.database import engine_for, reading
from service.projections import companies, licenses, project, restrictions
from service.projections.goods import may_match
from service.projections.kept import kept_of
from service.projections.read_model import ReadModel, things
from service.register import company_status
from service.register.ask import answer, determined_of
from service.register.known import Known
from service.register.post import posted_of
from service.register.shapes import KnownAt, Question
from tests.answers.facts import fact
from tests.conftest import SeededFile, sqlite_copy
from tests.searching import examples

DAYS = (date(2025, 6, 1), date(2026, 3, 1))


def everything(model: ReadModel[Any]) -> Callable[..., dict[str, list[Any]]]:
    def found(connection: Connection, countries: Sequence[str], at: int, *_: object) -> dict[str, list[Any]]:
        return {country: all_of(connection, model, at, country) for country in countries}

    # What is kept of one of the two is not to answer for the other.
    found.__name__ = f"every_{model.noun}_{model.apart}"
    return found


@lru_cache(200)
def all_of(connection: Connection, model: ReadModel[Any], at: int, country: str) -> list[Any]:
    """Read once for all questions about one register: each asks for all of it."""
    return things(connection, model, at, country=country)


def differing(known: Known, whole: Known, question: Question, on: date) -> list[str]:
    """The fields in which the two answers differ. How much of the record did not concern it is counted otherwise.

    `whole` knows the same, and is asked for everything alone."""
    kept_of(known.connection.engine).most_bytes = 0
    from_candidates = answer(question, known, on).model_dump(mode="json")
    with patched(restrictions), patched(licenses):
        from_everything = answer(question, whole, on).model_dump(mode="json")
    return [name for name in from_candidates if from_candidates[name] != from_everything[name] and name in COMPARED]


def patched(noun: Any) -> Any:
    return patch.multiple(noun, candidates=everything(noun.MODEL), fallen_candidates=everything(noun.FALLEN))


COMPARED = {
    "headline",
    "control",
    "standing",
    "standing_cause",
    "covered",
    "turns_on",
    "basis",
    "beneath",
    "possible",
    "licenses",
    "conflicts",
    "set_aside",
    "inferred",
    "next_change",
    "because",
    "sources",
    "position",
    "recorded_through",
}


@pytest.fixture
def corpus(seeded_file: SeededFile, tmp_path: Path) -> Iterator[Known]:
    engine = engine_for(sqlite_copy(seeded_file("all"), tmp_path))
    with reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT position FROM head").scalar_one()
        yield Known(connection, KnownAt(position=found, instant=None, root="0" * 64))
    engine.dispose()


def _take(*_: object) -> None:
    """Whatever was seeded is taken."""


GOODS: list[dict[str, Any]] = [
    {"name": "rare_earth_magnets"},
    {"name": "gallium"},
    {"name": "nobody_knows_this"},
    {"hs": "850511"},
    {"hs": "85"},
    {"hs": "8112921000"},
    {"control_code": "1C902"},
    {"hs": "850511", "name": "rare_earth_magnets"},
    {"description": "sintered magnets of neodymium, iron and boron", "parameters": {"dysprosium_percent": "1.9"}},
    {"name": "rare_earth_magnets", "parameters": {"dysprosium_percent": "0"}},
]
ENDS: list[dict[str, Any]] = [
    {},
    {"destination": "IN"},
    {"destination": "NL", "final_destination": "RU"},
    {"destination": "IN", "end_user": {"name": "Jay Ushin", "country": "IN"}},
    {"destination": "US", "end_user": {"class": {"country": "US"}}, "end_use": "military"},
]


def test_over_the_corpus_an_answer_from_candidates_is_the_answer_from_everything(corpus: Known):
    asked = [
        Question.model_validate({"controller": controller, "commodity": goods, **ENDS[(at + turn) % len(ENDS)]})
        for turn, controller in enumerate(("CN", "CN", "US", "NL", None))
        for at, goods in enumerate(GOODS)
    ]
    assert len({one.model_dump_json() for one in asked}) == len(asked) == 5 * len(GOODS)
    whole = Known(corpus.connection, corpus.at)
    found = {str(one): names for one in asked if (names := differing(corpus, whole, one, DAYS[1]))}
    assert not found


def of_everything(known: Known, controller: str, subject: Subject) -> Knowledge:
    """All of a country that a company's status could rest on."""
    to = [[f"to {subject.destination}", "to *"]] if subject.destination else []
    rules = things(known.connection, restrictions.MODEL, known.at.seen, country=controller, having=to)
    return replace(known.concerning([controller], subject)[0], provisions=rules)


def test_what_names_a_company_is_what_everything_on_record_gives(corpus: Known):
    companies_ = things(corpus.connection, companies.MODEL, corpus.at.seen)
    listed = 0
    for company in companies_[:: len(companies_) // 25]:
        general = company_status._in_general(company.country, corpus, DAYS[1])
        for about in company_status._all_about(company, corpus, DAYS[1]):
            controller, asking = about.controller, about.asked.asking
            if controller not in ("CN", "US", "JP", company.country):
                continue
            every = [of_everything(corpus, controller, asking.subject)]
            whole = determined_of(asking.subject, asking.question, corpus, DAYS[1], lambda *_, all_=every: all_)
            other = company_status.About(controller, whole, about.at_home)
            assert [shown(one) for one in about.listings] == [shown(one) for one in other.listings]
            assert about.at_home or general[controller] == sum(map(company_status._general, whole.whole.considered))
            listed += len(about.listings)
    assert listed


def shown(one: Considered) -> object:
    return one.provision.stream, one.control, one.state, one.match, one.exempted, one.contradicted


CODES = st.sampled_from(["85", "8505", "850511", "85051100", "850519", "8112", "811292", "25"])
LINES = st.one_of(
    CODES.map(lambda code: {"hs": code}),
    CODES.map(lambda code: {"hs": code, "match": "ex"}),
    CODES.map(lambda code: {"hs": code, "match": "reference_only", "name": "magnets"}),
    st.sampled_from([{"name": "magnets"}, {"name": "metals", "match": "ex"}, {"control_code": "1C902"}]),
    st.just({"name": "magnets", "parameters": {"dysprosium_percent_more_than": "0"}}),
)
PLACES = st.one_of(
    st.just("all"),
    st.lists(st.sampled_from(["IN", "US", "group/eu"]), min_size=1, max_size=2, unique=True).map(lambda p: {"only": p}),
    st.sampled_from([{"except": ["IN"]}, {"including": ["US"]}]),
)
SCOPES = st.fixed_dictionaries(
    {"commodities": st.lists(LINES, min_size=1, max_size=2), "destinations": PLACES},
)
STEPS = st.sampled_from(["suspended", "repealed", "amended"])
MEASURES = st.lists(
    st.tuples(SCOPES, st.sampled_from(["licensing", "prohibition", "exemption"]), STEPS, SCOPES), max_size=4
)
QUESTIONS = st.fixed_dictionaries(
    {"commodity": LINES.map(lambda line: {name: value for name, value in line.items() if name != "match"})},
    optional={"destination": st.sampled_from(["IN", "US", "DE"]), "controller": st.sampled_from(["CN", "US"])},
)


@given(measures=MEASURES, question=QUESTIONS)
@examples(40)
def test_over_any_register_an_answer_from_candidates_is_the_answer_from_everything(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any, measures: list[Any], question: dict[str, Any]
):
    file = tmp_path_factory.mktemp("register") / "lodestone.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{file}")
    recorded = [event for number, measure in enumerate(measures) for event in _measure(number, *measure)]
    with Log(engine, _take, project) as log:
        if recorded:
            log.append(posted_of({"events": recorded}, most=100).events, actor="test")
    with reading(engine) as connection:
        known = Known(connection, KnownAt(position=len(recorded), instant=None, root="0" * 64))
        whole = Known(connection, known.at)
        assert differing(known, whole, Question.model_validate(question), DAYS[0]) == []
    engine.dispose()


def _measure(number: int, scope: Any, kind: str, step: str, other: Any) -> list[Any]:
    stream, controller = f"restriction/r{number}", ["CN", "US"][number % 2]
    first = {"kind": kind, "controller": controller, "scope": scope, "in_force": {"from": "2025-01-01"}}
    then = {"suspended": {"period": {"from": "2025-03-01"}}, "repealed": {}, "amended": {"scope": other}}[step]
    return [
        fact(stream, "restriction.announced", first),
        fact(stream, f"restriction.{step}", then, effective="2025-04-01"),
    ]


@given(one=CODES, other=CODES)
def test_codes_alone_are_told_apart_as_the_matcher_does(one: str, other: str):
    """Rule 4: codes compare on their digits."""
    asked, listed = Commodity(hs=one), ScopedCommodity(hs=other)
    matched = compare(asked, listed, NONE_DEFINED).truth is not Truth.NO
    assert may_match(asked, f'{{"hs":"{other}"}}', NONE_DEFINED, "US") == matched
    assert matched == (hs_digits(one).startswith(other) or other.startswith(hs_digits(one)))


def test_a_line_that_cannot_be_read_may_be_any_goods():
    assert may_match(Commodity(hs="8505"), "*", NONE_DEFINED, "CN")
    assert may_match(Commodity(hs="8505"), '{"unknown":1}', NONE_DEFINED, "CN")


PARTIES = st.sampled_from(
    [
        None,
        {"undisclosed": True},
        {"undisclosed": True, "country": "IN"},
        {"undisclosed": True, "country": "DE"},
        {"described": "Indian units of Jay Ushin"},
        {"class": {"country": "IN"}},
        {"class": {"country": "IN", "members": "every"}},
        {"class": {"country": "DE", "members": "every"}},
        {"class": {"relation": "vendor_of", "company": "company/maruti"}},
        {"name": "Jay Ushin", "country": "IN"},
        {"name": "Hella", "country": "DE"},
    ]
)
HELD = st.fixed_dictionaries(
    {
        "commodities": st.lists(CODES, max_size=2),
        "licensee": PARTIES,
        "role": st.sampled_from(["end_users", "consignees", "customers", "intermediates"]),
        "user": PARTIES,
        "type": st.sampled_from(["individual", "general"]),
        "destination": st.sampled_from(["IN", "DE", "all"]),
        "step": st.sampled_from(["revoked", "retracted", None]),
    }
)
ASKED = st.sampled_from(
    [
        {"name": "Jay Ushin", "country": "IN"},
        {"company": "company/unknown"},
        {"class": {"country": "IN"}},
        {"undisclosed": True},
    ]
)
PARTY_QUESTIONS = st.fixed_dictionaries(
    {"commodity": CODES.map(lambda code: {"hs": code}), "destination": st.just("IN")},
    optional={"controller": st.just("CN"), "end_user": ASKED, "exporter": ASKED},
)


@given(held=st.lists(HELD, min_size=1, max_size=5), question=PARTY_QUESTIONS, most_open=st.sampled_from([0, 2]))
@examples(60)
def test_over_any_licenses_an_answer_from_candidates_is_the_answer_from_everything(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Any,
    held: list[dict[str, Any]],
    question: dict[str, Any],
    most_open: int,
):
    file = tmp_path_factory.mktemp("register") / "lodestone.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{file}")
    recorded = [event for number, one in enumerate(held) for event in _licensed(number, one)]
    recorded += _measure(0, {"commodities": [{"hs": "85"}], "destinations": "all"}, "licensing", "suspended", None)
    with Log(engine, _take, project) as log:
        log.append(posted_of({"events": recorded}, most=100).events, actor="test")
    with reading(engine) as connection, patch.object(licenses, "MOST_OPEN", most_open):
        known = Known(connection, KnownAt(position=len(recorded), instant=None, root="0" * 64))
        whole = Known(connection, known.at)
        assert differing(known, whole, Question.model_validate(question), DAYS[0]) == []
    engine.dispose()


def _licensed(number: int, held: dict[str, Any]) -> list[Any]:
    stream = f"license/l{number}"
    data: dict[str, Any] = {"issuer": "CN", "type": held["type"], "destination": held["destination"]}
    data |= {"lines": [{"commodity": {"hs": code}} for code in held["commodities"]]} if held["commodities"] else {}
    data |= {"licensee": held["licensee"]} if held["licensee"] else {}
    data |= {held["role"]: [held["user"]]} if held["user"] else {}
    first = fact(stream, "license.granted", data | {"validity": {"from": "2025-01-01", "through": "open"}})
    if held["step"] == "retracted":
        return [first, fact(stream, "record.retracted", {"event": first["id"]})]
    return [first, fact(stream, "license.revoked", {}, effective="2025-04-01")] if held["step"] else [first]
