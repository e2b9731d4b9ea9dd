"""The day through which a controlling country's sources were checked, as known at a position (rule 33)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from service.domain.decide import decide
from service.log.append import Log
from service.log.database import engine_for, reading
from service.projections import project
from service.projections.knowledge import about, checked_through, defined, recorded_through
from service.projections.rebuild import rebuild
from service.register.post import posted_of
from tests.answers.facts import Event, fact


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


def check(controller: str, through: str) -> Event:
    data = {"controller": controller, "through": through, "sources": [{"title": "Announcements"}]}
    return fact(f"country/{controller.lower()}", "record.checked", data, tier="commentary", published=through)


def test_what_was_checked_is_known_by_country_and_position_and_is_no_source_of_the_country(engine: Engine):
    with Log(engine, decide, project) as log:
        for event in (check("CN", "2025-10-01"), check("US", "2025-09-01"), check("CN", "2025-11-01")):
            log.append(posted_of(event, most=1).events, actor="test")
    for again in (False, True):
        if again:
            rebuild(engine)
        with reading(engine) as connection:
            asked = [("CN", 0), ("CN", 1), ("CN", 2), ("CN", 3), ("US", 1), ("US", 3)]
            through = [checked_through(connection, country, at) for country, at in asked]
            assert [day and day.isoformat() for day in through] == [
                None,
                "2025-10-01",
                "2025-10-01",
                "2025-11-01",
                None,
                "2025-09-01",
            ]
            known = about(connection, "CN", 3, defined(connection, 3))
            assert str(known.checked_through) == "2025-11-01"
            assert recorded_through(connection, "CN", 3) is None
