"""A thing as it was known after each of its records."""

from sqlalchemy import Engine

from service.log.database import reading
from service.projections import licenses
from service.projections.read_model import as_known_after, thing
from tests.answers.facts import JAY, corrected, fact, granted, retracted
from tests.projections.conftest import Record


def test_a_thing_after_each_record_is_what_a_question_at_that_position_finds(engine: Engine, record: Record):
    first = granted("l", JAY)
    mended = corrected(first, destination="US")
    record(first, granted("other", JAY), mended, retracted(mended), fact("license/l", "license.revoked", {}))
    record(retracted(first))
    with reading(engine) as connection:
        found = as_known_after(connection, licenses.MODEL, "license/l", [1, 3, 4, 5, 6])
        asked = [thing(connection, licenses.MODEL, at, "license/l") for at in (1, 3, 4, 5, 6)]
    assert found == asked
    assert [one is None for one in found] == [False, False, False, False, True]
    assert found[0] != found[1]


def test_nothing_is_known_of_a_stream_without_records(engine: Engine):
    with reading(engine) as connection:
        assert as_known_after(connection, licenses.MODEL, "license/l", []) == []
