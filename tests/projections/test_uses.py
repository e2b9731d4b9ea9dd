"""Uses of licenses, read back with the license that they draw on."""

from sqlalchemy import Engine

from service.log.append import Log
from service.log.database import reading
from service.projections import licenses
from service.projections.knowledge import recorded_through
from service.projections.read_model import thing, things
from service.projections.rebuild import rebuild
from service.register.post import posted_of
from tests.answers.facts import JAY, MAGNETS, Event, corrected, fact, granted, repeated, retracted

LINE = {"commodity": MAGNETS, "quantity": {"value": "100", "unit": "KGM"}}


def use(reference: str, slug: str = "l", published: str = "2025-06-01") -> Event:
    data = {"reference": reference, "day": "2025-06-01", "quantity": {"value": "10", "unit": "KGM"}}
    return fact(f"license/{slug}", "license.used", data, tier="holder", published=published)


def record(log: Log, *events: Event) -> None:
    log.append(posted_of({"events": list(events)}, most=100).events, actor="test")


def references(engine: Engine, at: int, slug: str = "l") -> list[str]:
    with reading(engine) as connection:
        found = thing(connection, licenses.MODEL, at, f"license/{slug}")
    assert found is not None
    return [use.reference for use in found.uses]


def test_the_uses_known_at_a_position_are_those_up_to_it(engine: Engine, log: Log):
    record(log, granted("l", JAY, lines=[LINE]), use("a"))
    record(log, use("b"))
    assert [references(engine, at) for at in (1, 2, 3)] == [[], ["a"], ["a", "b"]]


def test_what_speaks_of_a_use_is_kept_with_it(engine: Engine, log: Log):
    first = use("a")
    correction = corrected(first, reference="b")
    record(log, granted("l", JAY, lines=[LINE]), first, correction)
    record(log, repeated(first), retracted(correction))
    record(log, retracted(first))
    assert [references(engine, at) for at in (2, 3, 4, 5, 6)] == [["a"], ["b"], ["b"], ["a"], []]


def test_uses_are_read_for_the_licenses_that_are_asked_for(engine: Engine, log: Log):
    record(log, granted("a", JAY, lines=[LINE]), granted("b", JAY, lines=[LINE], issuer="US"))
    record(log, use("1", "a"), use("2", "b"))
    with reading(engine) as connection:
        chinese = things(connection, licenses.MODEL, 4, country="CN")
        page = things(connection, licenses.MODEL, 4, after="license/a", limit=5)
    assert [[use.reference for use in found.uses] for found in (*chinese, *page)] == [["1"], ["2"]]


def test_a_rebuild_gives_the_same_uses(engine: Engine, log: Log):
    first = use("a")
    record(log, granted("l", JAY, lines=[LINE]), first, use("b"))
    record(log, retracted(first))
    before = [references(engine, at) for at in (1, 2, 3, 4)]
    rebuild(engine)
    assert [references(engine, at) for at in (1, 2, 3, 4)] == before


def test_the_source_of_a_use_counts_for_how_far_the_record_reaches(engine: Engine, log: Log):
    record(log, granted("l", JAY, lines=[LINE]), use("a", published="2025-09-01"))
    with reading(engine) as connection:
        through = [str(recorded_through(connection, "CN", at)) for at in (1, 2)]
    assert through == ["2025-05-01", "2025-09-01"]
