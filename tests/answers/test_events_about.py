"""Events are found by all that their stream is about, and by what they correct."""

from typing import Any

from tests.answers.facts import (
    JAY,
    MAGNETS,
    Event,
    Register,
    announced,
    corrected,
    granted,
    milestone,
    note,
    registered,
    repealed,
    repeated,
    retracted,
    suspended,
)


def found(register: Register, **asked: Any) -> list[str]:
    return [event["id"] for event in register.get("/v1/events", **asked)["events"]]


def ids(*events: Event) -> list[str]:
    return [event["id"] for event in events]


def test_what_acts_on_a_measure_is_about_its_country(register: Register):
    measure, other = announced("m"), announced("us", controller="US")
    pause, end = suspended("m", "2025-05-01", "2025-06-01"), repealed("m", "2025-08-01")
    again, gone = repeated(measure), retracted(pause)
    register.record(measure, other, pause, end, again, gone)
    assert found(register, country="CN") == ids(measure, pause, end, again, gone)
    assert found(register, country="US") == ids(other)


def test_an_event_is_about_what_was_named_before_it_and_not_about_what_was_named_after(register: Register):
    first = granted("l", JAY)
    mended = corrected(first, destination="DE")
    last = repeated(first)
    register.record(first)
    before = found(register, country="DE")
    register.record(mended, last)
    assert (before, found(register, country="DE")) == ([], ids(mended, last))


def test_what_is_about_a_company_is_found_by_it_and_filters_hold_together(register: Register):
    company = registered("jay-ushin", "Jay Ushin", "IN")
    grant = granted("l", {"company": "company/jay-ushin"})
    gone = retracted(grant)
    register.record(company, grant, gone, granted("other", JAY))
    assert found(register, company="jay-ushin") == ids(company, grant, gone)
    assert found(register, company="company/jay-ushin", country="CN") == ids(grant, gone)
    assert found(register, company="jay-ushin", country="CN", type="record.retracted") == ids(gone)
    assert found(register, company="jay-ushin", country="US") == []


def test_what_is_about_a_thing_is_its_stream_and_what_names_it(register: Register):
    measure, pause = announced("m"), suspended("m", "2025-05-01", "2025-06-01")
    met, held = milestone("met", about=["restriction/m"]), note("n", about=["restriction/m"], commodities=[MAGNETS])
    register.record(measure, announced("n"), met, pause, held, note("other"))
    assert found(register, about="restriction/m") == ids(measure, met, pause, held)
    assert found(register, about="restriction/m", stream="restriction/m") == ids(measure, pause)
    refused = register.client.get("/v1/events", params={"about": "the measure"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "about")


def test_a_condition_sees_what_acts_on_a_measure_of_the_country(register: Register):
    at = register.record(announced("m"))
    register.record(suspended("m", "2025-05-01", "2025-06-01"))
    body = {"events": [note("n")], "condition": {"after": at, "country": "CN"}}
    assert register.client.post("/v1/events", json=body).json()["type"] == "/problems/condition-failed"
    body = {"events": [note("n")], "condition": {"after": at, "country": "US"}}
    assert register.client.post("/v1/events", json=body).status_code == 201
