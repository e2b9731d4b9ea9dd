"""What was set aside or retracted is told in the answers that it would have changed (rule 30)."""

from tests.answers.facts import (
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Answer,
    Register,
    announced,
    corrected,
    granted,
    milestone,
    note,
    retracted,
)


def aside(answer: Answer) -> set[str]:
    return {one["event"] for one in answer["set_aside"]}


def test_a_stream_of_which_nothing_is_left_is_told_where_it_would_have_borne(register: Register):
    measure, other = announced("m"), announced("n", commodities=[GALLIUM])
    known = register.record(measure, other)
    position = register.record(retracted(measure))
    answer = register.answer()
    assert (answer["control"], aside(answer), answer["position"]) == ("no_data", {measure["id"]}, position)
    assert aside(register.answer(commodity=GALLIUM)) == set()
    assert aside(register.answer(known_at=known)) == set()
    assert aside(register.answer(as_of="2025-03-01")) == set()


def test_it_is_told_also_where_nothing_else_is_on_record_and_no_country_is_named(register: Register):
    measure = announced("m")
    register.record(measure, retracted(measure))
    assert aside(register.answer(controller=None)) == {measure["id"]}
    assert aside(register.answer(controller="US")) == set()


def test_a_retracted_license_is_told_of_the_company_that_it_named(register: Register):
    grant = granted("l", JAY)
    register.record(announced("m"), grant, retracted(grant))
    answer = register.answer(end_user=JAY)
    assert (answer["standing"], aside(answer)) == ("unknown", {grant["id"]})
    assert aside(register.answer(end_user=HELLA)) == set()


def test_a_claim_that_is_set_aside_is_told_in_the_answer_about_the_party_that_it_names(register: Register):
    ruled = announced("m", kind="prohibition", end_users={"only": [JAY]})
    reported = announced("m", kind="prohibition", end_users={"only": [HELLA]}, said={"tier": "press_named"})
    register.record(ruled, reported)
    about_hella = register.answer(destination="DE", end_user=HELLA)
    assert about_hella["control"] == "no_data"
    assert aside(about_hella) == {reported["id"]}
    assert [one["event"] for one in about_hella["conflicts"]] == [reported["id"]]


def test_what_was_corrected_is_told_where_it_would_have_borne(register: Register):
    wrong = announced("m", commodities=[GALLIUM])
    register.record(wrong, corrected(wrong, scope={"destinations": "all", "commodities": [MAGNETS]}))
    assert register.control_of() == "license_required"
    answer = register.answer(commodity=GALLIUM)
    assert (answer["control"], aside(answer)) == ("no_data", {wrong["id"]})


def test_a_milestone_shows_what_contradicts_it(register: Register):
    met = milestone("met", said={"tier": "other_official"})
    other = milestone("met", parties=["IN", "US"], said={"tier": "press_named"})
    register.record(met, other)
    shown = register.get("/v1/milestones/met")
    assert [one["event"] for one in shown["conflicts"]] == [one["event"] for one in shown["set_aside"]] == [other["id"]]


def test_a_note_stands_beside_a_status_from_its_day_on(register: Register):
    register.record(announced("m"), note("n"))
    shown = {
        day: [one["id"] for one in register.get("/v1/countries/IN/status", as_of=day)["notes"]]
        for day in ("2025-06-14", "2025-06-15")
    }
    assert shown == {"2025-06-14": [], "2025-06-15": ["n"]}
