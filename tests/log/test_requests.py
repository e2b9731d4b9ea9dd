"""A request under a key: sent again, it gets its first outcome again, be that events or a conflict."""

import pytest
from sqlalchemy import Engine

from service import errors
from service.log.append import Log
from service.log.database import reading
from service.log.requests import Outcome, RequestKey, outcomes_of
from tests.log.examples import decide, project_nothing, proposed

KEY = RequestKey("ann", "first", bytes(32))
OTHER = RequestKey("ann", "first", bytes(31) + b"\x01")
FAULT = errors.FieldError("/stream", "a license that was recorded")


def test_a_request_that_was_answered_is_answered_the_same_and_recorded_once(log: Log, engine: Engine) -> None:
    first = log.append([proposed(), proposed()], "ann", key=KEY)
    again = log.append([proposed(), proposed()], "ann", key=KEY)
    assert [event.id for event in again.events] == [event.id for event in first.events]
    assert again.position == 2
    with reading(engine) as connection:
        assert outcomes_of(connection, [KEY]) == {("ann", "first"): Outcome(KEY.digest, (1, 2))}


def test_a_key_is_its_actors_own_and_of_one_request(log: Log) -> None:
    log.append([proposed()], "ann", key=KEY)
    assert log.append([proposed()], "bob", key=RequestKey("bob", "first", KEY.digest)).position == 2
    assert log.append([proposed()], "ann", key=RequestKey("ann", "second", KEY.digest)).position == 3
    with pytest.raises(errors.KeyReused, match="used for another request"):
        log.append([proposed()], "ann", key=OTHER)
    with pytest.raises(errors.KeyReused):
        log.append([proposed("license/other", type="license.used")], "ann", key=OTHER)


def test_a_conflict_is_told_again_with_all_that_it_said_though_it_has_ceased_to_be_one(engine: Engine) -> None:
    def refuse(*_: object) -> None:
        raise errors.NothingToActOn("Nobody recorded license/x.", [FAULT])

    with Log(engine, refuse, project_nothing) as log:
        told = [conflict(log), conflict(log)]
    with Log(engine, decide, project_nothing) as log:
        told.append(conflict(log))
        assert log.append([proposed()], "ann").position == 1
    for one in told:
        assert (type(one), one.detail, list(one.errors)) == (
            errors.NothingToActOn,
            "Nobody recorded license/x.",
            [FAULT],
        )
        assert one.at == told[0].at


def conflict(log: Log) -> errors.Conflict:
    with pytest.raises(errors.Conflict) as refused:
        log.append([proposed(), proposed()], "ann", key=KEY)
    return refused.value


def test_the_conflict_of_one_event_of_several_is_told_again_with_its_place(log: Log) -> None:
    wanted = [proposed("license/a"), proposed("license/b", type="license.used")]
    places = []
    for _ in range(2):
        with pytest.raises(errors.NothingToActOn) as refused:
            log.append(wanted, "ann", key=KEY)
        places.append(refused.value.at)
    assert places == [1, 1]


def test_no_keys_have_no_outcomes(engine: Engine) -> None:
    with reading(engine) as connection:
        assert outcomes_of(connection, []) == outcomes_of(connection, [KEY]) == {}
