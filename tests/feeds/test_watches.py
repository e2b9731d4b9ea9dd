"""A watch tells of every change of its answer once: by an event, by a correction, by a day that comes."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import event

from service.errors import InvalidRequest, TookTooLong, WatchExists
from service.feeds import store, watching
from service.feeds.watching import WatchPosted
from service.log.database import engine_for, reading, writing
from service.log.limits import Limits, hold
from tests.answers import facts
from tests.feeds.watched import START, TO_INDIA, Watched

JAY = facts.JAY


def for_jay() -> dict[str, Any]:
    return {**TO_INDIA, "end_user": JAY}


def test_an_event_that_changes_the_answer_is_told(register_on_both: Watched):
    register = register_on_both
    register.watch("magnets", determination=TO_INDIA)
    event = facts.announced("magnets")
    register.record(event)
    (told,) = register.told("magnets")
    data = told["data"]
    assert (told["type"], data["watch"], data["number"], data["position"]) == ("answer.changed", "magnets", 1, 1)
    assert data["because"] == {"events": [event["id"]]}
    assert (data["before"]["control"], data["after"]["control"]) == ("no_data", "license_required")
    assert {"control", "basis"} <= set(data["fields"])
    assert "Nothing is recorded" in data["headline"]["before"]
    assert "A license is required" in data["headline"]["after"]
    assert register.told("magnets") == [told]


def test_an_event_that_leaves_the_answer_as_it_was_is_not_told(register: Watched):
    register.record(facts.announced("magnets"))
    register.watch("magnets", determination=TO_INDIA)
    register.record(facts.announced("gallium", commodities=[facts.GALLIUM]))
    register.record(facts.note("port"))
    assert register.told("magnets") == []


def test_a_license_that_expires_is_told_on_its_day_and_once_without_any_event(register_on_both: Watched):
    register = register_on_both
    register.record(facts.announced("magnets"))
    register.record(facts.granted("jay", JAY, validity=facts.period("2025-05-01", "2025-06-30")))
    register.watch("jay", determination=for_jay())
    register.clock.pass_(days=29)
    assert register.clock.today().isoformat() == "2025-06-30"
    assert register.told("jay") == []
    register.clock.pass_(days=1)
    (told,) = register.told("jay")
    assert told["data"]["because"] == {"day": "2025-07-01"}
    assert told["data"]["as_of"] == "2025-07-01"
    assert "standing" in told["data"]["fields"]
    register.clock.pass_(days=30)
    assert register.told("jay") == [told]


def test_days_that_passed_while_nobody_looked_are_told_as_of_their_days(register: Watched):
    register.record(facts.announced("magnets", in_force=facts.period("2025-06-10", "2025-06-20")))
    register.watch("magnets", determination=TO_INDIA)
    register.clock.pass_(days=100)
    days = [told["data"]["as_of"] for told in register.told("magnets")]
    assert days == ["2025-06-10", "2025-06-21"]


def test_a_correction_of_an_event_recorded_before_the_watch_was_made_is_told(register: Watched):
    event = facts.announced("magnets")
    register.record(event)
    register.watch("magnets", determination=TO_INDIA)
    correction = facts.corrected(event, kind="prohibition")
    register.record(correction)
    (told,) = register.told("magnets")
    assert told["data"]["because"] == {"events": [correction["id"]]}
    assert told["data"]["after"]["control"] == "prohibited"


def test_a_status_tells_the_rows_that_differ(register: Watched):
    register.record(facts.announced("magnets"))
    register.watch("india", country_status={"country": "IN"})
    register.record(facts.announced("gallium", commodities=[facts.GALLIUM]))
    (told,) = register.told("india")
    assert told["data"]["fields"] == ["CN IN name gallium"]
    assert told["data"]["before"] == {}
    assert told["data"]["after"]["CN IN name gallium"]["control"] == "license_required"


def test_a_company_status_is_watched_and_has_to_be_on_record(register: Watched):
    register.record(facts.registered("jay", "Jay Ushin", "IN"), facts.announced("magnets"))
    with pytest.raises(InvalidRequest):
        register.watch("nobody", company_status={"company": "company/nobody"})
    register.watch("jay", company_status={"company": "company/jay"})
    register.record(facts.granted("jay", {"company": "company/jay"}))
    (told,) = register.told("jay")
    assert told["data"]["fields"] == ["CN IN name rare_earth_magnets"]


def test_events_that_match_a_filter_are_told_each(register: Watched):
    register.watch("licenses", events={"type": "license.granted", "country": "IN"})
    register.record(facts.announced("magnets"), facts.granted("jay", JAY), facts.granted("hella", facts.HELLA))
    register.record(facts.granted("other", destination="US"))
    told = register.told("licenses")
    assert [one["type"] for one in told] == ["event.recorded", "event.recorded"]
    assert [one["data"]["event"]["stream"] for one in told] == ["license/jay", "license/hella"]


def test_what_is_recorded_between_the_first_answer_and_the_first_look_is_told(register: Watched):
    """The watch that the evaluation has already passed, and the one that it has not reached."""
    register.watch("first", determination=TO_INDIA)
    register.record(*(facts.note(f"note-{number}") for number in range(30)))
    register.watch("ahead", determination=TO_INDIA)
    register.record(facts.announced("magnets"))
    register.watch("late", determination=TO_INDIA)
    assert [len(register.told(name)) for name in ("first", "ahead", "late")] == [1, 1, 0]
    register.record(facts.repealed("magnets", "2025-06-01"))
    assert [len(register.told(name)) for name in ("first", "ahead", "late")] == [2, 2, 1]


def test_two_events_between_two_looks_are_two_changes(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    register.record(facts.announced("magnets"))
    register.record(facts.announced("magnets-2", kind="prohibition"))
    told = register.told("magnets")
    assert [one["data"]["after"]["control"] for one in told] == ["license_required", "prohibited"]
    assert [one["data"]["number"] for one in told] == [1, 2]


def test_one_process_evaluates_and_another_follows_when_it_is_gone(register_on_both: Watched):
    register = register_on_both
    register.watch("magnets", determination=TO_INDIA)
    other = register.another("two")
    assert register.evaluator.run()
    assert not other.run()
    register.record(facts.announced("magnets"))
    assert not other.run()
    assert register.told("magnets", evaluated=False) == []
    register.clock.pass_(seconds=16)
    assert other.run()
    assert not register.evaluator.run()
    assert len(register.told("magnets")) == 1


def test_a_step_that_takes_longer_than_a_lease_counts_unless_another_process_leads_by_then(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    register.evaluator.run()
    register.record(facts.announced("magnets"))
    register.clock.pass_(seconds=20)
    register.evaluator.step()
    assert len(register.told("magnets", evaluated=False)) == 1
    register.record(facts.repealed("magnets", "2025-06-01"))
    assert register.another("two").lead()
    register.evaluator.step()
    assert len(register.told("magnets", evaluated=False)) == 1


def test_who_leads_goes_on_saying_so(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    other = register.another("two")
    assert register.evaluator.lead()
    for _ in range(3):
        register.clock.pass_(seconds=10)
        register.evaluator.renew()
        other.renew()
        assert not other.lead()
    register.clock.pass_(seconds=15)
    register.evaluator.renew()
    assert other.lead()


def test_the_evaluation_may_hold_its_connection_for_as_long_as_it_takes(register: Watched):
    engine = engine_for(str(register.engine.url), Limits(hold_timeout_s=60))
    try:
        with reading(engine) as connection:
            connection.info["held_until"] = 0
            with pytest.raises(TookTooLong):
                store.count(connection)
            hold(connection)
            assert store.count(connection) == 0
    finally:
        engine.dispose()


def test_the_same_request_finds_its_watch_again_and_another_of_its_id_is_refused(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    same = WatchPosted.model_validate({"id": "magnets", "ask": {"determination": TO_INDIA}})
    other = WatchPosted.model_validate({"id": "magnets", "ask": {"determination": for_jay()}})
    with reading(register.engine) as connection:
        found = watching.repeated(connection, same)
        assert found is not None and found.id == "magnets"
        with pytest.raises(WatchExists):
            watching.repeated(connection, other)


def test_a_removed_watch_leaves_nothing(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    register.record(facts.announced("magnets"))
    assert register.told("magnets")
    with writing(register.engine) as connection:
        assert store.remove(connection, "magnets")
        assert not store.remove(connection, "magnets")
    register.record(facts.repealed("magnets", "2025-06-01"))
    assert register.told("magnets") == []


@pytest.mark.parametrize(
    "ask",
    [
        {},
        {"determination": TO_INDIA, "events": {}},
        {"determination": {**TO_INDIA, "as_of": "2025-06-01"}},
        {"determination": {**TO_INDIA, "known_at": 1}},
        {"determination": {**TO_INDIA, "public_by": "2025-06-01"}},
        {"events": {"type": "no.such"}},
        {"determination": None},
    ],
)
def test_a_standing_question_asks_one_thing_about_today(ask: dict[str, Any]):
    with pytest.raises(ValidationError):
        WatchPosted.model_validate({"ask": ask})


def test_a_step_looks_at_no_watch_that_nothing_touches_and_no_day_changes(sqlite_url: str):
    """As the database plans it: each part of a step finds its watches by what they wait for."""
    engine, planned = engine_for(sqlite_url), list[str]()

    def plan(_connection: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            found = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            planned.extend(row[3] for row in found)

    try:
        with reading(engine) as connection:
            event.listen(engine, "before_cursor_execute", plan)
            store.touched(connection, {1})
            store.due_by(connection, START.date())
    finally:
        engine.dispose()
    assert [one for one in planned if "caught_up" in one or one.startswith("SCAN")] == []
    assert any("watch_keys" in one for one in planned) and any("next_day" in one for one in planned)
