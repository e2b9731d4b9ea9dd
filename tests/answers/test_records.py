"""Corrections, retractions and repeats; and what makes no sense as a record, which is refused."""

import uuid

import pytest

from tests.answers.facts import (
    JAY,
    Register,
    announced,
    corrected,
    granted,
    identified,
    milestone,
    note,
    period,
    registered,
    repealed,
    repeated,
    retracted,
    revoked,
    suspended,
    used,
)


def test_a_correction_says_how_it_always_was(register: Register):
    wrong = announced("m", in_force=period("2025-04-04"))
    known = register.record(wrong)
    register.record(corrected(wrong, in_force=period("2025-04-14")))
    assert register.controls("2025-04-13", "2025-04-14") == {
        "2025-04-13": "not_yet_in_force",
        "2025-04-14": "license_required",
    }
    assert register.control_of(as_of="2025-04-13", known_at=known) == "license_required"


def test_a_correction_of_the_day_alone_keeps_the_data(register: Register):
    end = revoked("l", "2025-06-01")
    register.record(granted("l", JAY), end, corrected(end, effective="2025-08-01"))
    assert register.standings("2025-07-31", "2025-08-01") == {"2025-07-31": "confirmed", "2025-08-01": "none"}


def test_a_correction_of_the_data_alone_keeps_the_day(register: Register):
    grant = granted("l", JAY, on="2025-05-01")
    register.record(grant, corrected(grant, end_users=[{"name": "Maruti Suzuki", "country": "IN"}]))
    assert register.standing_of(JAY) == "unknown"
    assert register.standings("2025-04-30", "2025-05-01", end_user={"name": "Maruti Suzuki", "country": "IN"}) == {
        "2025-04-30": "unknown",
        "2025-05-01": "confirmed",
    }


def test_the_latest_correction_that_is_not_outranked_wins(register: Register):
    wrong = announced("m", in_force=period("2025-04-04"))
    first = corrected(wrong, in_force=period("2025-04-14"))
    register.record(wrong, first, corrected(wrong, in_force=period("2025-04-24")))
    assert register.control_of(as_of="2025-04-20") == "not_yet_in_force"
    outranked = corrected(wrong, tier="press_named", in_force=period("2025-04-01"))
    register.record(outranked)
    answer = register.answer(as_of="2025-04-20")
    assert answer["control"] == "not_yet_in_force"
    assert outranked["id"] in {entry["event"] for entry in [*answer["set_aside"], *answer["conflicts"]]}


def test_a_correction_of_a_lower_tier_does_not_replace_a_higher_one_between_them(register: Register):
    wrong = announced("m", in_force=period("2025-04-04"), said={"tier": "press_named"})
    register.record(wrong, corrected(wrong, tier="issuer_text", in_force=period("2025-04-14")))
    register.record(corrected(wrong, tier="press_named", in_force=period("2025-04-24")))
    assert register.controls("2025-04-13", "2025-04-14") == {
        "2025-04-13": "not_yet_in_force",
        "2025-04-14": "license_required",
    }


def test_retracting_a_correction_restores_what_it_replaced(register: Register):
    wrong = announced("m", in_force=period("2025-04-04"))
    first = corrected(wrong, in_force=period("2025-04-14"))
    second = corrected(wrong, in_force=period("2025-04-24"))
    register.record(wrong, first, second, retracted(second))
    assert register.controls("2025-04-13", "2025-04-14") == {
        "2025-04-13": "not_yet_in_force",
        "2025-04-14": "license_required",
    }
    register.record(retracted(first))
    assert register.controls("2025-04-03", "2025-04-04") == {
        "2025-04-03": "not_yet_in_force",
        "2025-04-04": "license_required",
    }


def test_a_retracted_claim_falls_away_and_leaves_nothing(register: Register):
    measure, grant = announced("m"), granted("l", JAY)
    known = register.record(measure, grant)
    register.record(retracted(measure), retracted(grant))
    now, then = register.answers({"end_user": JAY}, {"end_user": JAY, "known_at": known})
    assert (now["control"], now["standing"], now["licenses"]["official"]["min"]) == ("no_data", "unknown", 0)
    assert (then["control"], then["standing"]) == ("license_required", "confirmed")


@pytest.mark.parametrize("act", ["suspension", "repeal", "revocation"])
def test_a_retracted_act_leaves_the_state_as_if_it_had_not_been(register: Register, act: str):
    acts = {
        "suspension": suspended("m", "2025-06-01", "2025-12-31"),
        "repeal": repealed("m", "2025-06-01"),
        "revocation": revoked("l", "2025-06-01"),
    }
    register.record(announced("m"), granted("l", JAY), acts[act], retracted(acts[act]))
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["standing"], answer["inferred"]) == (
        "license_required",
        "confirmed",
        [entry for entry in answer["inferred"] if entry["what"] == "enters into force"],
    )


def test_retracting_one_of_two_claims_leaves_the_other(register: Register):
    followed, other = announced("m"), announced("m", in_force=period("2025-05-01"), said={"tier": "press_named"})
    register.record(followed, other, retracted(followed))
    answer = register.answer(as_of="2025-04-10")
    assert (answer["control"], answer["conflicts"]) == ("not_yet_in_force", [])


def test_a_repeat_adds_a_source_and_moves_nothing(register: Register):
    grant = granted("l", JAY, count={"min": 2, "text": "several"}, said={"tier": "press_named"})
    register.record(grant)
    before = register.answer(end_user=JAY)
    again = repeated(grant, tier="press_named", publisher="Another outlet", published=grant["source"]["published_at"])
    register.record(again)
    after = register.answer(end_user=JAY)
    assert {name: after[name] for name in ("control", "standing", "covered")} == {
        name: before[name] for name in ("control", "standing", "covered")
    }
    assert after["licenses"]["reported"] == before["licenses"]["reported"]
    assert again["id"] in {entry["event"] for known in after["licenses"]["known"] for entry in known["said_by"]}


def test_the_history_of_a_thing_keeps_what_was_corrected_and_retracted(register: Register):
    wrong = announced("m")
    mended = corrected(wrong, in_force=period("2025-04-14"))
    taken_back = retracted(mended)
    register.record(wrong, mended, taken_back)
    history = register.get("/v1/restrictions/m/history", as_of="2025-07-01")["history"]
    assert [entry["event"]["id"] for entry in history] == [wrong["id"], mended["id"], taken_back["id"]]


def test_a_company_is_registered_once(register: Register):
    register.record(registered("jay-ushin", "Jay Ushin", "IN"))
    head = register.head()
    assert register.refusal(registered("jay-ushin", "Jay Ushin Limited", "IN")) == 409
    assert register.head() == head
    register.record(registered("maruti-suzuki", "Maruti Suzuki", "IN"))


def test_a_license_that_nobody_recorded_cannot_be_used(register: Register):
    assert register.refusal(used("l")) == 409
    assert register.head() == 0
    register.record(granted("l", JAY), used("l"))


def test_what_is_corrected_retracted_or_repeated_must_exist(register: Register):
    known, unknown = announced("m"), announced("m")
    register.record(known)
    refused = [corrected(unknown, effective="2025-04-02"), retracted(unknown), repeated(unknown)]
    assert [register.refusal(event) for event in refused] == [409, 409, 409]
    assert register.head() == 1
    register.record(corrected(known, effective="2025-04-02"), repeated(known), retracted(known))


def test_a_correction_is_appended_to_the_stream_of_the_event_it_speaks_of(register: Register):
    wrong = announced("m")
    register.record(wrong, announced("n"))
    elsewhere = corrected(wrong, effective="2025-04-02") | {"stream": "restriction/n"}
    assert register.refusal(elsewhere) in {409, 422}


def test_the_same_event_posted_twice_is_recorded_once_and_other_content_under_its_id_refused(register: Register):
    event = announced("m")
    assert register.record(event) == register.record(event) == register.head() == 1
    other = announced("m", kind="quota") | {"id": event["id"]}
    assert register.refusal(other) == 409
    assert register.control_of() == "license_required"


def test_a_batch_with_one_refused_event_records_none(register: Register):
    nothing_to_correct = retracted(announced("m") | {"id": str(uuid.uuid4())})
    response = register.client.post("/v1/events", json={"events": [announced("m"), nothing_to_correct]})
    assert (response.status_code, register.head(), register.control_of()) == (409, 0, "no_data")


def test_a_milestone_a_note_and_a_company_can_be_corrected_and_retracted(register: Register):
    met, held, company = milestone("m"), note("n"), registered("jay-ushin", "Jay Ushin", "IN")
    register.record(met, held, company, identified("jay-ushin", aliases=["Jay"]))
    register.record(corrected(met, title="Another meeting"), corrected(held, text="Nothing is held."))
    register.record(corrected(company, name="Jay Ushin Limited"))
    assert register.get("/v1/milestones/m")["title"] == "Another meeting"
    assert register.get("/v1/notes/n")["text"] == "Nothing is held."
    assert register.get("/v1/companies/jay-ushin")["name"] == "Jay Ushin Limited"
    register.record(retracted(met), retracted(held))
    shown = register.get("/v1/countries/IN/status", as_of="2025-07-01")
    assert (shown["milestones"], shown["notes"]) == ([], [])
