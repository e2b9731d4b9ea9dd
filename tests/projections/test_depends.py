"""An event may change an answer only where it touches a key that the answer depends on; what is about something else
touches none."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from service.domain.commodity.match import Commodity
from service.log.append import Log
from service.log.database import engine_for, reading
from service.projections import companies, depends, project
from service.projections.depends import EVERYTHING, depends_on, touched
from service.projections.kept import kept_of
from service.projections.read_model import things
from service.register import company_status, country_status
from service.register.ask import answer
from service.register.known import Known
from service.register.post import posted_of
from service.register.shapes import KnownAt, Question
from tests.answers.facts import (
    MAGNETS,
    Event,
    announced,
    corrected,
    defined,
    fact,
    granted,
    group,
    identified,
    license_reported,
    milestone,
    note,
    owned,
    registered,
    repealed,
    repeated,
    reported,
    retracted,
    revoked,
    suspended,
)
from tests.conftest import SeededFile
from tests.searching import examples

ON = date(2025, 7, 1)
MOVING = {"known_at"}
"""What an answer says of the head of the log."""


def _take(*_: object) -> None:
    """Whatever is told is taken."""


@contextmanager
def engine_of(template: Path, folder: Path) -> Iterator[tuple[Engine, Log]]:
    file = folder / "lodestone.db"
    file.write_bytes(template.read_bytes())
    engine = engine_for(f"sqlite:///{file}")
    with Log(engine, _take, project) as log:
        yield engine, log
    engine.dispose()


def tell(log: Log, *events: Event) -> int:
    posted = posted_of(json.loads(json.dumps({"events": events})), len(events))
    return log.append(posted.events, actor="test").position


def at(connection: Connection, position: int) -> Known:
    return Known(connection, KnownAt(position=position, instant=None, root="0" * 64))


def said(connection: Connection, position: int, question: Question) -> tuple[Any, depends.Depends]:
    """What is answered from the log up to a position, and what that depends on."""
    made, on = depends_on(lambda: answer(question, at(connection, position), ON))
    return made.model_dump(mode="json", exclude=MOVING), on


COMPANY, NAMED = {"company": "company/jay"}, {"name": "Jay Ushin", "country": "IN"}
QUESTIONS = [
    Question.model_validate(asked)
    for asked in (
        {"controller": "CN", "destination": "IN", "commodity": {"name": "magnets"}, "detail": "full"},
        {"destination": "DE", "commodity": {"hs": "850511"}},
        {"controller": "CN", "destination": "IN", "commodity": {"name": "gallium"}, "end_user": COMPANY},
        {"controller": "US", "destination": "IN", "commodity": {"hs": "8505"}, "end_user": NAMED},
        {"controller": "CN", "commodity": {"name": "unheard_of"}, "exporter": {"name": "Jay Ushn", "country": "CN"}},
        {"commodity": {"name": "magnets"}, "end_user": {"described": "a maker of locks", "country": "IN"}},
    )
]
GOODS = ({"name": "magnets"}, {"hs": "850511"}, {"name": "gallium", "hs": "811292"}, {"hs": "2504"})
INDIA = st.just("IN")
EVENTS = st.one_of(
    st.builds(
        lambda slug, controller, goods, places, kind: announced(
            slug, controller=controller, commodities=[goods], destinations=places, kind=kind
        ),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["CN", "US", "DE"]),
        st.sampled_from(GOODS),
        st.sampled_from(["all", {"only": ["IN"]}, {"only": ["group/eu"]}, {"except": ["DE"]}]),
        st.sampled_from(["licensing", "prohibition", "exemption"]),
    ),
    st.builds(
        lambda slug, user: announced(slug, controller="US", kind="prohibition", end_users={"only": [user]}),
        st.sampled_from(["list", "list-2"]),
        st.sampled_from([COMPANY, NAMED, {"name": "Owner", "country": "CN"}]),
    ),
    st.builds(lambda slug: suspended(slug, "2025-06-01", None), st.sampled_from(["a", "b"])),
    st.builds(lambda slug: repealed(slug, "2025-06-01"), st.sampled_from(["a", "b"])),
    st.builds(lambda slug: reported(slug, "lifted", "2025-06-20"), st.sampled_from(["a", "c"])),
    st.builds(
        lambda slug, user, goods: granted(slug, user, commodities=[goods]),
        st.sampled_from(["l", "m"]),
        st.sampled_from([COMPANY, NAMED, {"class": {"country": "IN"}}]),
        st.sampled_from(GOODS),
    ),
    st.builds(lambda slug: revoked(slug, "2025-06-01"), st.sampled_from(["l", "m"])),
    st.just(license_reported("n", "active", "2025-06-01")),
    st.builds(
        registered, st.sampled_from(["jay", "ushin"]), st.sampled_from(["Jay Ushin", "Jay Ushim"]), st.just("IN")
    ),
    st.just(registered("other", "Nobody Knows It", "IN")),
    st.just(identified("jay", aliases=["JUL"])),
    st.builds(lambda share: owned("jay", {"name": "Owner", "country": "CN"}, share), st.sampled_from(["30", "60"])),
    st.builds(lambda code: defined("magnets", {"hs": code}), st.sampled_from(["850511", "8505"])),
    st.just(defined("metals", parts=["gallium"])),
    st.builds(lambda code: group("eu", **{code: None}), st.sampled_from(["DE", "IN"])),
    st.just(milestone("m", said={"published": "2025-06-15"})),
    st.builds(lambda countries: note("n", countries=countries), st.sampled_from([["CN"], ["US", "IN"]])),
    st.builds(
        lambda through: fact(
            "country/cn", "record.checked", {"controller": "CN", "through": through, "sources": [{"title": "A page"}]}
        ),
        st.sampled_from(["2025-05-01", "2025-06-30"]),
    ),
)
ABOUT = st.sampled_from([retracted, repeated, lambda event: corrected(event, effective="2025-06-02")])
STEPS = st.lists(st.one_of(EVENTS, st.tuples(ABOUT, st.integers(0, 20))), min_size=1, max_size=12)


def events_of(steps: list[Any]) -> Iterator[Event]:
    """The events, those about an earlier one with that one."""
    told: list[Event] = []
    for step in steps:
        if isinstance(step, dict):
            told.append(step)
            # Each time it is drawn it is another event.
            yield told[-1] | {"id": f"00000000-0000-4000-8000-{len(told):012}"}
            told[-1] = told[-1] | {"id": f"00000000-0000-4000-8000-{len(told):012}"}
        elif told:
            about, index = step
            yield about(told[index % len(told)])


@given(steps=STEPS)
@examples(20, phases=(Phase.explicit, Phase.generate))
def test_over_any_register_an_answer_changes_only_where_what_it_depends_on_is_touched(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, steps: list[Any]
):
    with engine_of(sqlite_template, tmp_path_factory.mktemp("register")) as (engine, log):
        for event in events_of(steps):
            with reading(engine) as connection:
                before = connection.exec_driver_sql("SELECT position FROM head").scalar_one()
                then = [said(connection, before, question) for question in QUESTIONS]
            after = tell(log, event)
            with reading(engine) as connection:
                keys = touched(connection, before, after)
                for question, (was, on) in zip(QUESTIONS, then, strict=True):
                    now, _ = said(connection, after, question)
                    assert now == was or on.touched_by(keys), (event, question)


@given(steps=STEPS)
@examples(20, phases=(Phase.explicit, Phase.generate))
def test_over_any_register_an_answer_from_what_is_kept_is_the_answer_from_the_record(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, steps: list[Any]
):
    with engine_of(sqlite_template, tmp_path_factory.mktemp("register")) as (engine, log):
        forgetful = engine_for(str(engine.url))
        kept_of(forgetful).most_bytes = 0
        for event in events_of(steps):
            position = tell(log, event)
            with reading(engine) as connection, reading(forgetful) as bare:
                # One request asks them all: what was found for one is there for the next.
                known, anew = at(connection, position), at(bare, position)
                assert [answer(one, known, ON) for one in QUESTIONS] == [answer(one, anew, ON) for one in QUESTIONS]
        forgetful.dispose()


@pytest.fixture(scope="module")
def corpus(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("corpus")
    with engine_of(seeded_file("all"), folder) as (engine, _), reading(engine) as connection:
        yield connection


STEP = 150
CORPUS_QUESTIONS = [
    Question.model_validate(asked)
    for asked in (
        {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}},
        {"controller": "US", "destination": "CN", "commodity": {"hs": "848620"}},
        {"commodity": {"hs": "850511"}, "destination": "IN", "end_user": {"name": "Jay Ushin", "country": "IN"}},
        {"controller": "NL", "destination": "CN", "commodity": {"name": "gallium"}},
    )
]


def test_over_the_corpus_answers_and_statuses_change_only_where_they_are_touched(corpus: Connection):
    head = corpus.exec_driver_sql("SELECT position FROM head").scalar_one()
    magnets = Commodity(name="rare_earth_magnets")
    of_india = country_status.Wanted("IN", "destination", magnets, None, "brief")
    company = things(corpus, companies.MODEL, head)[0].stream

    def all_of(position: int) -> list[tuple[Any, depends.Depends]]:
        made = [said(corpus, position, question) for question in CORPUS_QUESTIONS]
        status, on = depends_on(lambda: country_status.country_status(of_india, at(corpus, position), ON, None, 100))
        made.append((_rows(status.controls, status.headline, status.nothing_on_record), on))
        return [*made, _of_company(corpus, company, position)]

    before = all_of(0)
    for position in range(STEP, head, STEP):
        now, keys = all_of(position), touched(corpus, position - STEP, position)
        assert all(new == was or on.touched_by(keys) for (was, on), (new, _) in zip(before, now, strict=True))
        before = now


def _rows(rows: Any, *more: Any) -> Any:
    return [one.model_dump(mode="json", exclude=MOVING) for one in rows], more


def _of_company(connection: Connection, stream: str, position: int) -> tuple[Any, depends.Depends]:
    def made() -> Any:
        company = companies.CompaniesAt(connection, position).get(stream)
        if company is None:
            return None
        wanted = company_status.Wanted(company, None, "brief")
        found = company_status.company_status(wanted, at(connection, position), ON)
        return _rows(found.standings, found.headline), _rows(found.named_by), found.general.model_dump()

    return depends_on(made)


def dependence(engine: Engine, question: Question) -> depends.Depends:
    with reading(engine) as connection:
        return said(connection, connection.exec_driver_sql("SELECT position FROM head").scalar_one(), question)[1]


@pytest.mark.parametrize(
    "event",
    [
        announced("other", controller="US"),
        announced("other-goods", commodities=[{"hs": "2504"}], said={"published": "2025-04-01"}),
        granted("l", COMPANY, commodities=[{"hs": "2504"}], said={"published": "2025-04-01"}),
        registered("nobody", "Nobody Knows It", "IN"),
        note("n", countries=["US"]),
        milestone("m", parties=["US", "DE"]),
    ],
    ids=lambda event: event["stream"],
)
def test_an_event_about_something_else_leaves_an_answer_as_it_is(
    sqlite_template: Path, tmp_path: Path, event: dict[str, Any]
):
    with engine_of(sqlite_template, tmp_path) as (engine, log):
        graphite, dated = announced("b", commodities=[{"hs": "2504"}]), announced("a", said={"published": "2025-05-01"})
        names = defined("rare_earth_magnets", {"hs": "850511"})
        before = tell(log, names, dated, graphite, announced("us", controller="US"), granted("known", COMPANY))
        asked = {"controller": "CN", "destination": "IN", "commodity": MAGNETS, "end_user": NAMED}
        on = dependence(engine, Question.model_validate(asked))
        after = tell(log, event)
        with reading(engine) as connection:
            assert not on.touched_by(touched(connection, before, after))


def test_a_newer_source_about_a_country_touches_its_answers_and_an_older_one_does_not(
    sqlite_template: Path, tmp_path: Path
):
    with engine_of(sqlite_template, tmp_path) as (engine, log):
        tell(log, announced("a", said={"published": "2025-05-01"}))
        for day, newest in (("2025-05-01", False), ("2025-05-02", True), ("2025-04-30", False)):
            before = dependence(engine, QUESTIONS[0])
            after = tell(
                log, note(f"n-{day}", countries=["CN"]) | {"source": {"tier": "issuer_text", "published_at": day}}
            )
            with reading(engine) as connection:
                assert before.touched_by(touched(connection, after - 1, after)) == newest


def test_a_redaction_and_very_many_events_touch_everything(sqlite_template: Path, tmp_path: Path):
    with engine_of(sqlite_template, tmp_path) as (engine, log):
        tell(log, *(registered(f"c-{number}", f"Company {number}", "IN") for number in range(depends.MOST_EVENTS)))
        tell(log, announced("a"))
        with reading(engine) as connection:
            assert touched(connection, 0, depends.MOST_EVENTS + 1) == {EVERYTHING}
            assert EVERYTHING not in touched(connection, 1, depends.MOST_EVENTS + 1)
            assert touched(connection, depends.MOST_EVENTS + 1, depends.MOST_EVENTS + 1) == frozenset()
