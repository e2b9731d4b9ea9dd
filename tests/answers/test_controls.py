"""Which control follows where several provisions meet: the strictest that is certain, and what lies under it."""

from itertools import pairwise

import pytest

from tests.answers.facts import (
    ANY_DAY,
    CONTROL_OF_KIND,
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Register,
    announced,
    basis_of,
    granted,
    period,
    possible_controls,
    repealed,
    suspended,
)

EX_MAGNETS = {**MAGNETS, "match": "ex"}


def test_every_kind_of_provision_gives_its_own_control(register: Register):
    kinds = [*CONTROL_OF_KIND, "conditional_prohibition"]
    register.record(
        *(announced(f"m-{number}", kind=kind, commodities=[{"name": kind}]) for number, kind in enumerate(kinds))
    )
    found = register.answers(*({"commodity": {"name": kind}} for kind in kinds))
    controls = {kind: answer["control"] for kind, answer in zip(kinds, found, strict=True)}
    assert controls == CONTROL_OF_KIND | {"conditional_prohibition": "presumption_of_denial"}
    assert found[-1]["basis"][0]["kind"] == "conditional_prohibition"


def test_the_strictest_provision_that_is_certain_is_the_control(register: Register):
    pairs = list(pairwise(CONTROL_OF_KIND))
    for number, (stricter, milder) in enumerate(pairs):
        goods = [{"name": f"goods-{number}"}]
        register.record(
            announced(f"mild-{number}", kind=milder, commodities=goods),
            announced(f"strict-{number}", kind=stricter, commodities=goods),
        )
    found = register.answers(*({"commodity": {"name": f"goods-{number}"}} for number in range(len(pairs))))
    assert [answer["control"] for answer in found] == [CONTROL_OF_KIND[stricter] for stricter, _ in pairs]


@pytest.mark.parametrize("open_by", ["an ex scope", "a vague start", "destinations not said"])
def test_a_stricter_provision_that_is_only_possible_stands_beside_the_control(register: Register, open_by: str):
    register.record(
        announced("certain"),
        announced(
            "open",
            kind="prohibition",
            commodities=[EX_MAGNETS if open_by == "an ex scope" else MAGNETS],
            in_force=period("2025" if open_by == "a vague start" else "2025-04-04"),
            destinations={"including": ["VN"]} if open_by == "destinations not said" else "all",
        ),
    )
    answer = register.answer()
    assert (answer["control"], basis_of(answer), possible_controls(answer)) == (
        "license_required",
        {"certain"},
        {"prohibited"},
    )


def test_a_milder_provision_that_is_possible_does_not_hide_the_control(register: Register):
    register.record(announced("strict", kind="prohibition"), announced("mild", commodities=[EX_MAGNETS]))
    assert register.control_of() == "prohibited"


def test_where_nothing_is_certain_and_something_is_possible_the_control_is_undetermined(register: Register):
    register.record(announced("m", commodities=[EX_MAGNETS]), announced("n", kind="quota", commodities=[EX_MAGNETS]))
    answer = register.answer()
    assert (answer["control"], answer["basis"]) == ("undetermined", [])
    assert possible_controls(answer) == {"license_required", "quota"}


def test_a_suspension_removes_only_its_own_provision(register: Register):
    register.record(
        announced("ban", kind="prohibition"), announced("licensing"), suspended("ban", "2025-11-10", "2026-11-09")
    )
    assert register.controls("2025-11-09", "2025-11-10", "2026-11-09", "2026-11-10") == {
        "2025-11-09": "prohibited",
        "2025-11-10": "license_required",
        "2026-11-09": "license_required",
        "2026-11-10": "prohibited",
    }


def test_a_suspended_provision_with_nothing_under_it_is_suspended_and_no_clearance(register: Register):
    register.record(announced("m"), suspended("m", "2025-11-10", "2026-11-09"))
    answer = register.answer(as_of="2025-12-01")
    assert (answer["control"], answer["standing"]) == ("suspended", "unknown")


def test_a_repeal_removes_only_its_own_provision(register: Register):
    register.record(announced("ban", kind="prohibition"), announced("licensing"), repealed("ban", "2025-06-01"))
    answer = register.answer()
    assert (answer["control"], basis_of(answer)) == ("license_required", {"licensing"})


def test_a_measure_to_come_does_not_hide_what_applies_already(register: Register):
    register.record(announced("now"), announced("later", kind="prohibition", in_force=period("2025-09-01")))
    assert register.controls("2025-08-31", "2025-09-01") == {
        "2025-08-31": "license_required",
        "2025-09-01": "prohibited",
    }


def test_a_specific_exemption_beats_the_same_authoritys_general_rule_where_it_reaches(register: Register):
    register.record(
        announced("rule", authority="MOFCOM"),
        announced("door", kind="exemption", destinations={"only": ["IN"]}, authority="MOFCOM"),
    )
    assert (register.control_of(destination="IN"), register.control_of(destination="DE")) == (
        "not_restricted",
        "license_required",
    )


def test_an_exemption_holds_on_its_own_days_only(register: Register):
    register.record(
        announced("rule", authority="MOFCOM"),
        announced(
            "door",
            kind="exemption",
            destinations={"only": ["IN"]},
            authority="MOFCOM",
            in_force=period("2025-06-01", "2025-06-30"),
        ),
    )
    assert register.controls("2025-05-31", "2025-06-01", "2025-06-30", "2025-07-01") == {
        "2025-05-31": "license_required",
        "2025-06-01": "not_restricted",
        "2025-06-30": "not_restricted",
        "2025-07-01": "license_required",
    }


def test_an_exemption_of_another_country_changes_nothing(register: Register):
    register.record(
        announced("rule"), announced("door", kind="exemption", controller="US", destinations={"only": ["IN"]})
    )
    assert register.control_of() == "license_required"


def test_an_exemption_of_another_authority_does_not_beat_the_rule(register: Register):
    register.record(
        announced("rule", controller="US", authority="Bureau of Industry and Security"),
        announced(
            "door",
            kind="exemption",
            controller="US",
            destinations={"only": ["IN"]},
            authority="Office of Foreign Assets Control",
        ),
    )
    assert register.control_of(controller="US") == "license_required"


def test_an_exemption_that_may_match_stands_beside_the_control(register: Register):
    register.record(
        announced("rule", authority="MOFCOM"),
        announced(
            "door",
            kind="exemption",
            destinations={"only": ["IN"]},
            commodities=[EX_MAGNETS],
            authority="MOFCOM",
        ),
    )
    assert register.control_of() == "license_required"


def test_a_prohibition_that_names_an_end_user_beats_the_countrys_control_and_an_exemption_of_the_country(
    register: Register,
):
    register.record(
        announced("rule", authority="MOFCOM"),
        announced("door", kind="exemption", destinations={"only": ["IN"]}, authority="MOFCOM"),
        announced("listing", kind="prohibition", end_users={"only": [JAY]}, authority="MOFCOM"),
    )
    assert register.control_of(end_user=JAY) == "prohibited"
    assert register.control_of(end_user={"name": "Maruti Suzuki", "country": "IN"}) == "not_restricted"


def test_a_prohibition_that_names_an_end_user_beats_an_earlier_license(register: Register):
    register.record(
        announced("rule"),
        granted("l", JAY, on="2025-05-01"),
        announced(
            "listing", kind="prohibition", on="2025-06-01", in_force=period("2025-06-01"), end_users={"only": [JAY]}
        ),
    )
    before, after = register.answers({"as_of": "2025-05-31", "end_user": JAY}, {"as_of": "2025-06-01", "end_user": JAY})
    assert (before["control"], before["standing"]) == ("license_required", "confirmed")
    assert before["covered"] in {"yes", "yes_with_conditions"}
    assert (after["control"], after["covered"]) == ("prohibited", "no")


def test_an_end_use_prohibition_beats_an_earlier_license_for_that_use(register: Register):
    register.record(
        announced("rule"),
        granted("l", JAY),
        announced("use", kind="prohibition", in_force=period("2025-06-01"), end_uses=["military"]),
    )
    military, civil = register.answers({"end_user": JAY, "end_use": "military"}, {"end_user": JAY, "end_use": "civil"})
    assert (military["control"], military["covered"]) == ("prohibited", "no")
    assert (civil["control"], civil["standing"]) == ("license_required", "confirmed")


def test_not_restricted_takes_evidence_for_this_very_question(register: Register):
    register.record(announced("m", destinations={"only": ["IN"]}, commodities=[MAGNETS]), repealed("m", "2025-06-01"))
    ended, elsewhere, other_goods = register.answers({}, {"destination": "DE"}, {"commodity": GALLIUM})
    assert [ended["control"], elsewhere["control"], other_goods["control"]] == ["not_restricted", "no_data", "no_data"]


def test_the_end_of_a_measure_that_only_may_have_matched_is_no_evidence(register: Register):
    register.record(announced("m", commodities=[EX_MAGNETS]), repealed("m", "2025-06-01"))
    assert register.control_of() != "not_restricted"


def test_the_end_of_one_measure_is_no_evidence_while_another_may_apply(register: Register):
    register.record(
        announced("m"), repealed("m", "2025-06-01"), announced("n", commodities=[EX_MAGNETS], kind="prohibition")
    )
    answer = register.answer()
    assert (answer["control"], possible_controls(answer)) == ("undetermined", {"prohibited"})


def test_a_measure_announced_later_than_the_day_says_nothing_about_it(register: Register):
    register.record(announced("m", on="2025-08-01", in_force=period("2025-09-01")))
    assert register.controls("2025-07-31", "2025-08-01") == {"2025-07-31": "no_data", "2025-08-01": "not_yet_in_force"}


def test_a_controlling_countrys_measure_says_nothing_about_anothers(register: Register):
    register.record(announced("m"))
    assert (register.control_of(controller="CN"), register.control_of(controller="US")) == (
        "license_required",
        "no_data",
    )


def test_without_a_controlling_country_all_that_may_apply_is_answered(register: Register):
    register.record(announced("cn"), announced("us", kind="prohibition", controller="US"))
    answer = register.answer(controller=None)
    assert answer["control"] == "prohibited"
    assert {"restriction/cn", "restriction/us"} <= {reason["about"] for reason in answer["reasons"]}


def test_without_a_controlling_country_the_basis_has_every_country_with_the_strictest_control(register: Register):
    register.record(
        announced("cn"), announced("us", controller="US"), announced("jp", kind="notification", controller="JP")
    )
    assert {one["controller"] for one in register.answer(controller=None)["basis"]} == {"CN", "US"}


def test_a_license_never_changes_the_control(register: Register):
    register.record(
        announced("m"), granted("general", JAY, HELLA, type="general"), granted("single", JAY, type="individual")
    )
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["as_of"]) == ("license_required", ANY_DAY)
