"""A company's standing: who is known to hold a license, on which days, for what, and with which certainty."""

import pytest

from tests.answers.facts import (
    ANY_DAY,
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Register,
    announced,
    granted,
    license_reported,
    period,
    registered,
    revoked,
    suspended,
)

EXPORTER = {"name": "JL Mag", "country": "CN"}
MARUTI = {"name": "Maruti Suzuki", "country": "IN"}
INDIAN_COMPANIES = {"class": {"country": "IN"}}


def cause(answer: dict[str, str | None]) -> str:
    return (answer["standing_cause"] or "").replace("_", " ")


def test_who_names_a_company_decides_between_confirmed_and_reported(register: Register):
    expected = {
        "issuer_text": "confirmed",
        "issuer_statement": "confirmed",
        "holder": "confirmed",
        "press_named": "reported",
        "press_anonymous": "reported",
        "commentary": "unknown",
    }
    named = {tier: {"name": f"Company named by {tier}", "country": "IN"} for tier in expected}
    register.record(*(granted(tier.replace("_", "-"), party, said={"tier": tier}) for tier, party in named.items()))
    found = register.answers(*({"end_user": party} for party in named.values()))
    assert {tier: answer["standing"] for tier, answer in zip(named, found, strict=True)} == expected


def test_a_company_of_which_nothing_is_known_is_unknown(register: Register):
    register.record(announced("m"), granted("l", JAY))
    answer = register.answer(end_user=MARUTI)
    assert (answer["standing"], answer["covered"]) == ("unknown", "unknown")


def test_a_license_is_valid_on_its_first_day_and_its_last_and_not_around_them(register: Register):
    register.record(granted("l", JAY, on="2025-04-20", validity=period("2025-05-01", "2025-10-31")))
    days = ["2025-04-30", "2025-05-01", "2025-10-31", "2025-11-01"]
    before, first, last, after = register.answers(*({"as_of": day, "end_user": JAY} for day in days))
    assert before["standing"] not in {"confirmed", "reported"}
    assert (first["standing"], last["standing"]) == ("confirmed", "confirmed")
    assert (after["standing"], cause(after)) == ("none", "expired")


def test_before_anything_was_granted_a_company_is_unknown(register: Register):
    register.record(granted("l", JAY, on="2025-04-20"))
    assert register.standings("2025-04-19") == {"2025-04-19": "unknown"}


def test_the_expiry_of_a_license_is_the_next_change_and_then_marked_as_inferred(register: Register):
    register.record(granted("l", JAY, validity=period("2025-05-01", "2025-10-31")))
    last, after = register.answers({"as_of": "2025-10-31", "end_user": JAY}, {"as_of": "2025-11-01", "end_user": JAY})
    assert (last["next_change"]["about"], last["next_change"]["earliest"]) == ("license/l", "2025-11-01")
    assert "license/l" in {entry["about"] for entry in after["inferred"] if entry["unconfirmed_since"]}


def test_a_license_stated_to_be_open_is_certain_for_ever(register: Register):
    register.record(granted("l", JAY, validity=period("2025-05-01", "open")))
    assert register.standings("2025-05-01", "2045-01-01") == {"2025-05-01": "confirmed", "2045-01-01": "confirmed"}


@pytest.mark.parametrize("validity", [None, period("2025-05-01", None), period(None, None)])
def test_a_license_whose_end_nobody_stated_is_possible_after_the_last_day_a_source_speaks_of(
    register: Register, validity: dict[str, str | None] | None
):
    register.record(granted("l", JAY, on="2025-05-01", validity=validity))
    expected = {"2025-05-01": "confirmed", "2025-05-02": "possible", "2030-01-01": "possible"}
    assert register.standings(*expected) == expected


def test_a_later_report_carries_a_license_without_an_end_to_its_own_day(register: Register):
    register.record(
        granted("l", JAY, on="2025-05-01", validity=period("2025-05-01", None)),
        license_reported("l", "active", "2025-09-01"),
    )
    expected = {"2025-07-01": "confirmed", "2025-09-01": "confirmed", "2025-09-02": "possible"}
    assert register.standings(*expected) == expected


def test_a_license_granted_on_a_vague_day_is_possible_until_the_latest_of_them(register: Register):
    when = "2025-04-21/2025-04-30"
    register.record(granted("l", JAY, on=when, validity=period(when, "2026-01-31")))
    expected = {
        "2025-04-20": "unknown",
        "2025-04-21": "possible",
        "2025-04-29": "possible",
        "2025-04-30": "confirmed",
        "2026-01-31": "confirmed",
        "2026-02-01": "none",
    }
    assert register.standings(*expected) == expected


def test_a_license_granted_at_the_latest_on_a_day_is_certain_on_that_day(register: Register):
    register.record(
        granted("l", JAY, on="../2025-10-30", validity=period(None, "open"), said={"published": "2025-10-30"})
    )
    expected = {"2020-01-01": "possible", "2025-10-29": "possible", "2025-10-30": "confirmed"}
    assert register.standings(*expected) == expected


def test_a_license_with_a_vague_end_is_possible_while_it_may_have_ended(register: Register):
    register.record(granted("l", JAY, validity=period("2025-05-01", "2025-10")))
    expected = {"2025-10-01": "confirmed", "2025-10-02": "possible", "2025-10-31": "possible", "2025-11-01": "none"}
    assert register.standings(*expected) == expected


def test_a_revocation_works_from_its_own_day_and_stays_the_cause_after_the_old_end(register: Register):
    register.record(granted("l", JAY, validity=period("2025-05-01", "2025-10-31")), revoked("l", "2025-08-01"))
    days = ["2025-07-31", "2025-08-01", "2025-11-01"]
    before, on, later = register.answers(*({"as_of": day, "end_user": JAY} for day in days))
    assert before["standing"] == "confirmed"
    assert (on["standing"], cause(on)) == ("none", "revoked")
    assert (later["standing"], cause(later)) == ("none", "revoked")


def test_a_revocation_on_a_vague_day_leaves_the_license_possible_until_the_latest_of_them(register: Register):
    register.record(granted("l", JAY), revoked("l", "2025-08"))
    expected = {"2025-07-31": "confirmed", "2025-08-01": "possible", "2025-08-30": "possible", "2025-08-31": "none"}
    assert register.standings(*expected) == expected


@pytest.mark.parametrize("state", ["applied", "under_review"])
def test_an_application_is_pending_until_it_is_granted(register: Register, state: str):
    register.record(license_reported("l", state, "2025-05-01", JAY))
    assert register.standing_of(JAY, as_of="2025-05-01") == "pending"
    register.record(granted("l", JAY, on="2025-06-01", validity=period("2025-06-01", "open")))
    assert register.standings("2025-05-01", "2025-06-01") == {"2025-05-01": "pending", "2025-06-01": "confirmed"}


@pytest.mark.parametrize("state", ["active", "in_force", "still_applies"])
def test_a_license_only_reported_is_certain_on_the_day_possible_before_it_and_after_it(register: Register, state: str):
    """Nobody stated its end: after the last day a source speaks of, it may have ended."""
    register.record(license_reported("l", state, "2025-10-30", JAY))
    expected = {"2025-10-29": "possible", "2025-10-30": "confirmed", "2025-10-31": "possible"}
    assert register.standings(*expected) == expected


def test_a_license_for_civil_use_is_no_license_for_military_use(register: Register):
    register.record(announced("m"), granted("l", JAY, conditions={"end_uses": ["civil"]}))
    civil, military = register.answers({"end_user": JAY, "end_use": "civil"}, {"end_user": JAY, "end_use": "military"})
    assert civil["standing"] == "confirmed"
    assert (military["standing"], cause(military)) == ("none", "out of scope")
    assert military["covered"] not in {"yes", "yes_with_conditions", "possible"}


def test_a_license_for_one_country_or_one_good_gives_no_standing_for_another(register: Register):
    register.record(announced("m", commodities=[MAGNETS, GALLIUM]), granted("l", JAY))
    found = register.answers({"end_user": JAY, "destination": "VN"}, {"end_user": JAY, "commodity": GALLIUM})
    assert [answer["standing"] in {"none", "unknown"} for answer in found] == [True, True]
    assert [answer["covered"] in {"no", "unknown"} for answer in found] == [True, True]


def test_a_license_of_another_country_is_no_license_of_the_controlling_one(register: Register):
    register.record(announced("m"), granted("l", JAY, issuer="US", origin="US"))
    assert register.standing_of(JAY) == "unknown"


def test_a_license_line_for_part_of_the_goods_leaves_the_standing_possible(register: Register):
    register.record(granted("l", JAY, commodities=[{**MAGNETS, "match": "ex"}]))
    assert register.standing_of(JAY) == "possible"


def test_a_license_binds_its_licensee_and_its_end_user_together(register: Register):
    register.record(announced("m"), granted("l", JAY, licensee=EXPORTER))
    both, other_user, other_exporter = register.answers(
        {"exporter": EXPORTER, "end_user": JAY},
        {"exporter": EXPORTER, "end_user": MARUTI},
        {"exporter": {"name": "Baotou Magnets", "country": "CN"}, "end_user": JAY},
    )
    assert both["standing"] == "confirmed"
    assert other_user["standing"] not in {"confirmed", "reported"}
    assert other_exporter["standing"] not in {"confirmed", "reported"}


def test_the_licensee_is_confirmed_as_the_exporter(register: Register):
    register.record(granted("l", JAY, licensee=EXPORTER))
    assert register.answer(exporter=EXPORTER)["standing"] == "confirmed"


def test_the_first_standing_that_holds_is_given_and_the_others_stand_in_the_reasons(register: Register):
    register.record(
        granted("expired", JAY, validity=period("2025-05-01", "2025-05-31")),
        granted("class", INDIAN_COMPANIES, said={"tier": "other_official"}),
    )
    possible = register.answer(end_user=JAY)
    assert possible["standing"] == "possible"
    assert {"license/expired", "license/class"} <= {reason["about"] for reason in possible["reasons"]}
    register.record(granted("named", JAY, said={"tier": "press_named"}))
    assert register.standing_of(JAY) == "reported"
    register.record(granted("own", JAY, said={"tier": "holder"}))
    assert register.standing_of(JAY) == "confirmed"


def test_members_of_a_class_are_possible_and_others_unknown(register: Register):
    register.record(announced("m"), granted("l", INDIAN_COMPANIES, said={"tier": "issuer_text"}))
    member, other = register.answers({"end_user": JAY}, {"end_user": HELLA})
    assert (member["standing"], member["covered"]) == ("possible", "possible")
    assert other["standing"] == "unknown"


@pytest.mark.parametrize(
    "party",
    [
        {"described": "Indian units of Continental", "country": "IN"},
        {"undisclosed": True},
        {"undisclosed": True, "country": "IN"},
        {"class": {"relation": "vendor_of", "company": "company/maruti-suzuki"}},
    ],
)
def test_only_a_named_party_can_be_confirmed_or_reported(register: Register, party: dict[str, object]):
    register.record(registered("maruti-suzuki", "Maruti Suzuki", "IN"), granted("l", party))
    asked = [JAY, MARUTI, HELLA, {"name": "Continental", "country": "IN"}, {"company": "company/maruti-suzuki"}]
    standings = {str(register.standing_of(company)) for company in asked}
    assert standings <= {"possible", "unknown"}


def test_a_license_for_whom_nobody_says_may_cover_and_gives_nobody_a_standing(register: Register):
    register.record(announced("m"), granted("l", {"undisclosed": True}))
    answer = register.answer(end_user=JAY)
    assert (answer["standing"], answer["covered"]) == ("unknown", "possible")


def test_an_undisclosed_party_of_a_country_may_be_any_company_of_it(register: Register):
    register.record(granted("l", {"undisclosed": True, "country": "IN"}))
    assert (register.standing_of(JAY), register.standing_of(HELLA)) == ("possible", "unknown")


def test_a_described_party_of_one_country_gives_nothing_to_a_company_of_another(register: Register):
    register.record(granted("l", {"described": "Indian units of Continental", "country": "IN"}))
    assert register.standing_of(HELLA) == "unknown"


def test_a_license_that_has_been_revoked_leaves_its_class_without_a_standing(register: Register):
    register.record(granted("l", INDIAN_COMPANIES), revoked("l", "2025-06-01"))
    assert register.standing_of(JAY) not in {"confirmed", "reported", "possible"}


def test_a_quota_share_is_not_a_license(register: Register):
    register.record(announced("m"), granted("share", JAY, type="quota_allocation"))
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["licenses"]["official"]["min"]) == ("license_required", 0)
    assert answer["standing"] not in {"confirmed", "reported"}


def test_the_suspension_of_a_measure_leaves_a_license_as_it_is(register: Register):
    register.record(announced("m"), suspended("m", "2025-06-01", "2025-12-31"), granted("l", JAY))
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["standing"]) == ("suspended", "confirmed")


def test_several_is_at_least_two_without_an_upper_bound_in_the_sources_words(register: Register):
    several = {"min": 2, "max": None, "text": "several"}
    register.record(granted("l", INDIAN_COMPANIES, count=several, said={"tier": "other_official"}))
    licenses = register.answer()["licenses"]
    assert licenses["official"] == several
    assert (licenses["reported"]["min"], licenses["reported"]["max"]) == (0, None)


def test_overlapping_counts_are_the_largest_and_never_the_sum(register: Register):
    register.record(
        granted("l", INDIAN_COMPANIES, count={"min": 2, "text": "several"}, said={"tier": "other_official"}),
        license_reported(
            "l", "active", "2025-05-03", INDIAN_COMPANIES, count={"min": 3}, said={"tier": "other_official"}
        ),
        granted(
            "other", INDIAN_COMPANIES, count={"min": 4, "text": "at least four"}, said={"tier": "issuer_statement"}
        ),
    )
    assert register.answer(as_of="2025-05-03")["licenses"]["official"]["min"] == 4


def test_official_and_reported_counts_stand_apart(register: Register):
    register.record(
        granted("l", INDIAN_COMPANIES, count={"min": 2, "text": "several"}, said={"tier": "other_official"}),
        granted("p", INDIAN_COMPANIES, count={"min": 4, "text": "at least four"}, said={"tier": "press_anonymous"}),
    )
    licenses = register.answer()["licenses"]
    assert (licenses["official"]["min"], licenses["official"]["text"]) == (2, "several")
    assert (licenses["reported"]["min"], licenses["reported"]["text"]) == (4, "at least four")


def test_a_named_license_counts_one(register: Register):
    register.record(granted("one", JAY))
    assert register.answer()["licenses"]["official"]["min"] == 1
    register.record(granted("two", MARUTI))
    assert register.answer()["licenses"]["official"]["min"] == 2


def test_named_licenses_and_a_count_of_all_are_not_added_up(register: Register):
    register.record(granted("one", JAY), granted("all", INDIAN_COMPANIES, count={"min": 2, "text": "several"}))
    assert register.answer()["licenses"]["official"]["min"] == 2


def test_commentary_counts_nothing(register: Register):
    register.record(granted("l", INDIAN_COMPANIES, count={"min": 9}, said={"tier": "commentary"}))
    licenses = register.answer(end_user=JAY)["licenses"]
    assert (licenses["official"]["min"], licenses["reported"]["min"]) == (0, 0)


def test_the_license_itself_tells_the_same_as_the_answer(register: Register):
    register.record(granted("l", JAY, validity=period("2025-05-01", "2025-10-31")), revoked("l", "2025-08-01"))
    active, gone = (register.get("/v1/licenses/l", as_of=day) for day in (ANY_DAY, "2025-08-01"))
    assert (active["state"], active["active"]) == ("active", "yes")
    assert (gone["state"], gone["active"]) == ("revoked", "no")
