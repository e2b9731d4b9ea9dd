"""What makes sense as a record: decided from what the stream holds and the event spoken of."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service import errors
from service.domain import catalogue
from service.domain.decide import HELD_AGAINST, decide
from service.domain.event import ProposedEvent, RecordedEvent, RecordedRef, StreamSoFar

ID = "0198c0de-0000-4000-8000-000000000001"
EMPTY, BEGUN = StreamSoFar(0, None), StreamSoFar(1, None)
ACTS: dict[str, dict[str, Any]] = {
    "restriction.suspended": {"period": {"from": "2025-11-08"}},
    "restriction.amended": {"kind": "prohibition"},
    "restriction.suspension_extended": {"period": {"through": "2027-11-10"}},
    "restriction.reinstated": {},
    "restriction.extended": {"in_force": {"through": "2026-12-31"}},
    "restriction.withdrawn": {},
    "restriction.quota_exhausted": {},
    "restriction.quota_blocked": {},
    "restriction.quota_reopened": {},
    "restriction.repealed": {},
    "license.under_review": {},
    "license.denied": {},
    "license.returned": {},
    "license.withdrawn": {},
    "license.amended": {"destination": "IN"},
    "license.suspended": {},
    "license.reinstated": {},
    "license.partially_revoked": {"lines": [1]},
    "license.revoked": {},
    "license.surrendered": {},
    "license.renewed": {"renewed_as": "license/next"},
    "license.used": {"reference": "1", "day": "2025-11-12", "quantity": {"value": "1", "unit": "KGM"}},
    "milestone.confirmed": {"by": "CN"},
    "milestone.not_confirmed": {"by": "CN"},
    "milestone.contradicted": {"by": "CN"},
    "milestone.fulfilled": {"by_event_in": "license/example"},
    "company.identified": {"aliases": ["Example"]},
    "company.renamed": {"name": "Example Motion"},
    "company.owned": {"owner": {"company": "company/example-holding"}, "share_percent": "50"},
    "company.related": {"relation": "vendor_of", "company": "company/example-motors"},
}
BEGINNINGS: dict[str, dict[str, Any]] = {
    "restriction.announced": {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"hs": "8505"}]}},
    "restriction.proposed": {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"hs": "8505"}]}},
    "restriction.reported": {
        "state": "in_force",
        "on": "2025-10-30",
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [{"hs": "8505"}]},
    },
    "license.applied": {"issuer": "CN"},
    "license.granted": {"issuer": "CN"},
    "license.reported": {"state": "active", "on": "2025-10-30", "issuer": "CN"},
    "milestone.recorded": {"kind": "meeting", "parties": ["IN", "CN"], "title": "A meeting"},
    "company.registered": {"name": "Example", "country": "IN"},
    "commodity.defined": {"name": "rare_earth_magnets", "lines": [{"hs": "850511"}]},
    "group.defined": {"name": "EU", "members": [{"country": "DE"}]},
    "note.recorded": {"kind": "market", "text": "A remark."},
    "record.checked": {"controller": "CN", "through": "2026-11-24", "sources": [{"title": "Announcements"}]},
}


def proposed(type_: str, data: dict[str, Any], stream: str | None = None) -> ProposedEvent:
    noun = type_.partition(".")[0]
    stream = stream or ("country/cn" if type_ == "record.checked" else None)
    return catalogue.propose(
        {"stream": stream or f"{noun}/example", "type": type_, "data": data, "source": {"tier": "press_named"}}
    )


def spoken_of(type_: str, stream: str) -> StreamSoFar:
    return StreamSoFar(1, RecordedRef(ID, stream, type_))


def test_every_type_of_the_catalogue_is_tried_here():
    about_a_record = {"record.corrected", "record.retracted", "record.repeated"}
    assert set(ACTS) | set(BEGINNINGS) | about_a_record == set(catalogue.POSTED)


@pytest.mark.parametrize(("type_", "data"), ACTS.items())
def test_an_act_needs_a_thing_that_somebody_recorded(type_: str, data: dict[str, Any]):
    decide(proposed(type_, data), BEGUN)
    with pytest.raises(errors.NothingToActOn):
        decide(proposed(type_, data), EMPTY)


@pytest.mark.parametrize(("type_", "data"), BEGINNINGS.items())
def test_a_claim_begins_a_stream(type_: str, data: dict[str, Any]):
    decide(proposed(type_, data), EMPTY)


@pytest.mark.parametrize(("type_", "data"), [item for item in BEGINNINGS.items() if item[0] != "company.registered"])
def test_a_second_claim_about_the_same_thing_is_taken(type_: str, data: dict[str, Any]):
    decide(proposed(type_, data), BEGUN)


def test_a_check_of_a_countrys_sources_stands_in_that_countrys_stream():
    for stream in ("country/us", "country/china"):
        with pytest.raises(errors.InvalidRequest) as refusal:
            decide(proposed("record.checked", BEGINNINGS["record.checked"], stream), EMPTY)
        assert [(one.pointer, one.detail) for one in refusal.value.errors] == [("/stream", "country/cn")]


def holding(*events: ProposedEvent) -> StreamSoFar:
    """A stream that holds these events, with the ids …1, …2 and so on."""
    recorded = [
        RecordedEvent(
            position=number,
            id=f"{ID[:-1]}{number}",
            stream=event.stream,
            version=number,
            type=event.type,
            schema_version=1,
            effective=None,
            recorded_at=datetime(2025, 11, number, tzinfo=UTC),
            actor="ann",
            metadata={},
            data=event.data,
            source=event.source,
            hash="",
        )
        for number, event in enumerate(events, 1)
    ]

    def earlier(types: Collection[str]) -> list[RecordedEvent]:
        return [event for event in recorded if event.type in types]

    return StreamSoFar(len(events), None, earlier)


REGISTRATION = proposed("company.registered", BEGINNINGS["company.registered"])
FIRST_RETRACTED = proposed("record.retracted", {"event": ID}, stream=REGISTRATION.stream)


def test_a_company_is_registered_once():
    decide(REGISTRATION, EMPTY)
    with pytest.raises(errors.AlreadyRegistered):
        decide(REGISTRATION, holding(REGISTRATION))


def test_a_company_whose_registration_was_retracted_can_be_registered_again_and_once():
    decide(REGISTRATION, holding(REGISTRATION, FIRST_RETRACTED))
    with pytest.raises(errors.AlreadyRegistered):
        decide(REGISTRATION, holding(REGISTRATION, FIRST_RETRACTED, REGISTRATION))


def test_a_registration_stands_where_a_lower_tier_retracts_it():
    anonymous = replace(FIRST_RETRACTED, source={"tier": "press_anonymous"})
    with pytest.raises(errors.AlreadyRegistered):
        decide(REGISTRATION, holding(REGISTRATION, anonymous))


def test_what_speaks_of_other_events_of_the_stream_is_no_part_of_what_a_registration_is_held_against():
    named = proposed("company.identified", ACTS["company.identified"], stream=REGISTRATION.stream)
    other = proposed("record.retracted", {"event": f"{ID[:-1]}2"}, stream=REGISTRATION.stream)
    with pytest.raises(errors.AlreadyRegistered):
        decide(REGISTRATION, holding(REGISTRATION, named, other))
    decide(REGISTRATION, holding(named, proposed("record.repeated", {"event": ID}, stream=REGISTRATION.stream)))


def test_a_decision_that_needs_no_earlier_event_reads_none():
    def read(_types: Collection[str]) -> list[RecordedEvent]:
        raise AssertionError("this reads the stream")

    for type_, data in {**ACTS, **BEGINNINGS}.items():
        if type_ not in HELD_AGAINST:
            decide(proposed(type_, data), StreamSoFar(3, None, read))


@pytest.mark.parametrize(
    ("type_", "needed"), [("restriction.reported", ("kind", "controller", "scope")), ("license.reported", ("issuer",))]
)
def test_a_report_that_begins_a_stream_says_what_it_is_about(type_: str, needed: tuple[str, ...]):
    for name in needed:
        for data in (
            {field: value for field, value in BEGINNINGS[type_].items() if field != name},
            BEGINNINGS[type_] | {name: None},
        ):
            with pytest.raises(errors.InvalidRequest) as refusal:
                decide(proposed(type_, data), EMPTY)
            assert [error.pointer for error in refusal.value.errors] == [f"/data/{name}"]
            decide(proposed(type_, data), BEGUN)


@pytest.mark.parametrize("type_", ["record.corrected", "record.retracted", "record.repeated"])
def test_an_event_about_a_record_stands_in_that_records_own_stream(type_: str):
    event = proposed(type_, {"event": ID}, stream="note/example")
    decide(event, spoken_of("note.recorded", "note/example"))
    for so_far in (EMPTY, BEGUN, spoken_of("note.recorded", "note/another")):
        with pytest.raises(errors.UnknownEvent):
            decide(event, so_far)


def test_a_correction_carries_data_of_the_type_that_it_corrects():
    def corrected(data: dict[str, Any] | None) -> ProposedEvent:
        return proposed("record.corrected", {"event": ID, "data": data}, stream="note/example")

    so_far = spoken_of("note.recorded", "note/example")
    decide(corrected(None), so_far)
    decide(corrected({"kind": "market", "text": "Another remark."}), so_far)
    for data, pointer in (
        ({}, "/data/data/kind"),
        ({"kind": "rumour", "text": "A remark."}, "/data/data/kind"),
        ({"kind": "market", "text": "A remark.", "colour": "grey"}, "/data/data/colour"),
        ({"kind": "market", "text": "A remark.", "countries": ["IN", "XX"]}, "/data/data/countries/1"),
    ):
        with pytest.raises(errors.InvalidRequest) as refusal:
            decide(corrected(data), so_far)
        assert pointer in [error.pointer for error in refusal.value.errors]


def test_a_correction_follows_a_version_of_its_type_that_there_is():
    event = {"event": ID, "data": {"kind": "other", "text": "otherwise"}}
    so_far = StreamSoFar(1, RecordedRef(ID, "note/example", "note.recorded"))
    decide(proposed("record.corrected", event | {"data_version": 1}, "note/example"), so_far)
    for version in (2, 987):
        with pytest.raises(errors.InvalidRequest) as refused:
            decide(proposed("record.corrected", event | {"data_version": version}, "note/example"), so_far)
        assert refused.value.errors[0].pointer == "/data/data_version"
        assert str(version) not in f"{refused.value.detail}{refused.value.errors}"


def test_a_correction_of_a_correction_or_a_repeat_carries_data_of_what_is_corrected_in_the_end():
    note = proposed("note.recorded", BEGINNINGS["note.recorded"])
    first = proposed("record.corrected", {"event": ID, "effective": "2025-11-01"}, "note/example")
    again = proposed("record.repeated", {"event": f"{ID[:-1]}2"}, "note/example")
    for number, type_ in ((2, "record.corrected"), (3, "record.repeated")):
        of = f"{ID[:-1]}{number}"
        so_far = replace(holding(note, first, again), referred=RecordedRef(of, "note/example", type_))
        decide(proposed("record.corrected", {"event": of, "data": BEGINNINGS["note.recorded"]}, "note/example"), so_far)
        with pytest.raises(errors.InvalidRequest) as refusal:
            decide(proposed("record.corrected", {"event": of, "data": {"event": ID}}, "note/example"), so_far)
        assert "/data/data/kind" in {error.pointer for error in refusal.value.errors}


def test_a_retraction_has_no_data_to_correct():
    note = proposed("note.recorded", BEGINNINGS["note.recorded"])
    gone = proposed("record.retracted", {"event": ID}, "note/example")
    of = f"{ID[:-1]}2"
    so_far = replace(holding(note, gone), referred=RecordedRef(of, "note/example", "record.retracted"))
    for data in (BEGINNINGS["note.recorded"], {"event": ID}):
        with pytest.raises(errors.InvalidRequest) as refusal:
            decide(proposed("record.corrected", {"event": of, "data": data}, "note/example"), so_far)
        assert [error.pointer for error in refusal.value.errors] == ["/data/event"]


@pytest.mark.parametrize("type_", ["record.retracted", "record.redacted"])
def test_what_has_no_data_to_correct_is_refused_in_a_sentence_with_what_is_asked_for(type_: str):
    event = proposed("record.corrected", {"event": ID, "data": {}, "reason": "An error."}, "license/example")
    with pytest.raises(errors.InvalidRequest, match="a retraction is retracted itself") as refused:
        decide(event, spoken_of(type_, "license/example"))
    (fault,) = refused.value.errors
    assert (fault.pointer, fault.detail) == (
        "/data/event",
        "an event that claims something, or a correction or a repeat of one",
    )
