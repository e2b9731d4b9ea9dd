"""Where nothing is recorded nothing is known: no field of an answer reads as a clearance, and context moves nothing."""

from typing import Any

from tests.answers.facts import (
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Answer,
    Register,
    announced,
    fact,
    granted,
    milestone,
    note,
    period,
    registered,
)

NO_CLEARANCE: dict[str, Any] = {
    "control": "no_data",
    "standing": "unknown",
    "standing_cause": None,
    "covered": None,
    "basis": [],
    "possible": [],
    "because": [],
    "set_aside": [],
    "conflicts": [],
    "inferred": [],
    "next_change": None,
}


def told(answer: Answer) -> dict[str, Any]:
    return {name: answer[name] for name in NO_CLEARANCE}


TOLD_OF_THE_RECORD = {"known_at", "recorded_through", "headline", "links"}


def moved(answer: Answer) -> dict[str, Any]:
    """An answer without what tells of the record as a whole: how much is known, and how far it reaches."""
    return {name: value for name, value in answer.items() if name not in TOLD_OF_THE_RECORD}


def confirmed(slug: str, by: str, on: str = "2025-06-20") -> dict[str, Any]:
    return fact(f"milestone/{slug}", "milestone.confirmed", {"by": by}, effective=on)


def test_an_empty_register_knows_nothing_and_clears_nothing(register: Register):
    everybody: dict[str, Any] = {"controller": None, "destination": None}
    questions: list[dict[str, Any]] = [{}, {"end_user": JAY}, {"exporter": JAY}, {"end_use": "civil"}, everybody]
    for answer in register.answers(*questions):
        assert told(answer) == NO_CLEARANCE
        assert answer["licenses"]["known"] == []
        assert [answer["licenses"][side]["min"] for side in ("official", "reported")] == [0, 0]
        # A bound of zero would say that there are none.
        assert [answer["licenses"][side]["max"] for side in ("official", "reported")] == [None, None]
        assert answer["recorded_through"] is None
        assert "not legal advice" in answer["notice"]


def test_what_is_recorded_of_other_questions_clears_nothing(register: Register):
    register.record(
        announced("m", on="2025-01-01", destinations={"only": ["IN"]}, commodities=[MAGNETS]),
        granted("l", JAY, on="2025-05-01"),
    )
    questions: list[dict[str, Any]] = [
        {"controller": "US"},
        {"destination": "DE", "end_user": HELLA},
        {"commodity": GALLIUM},
        {"commodity": {"hs": "850511"}, "controller": "US"},
    ]
    for answer in register.answers(*questions):
        assert told(answer) == NO_CLEARANCE
        assert [answer["licenses"][side]["max"] for side in ("official", "reported")] == [None, None]


def test_what_is_recorded_of_later_days_clears_nothing(register: Register):
    register.record(announced("m", on="2025-02-01"), granted("l", JAY, on="2025-05-01"))
    answer = register.answer(end_user=JAY, as_of="2025-01-31")
    assert (answer["control"], answer["standing"], answer["covered"]) == ("no_data", "unknown", None)
    assert (answer["basis"], answer["possible"]) == ([], [])


def test_a_license_alone_says_nothing_of_the_control(register: Register):
    register.record(granted("l", JAY))
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["standing"]) == ("no_data", "confirmed")


def test_without_a_license_on_record_nobody_is_said_to_have_none(register: Register):
    register.record(announced("m"))
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["standing"], answer["covered"]) == ("license_required", "unknown", "unknown")
    assert answer["licenses"]["official"]["max"] is None


def test_a_country_nobody_wrote_about_has_no_controls_and_no_clearance(register: Register):
    register.record(announced("m", destinations={"only": ["IN"]}))
    status = register.get("/v1/countries/BR/status", as_of="2025-07-01")
    assert {row["control"] for row in status["controls"]} <= {"no_data"}


def test_a_company_nobody_wrote_about_is_unknown_for_each_control(register: Register):
    register.record(announced("m"), granted("l", JAY), registered("maruti-suzuki", "Maruti Suzuki", "IN"))
    status = register.get("/v1/companies/maruti-suzuki/status", as_of="2025-07-01")
    assert (status["standings"], status["named_by"], status["general"]["controls"]) == ([], [], 1)
    path = "/v1/companies/maruti-suzuki/status"
    rows = register.get(path, as_of="2025-07-01", commodity="rare_earth_magnets")["standings"]
    assert [(row["control"], row["standing"], row["covered"]) for row in rows] == [
        ("license_required", "unknown", "unknown")
    ]


def test_recorded_through_is_the_latest_publication_day_about_the_controlling_country(register: Register):
    register.record(
        announced("m", said={"published": "2025-04-10"}),
        granted("l", JAY, said={"published": "2025-06-12"}),
        announced("us", controller="US", said={"published": "2025-09-01"}),
    )
    last = register.record(announced("n", commodities=[GALLIUM], said={"published": "2025-05-01"}))
    assert register.answer()["recorded_through"] == "2025-06-12"
    assert register.answer(known_at=1)["recorded_through"] == "2025-04-10"
    assert register.answer(controller="US", known_at=last)["recorded_through"] == "2025-09-01"


def test_milestones_and_notes_move_nothing(register: Register):
    register.record(
        registered("jay-ushin", "Jay Ushin", "IN"),
        announced("m", in_force=period("2025-04-04", "2026-12-31")),
        granted("l", {"class": {"country": "IN"}}, validity=None, said={"tier": "other_official"}),
    )
    days = ("2025-04-03", "2025-07-01", "2027-01-01")
    questions = [{"as_of": day, "end_user": JAY} for day in days]
    before = register.answers(*questions)
    about = ["restriction/m", "license/l"]
    kinds = ("meeting", "agreement", "assurance", "representation", "demanded_condition", "statement")
    register.record(
        *(milestone(kind.replace("_", "-"), kind=kind, about=about, claimed_by="IN") for kind in kinds),
        *(
            milestone(kind.replace("_", "-"), kind=kind)
            for kind in ("non_confirmation", "rupture", "mechanism_resumed")
        ),
        confirmed("assurance", "CN"),
        *(
            note(kind, kind=kind, about=[*about, "company/jay-ushin"], commodities=[MAGNETS])
            for kind in ("practice", "enforcement", "market", "impact", "opinion", "premise", "other")
        ),
    )
    assert [moved(answer) for answer in register.answers(*questions)] == [moved(answer) for answer in before]


def test_goods_held_although_no_rule_says_so_are_a_note_beside_the_answer(register: Register):
    register.record(announced("m"), note("held", about=["restriction/m"]))
    status = register.get("/v1/countries/IN/status", as_of="2025-07-01")
    assert [row["control"] for row in status["controls"]] == ["license_required"]
    assert [entry["text"] for entry in status["notes"]] == ["Goods are held at the port."]


def test_a_note_or_a_milestone_alone_gives_no_data(register: Register):
    register.record(note("held"), milestone("met", kind="assurance", title="China assures India of magnets"))
    assert told(register.answer(end_user=JAY)) == NO_CLEARANCE


def test_what_one_side_claims_stays_a_claim_until_the_other_side_confirms_it(register: Register):
    register.record(milestone("m", kind="assurance", claimed_by="IN"))
    assert register.get("/v1/milestones/m", as_of="2025-07-01")["state"] == "claimed"
    register.record(confirmed("m", "CN", on="2025-06-20"))
    shown = register.get("/v1/milestones/m", as_of="2025-07-01")
    assert (shown["state"], shown["confirmed_by"]) == ("confirmed", ["CN"])


def test_nobody_confirms_a_claim_of_its_own(register: Register):
    register.record(milestone("m", kind="assurance", claimed_by="IN"))
    register.client.post("/v1/events", json=confirmed("m", "IN"))
    assert register.get("/v1/milestones/m", as_of="2025-07-01")["state"] == "claimed"


def test_a_milestone_on_a_vague_day_has_possibly_happened_within_it(register: Register):
    register.record(milestone("m", on="2025-06"))
    days = ("2025-05-31", "2025-06-01", "2025-06-29", "2025-06-30")
    happened = {day: register.get("/v1/milestones/m", as_of=day)["happened"] for day in days}
    assert happened == {"2025-05-31": "no", "2025-06-01": "possible", "2025-06-29": "possible", "2025-06-30": "yes"}
