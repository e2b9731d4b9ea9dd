"""The control, where it is none of what is in force, and what stands beneath and beside it."""

from datetime import date
from typing import Any

import pytest

from service.domain.commodity.match import Commodity
from service.domain.determine import Determination, combined, control_for
from service.domain.restriction.same_instrument import contradicted_reports
from service.domain.scope import Subject
from tests.answers.facts import MAGNETS, Event, announced, period, repealed, reported, suspended
from tests.domain.restriction.asked import ask, basis, control, known, party
from tests.domain.restriction.told import act, announcement, proposal

OTHER = {"name": "gallium"}
PART = [{"hs": "850511", "match": "ex"}]
WIDE = {"hs": "850511"}
CODE = {"hs": "8112"}
LISTED = {"only": [{"name": "Akagawa Aero", "country": "IN"}]}
AKAGAWA = party("Akagawa Aero", "IN")
SOMEBODY = party("Somebody Else", "IN")


def test_where_all_that_may_bear_is_suspended_that_is_the_answer():
    facts = known(
        announced("certain"),
        suspended("certain", "2025-05-01", "2025-12-31"),
        announced("maybe", destinations={"including": ["JP"]}),
        suspended("maybe", "2025-05-01", "2025-12-31"),
    )
    assert control(facts) == "suspended"
    assert control(facts, "2026-01-01") == "license_required"


def test_where_all_that_may_bear_is_not_yet_in_force_that_is_the_answer():
    assert control(known(announced("maybe", commodities=PART)), "2025-04-03", commodity=WIDE) == "not_yet_in_force"
    assert control(known(announced("maybe", commodities=PART)), "2025-04-04", commodity=WIDE) == "undetermined"


def test_one_of_them_that_may_apply_leaves_it_open():
    facts = known(
        announced("suspended"),
        suspended("suspended", "2025-05-01", "2025-12-31"),
        announced("maybe", destinations={"including": ["JP"]}),
    )
    assert control(facts) == "undetermined"


def test_what_certainly_matches_gives_the_state_before_what_may():
    facts = known(
        announced("later", in_force=period("2025-12-01")),
        announced("maybe", destinations={"including": ["JP"]}),
        suspended("maybe", "2025-05-01", "2025-12-31"),
    )
    assert control(facts) == "not_yet_in_force"


def test_what_lies_beneath_the_strictest_is_told_the_strictest_first():
    facts = known(
        announced("tax", kind="conditional"),
        announced("ban", kind="prohibition"),
        announced("license"),
        announced("elsewhere", destinations={"only": ["JP"]}),
    )
    found = ask(facts)
    assert basis(found) == ["ban"]
    assert [one.provision.stream for one in found.beneath] == ["restriction/license", "restriction/tax"]


@pytest.mark.parametrize("tier", ["issuer_text", "press_named"])
def test_a_disputed_destination_is_not_certain(tier: str):
    facts = known(
        announced("m", destinations={"only": ["IN"]}, said={"tier": tier}),
        announced("m", destinations={"only": ["DE"]}, said={"tier": tier}),
    )
    assert [control(facts, destination=to) for to in ("IN", "DE", "JP")] == ["undetermined", "undetermined", "no_data"]


def test_a_draft_is_no_control_even_where_its_rule_was_announced_later():
    facts = known(proposal("2025-02-01"), announcement(on="2025-04-01"))
    found = ask(facts, "2025-03-31")
    assert (found.control, [one.proposed for one in found.considered]) == ("no_data", [True])


# Rule 16


def test_what_an_amendment_takes_out_of_a_scope_is_not_restricted_by_that_amendment():
    delisted = act("amended", "2025-06-01", scope={"commodities": [OTHER]})
    facts = known(announced("r"), delisted)
    assert [control(facts, day) for day in ("2025-05-31", "2025-06-01")] == ["license_required", "not_restricted"]
    found = ask(facts)
    (one,) = found.decisive
    assert one.taken_out_by is not None
    assert (one.provision.stream, one.taken_out_by.event) == ("restriction/r", delisted["id"])
    assert control(facts, commodity={"name": "cobalt"}) == "no_data"


def test_a_party_taken_off_a_list_is_no_longer_restricted_and_others_still_are():
    lists = announced("r", end_users={"only": [*LISTED["only"], {"name": "Marrow Systems", "country": "IN"}]})
    facts = known(
        lists,
        act("amended", "2025-06-01", scope={"commodities": [{"name": "rare_earth_magnets"}], "end_users": LISTED}),
    )
    asked = [control(facts, end_user=party(name, "IN")) for name in ("Marrow Systems", "Akagawa Aero", "Anybody")]
    assert asked == ["not_restricted", "license_required", "no_data"]


def test_an_amendment_that_may_have_come_or_may_have_matched_is_no_evidence():
    facts = known(announced("r"), act("amended", "2025-06-01/2025-06-30", scope={"commodities": [OTHER]}))
    assert [control(facts, day) for day in ("2025-06-15", "2025-06-30")] == ["undetermined", "not_restricted"]
    only_a_part = known(announced("r", commodities=PART), act("amended", "2025-06-01", scope={"commodities": [CODE]}))
    assert control(only_a_part, commodity=WIDE) == "no_data"


def test_what_was_taken_out_and_put_back_is_restricted():
    out = act("amended", "2025-06-01", scope={"commodities": [OTHER]})
    back = act("amended", "2025-06-15", scope={"commodities": [{"name": "rare_earth_magnets"}]})
    assert control(known(announced("r"), out, back)) == "license_required"


def test_replaced_by_a_provision_on_record_its_control_is_the_answer():
    facts = known(
        announced("old"),
        repealed("old", "2025-06-01", superseded_by="new"),
        announced("new", kind="quota", in_force=period("2025-06-01")),
    )
    found = ask(facts)
    assert (found.control, basis(found)) == ("quota", ["new"])


def test_replaced_by_a_provision_of_which_nothing_is_recorded_leaves_it_open():
    facts = known(announced("old"), repealed("old", "2025-06-01", superseded_by="new"))
    assert [control(facts, day) for day in ("2025-05-31", "2025-06-01")] == ["license_required", "undetermined"]
    assert control(facts, commodity=OTHER) == "no_data"


# Rule 34


def of(event: Event, number: str, tier: str = "issuer_text") -> Event:
    event["data"]["instrument"] = {"number": number}
    event["source"]["tier"] = tier
    return event


def press(slug: str, state: str, on: str, number: str = "62/2025", **data: Any) -> Event:
    described = {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"name": "rare_earth_magnets"}]}}
    return of(reported(slug, state, on, **described | data), number, "press_named")


@pytest.mark.parametrize("number", ["62/2025", "No. 62 of 2025", "062/2025"])
def test_a_lower_tier_sets_nothing_on_a_stream_of_its_own_that_the_instrument_contradicts(number: str):
    text = [of(announced("text"), "62/2025"), suspended("text", "2025-05-01", "2025-12-31")]
    found = ask(known(*text, press("paper", "in_force", "2025-06-01", number)))
    assert (found.control, basis(found)) == ("suspended", ["text"])
    paper = next(one for one in found.considered if one.provision.stream == "restriction/paper")
    assert [aside.conflicting for aside in paper.provision.set_aside] == [True]


def test_a_ban_in_the_paper_is_no_ban_where_the_instrument_asks_for_a_license():
    found = ask(known(of(announced("text"), "62/2025"), press("paper", "in_force", "2025-06-01", kind="prohibition")))
    assert found.control == "license_required"


def test_a_report_is_told_with_the_provision_that_contradicts_it_and_no_other():
    facts = known(
        of(announced("text"), "62/2025"),
        suspended("text", "2025-05-01", "2025-12-31"),
        press("paper", "in_force", "2025-06-01"),
        press("other", "in_force", "2025-06-01", "61/2025"),
        press("agrees", "suspended", "2025-06-01"),
        announced("unnumbered"),
    )

    def contradicted(day: date) -> list[tuple[str, str]]:
        found = contradicted_reports([one.on(day) for one in facts.provisions])
        return [(report.stream, text.stream) for report, text in found]

    assert contradicted(date(2025, 7, 1)) == [("restriction/paper", "restriction/text")]


@pytest.mark.parametrize("day", ["2025-03-31", "2025-04-03", "2025-04-04", "2025-06-01"])
def test_the_control_alone_is_the_one_of_the_whole_answer(day: str):
    facts = known(announced("rule"), repealed("rule", "2025-06-01"))
    subject = Subject(commodity=Commodity.model_validate(MAGNETS), destination="IN")
    assert control_for(subject, facts, date.fromisoformat(day)) == control(facts, day)
    assert control_for(subject, known(), date.fromisoformat(day)) == "no_data"


def test_what_the_instrument_does_not_contradict_stands():
    agreeing = known(of(announced("text"), "62/2025"), press("paper", "in_force", "2025-06-01"))
    assert not any(one.contradicted for one in ask(agreeing).considered)
    other = known(
        of(announced("text"), "62/2025"),
        suspended("text", "2025-05-01", "2025-12-31"),
        press("paper", "in_force", "2025-06-01", "61/2025"),
    )
    assert control(other) == "license_required"
    another_part = known(
        of(announced("text", commodities=[OTHER]), "62/2025"), press("paper", "in_force", "2025-06-01")
    )
    assert control(another_part) == "license_required"


# Rule 38


def beside(found: Determination) -> list[str]:
    return [one.provision.stream for one in found.considered if one.beside]


def test_a_list_of_parties_stands_beside_a_question_that_names_none():
    found = ask(known(announced("list", end_users=LISTED)))
    assert (found.control, beside(found)) == ("no_data", ["restriction/list"])


def test_beside_a_rule_about_goods_the_rule_is_the_answer():
    found = ask(known(announced("list", kind="prohibition", end_users=LISTED), announced("rule")))
    assert (found.control, basis(found), beside(found)) == ("license_required", ["rule"], ["restriction/list"])


def test_a_list_answers_about_the_parties_that_a_question_names():
    facts = known(announced("list", end_users=LISTED))
    assert [control(facts, end_user=one) for one in (AKAGAWA, SOMEBODY)] == ["license_required", "no_data"]
    assert beside(ask(facts, end_user=AKAGAWA)) == []


def test_a_rule_for_all_but_some_parties_is_the_answer_where_none_is_named():
    facts = known(announced("rule", end_users={"except": LISTED["only"]}))
    assert control(facts) == "license_required"
    assert [control(facts, end_user=one) for one in (AKAGAWA, SOMEBODY)] == ["no_data", "license_required"]


def test_an_exemption_for_all_but_some_parties_exempts_nobody_unnamed():
    facts = known(announced("rule"), announced("exemption", kind="exemption", end_users={"except": LISTED["only"]}))
    assert control(facts) == "license_required"
    assert control(facts, end_user=SOMEBODY) == "not_restricted"


def test_a_rule_about_the_goods_of_some_exporters_may_apply_where_none_is_named():
    assert control(known(announced("letter", exporters={"only": [{"name": "Envidia", "country": "US"}]}))) == (
        "undetermined"
    )


# Rule 31


def test_over_several_countries_the_control_is_the_strictest_and_each_stands_by_itself():
    found = combined([ask(known(announced("a"))), ask(known(announced("b", controller="US", kind="prohibition")))])
    assert (found.control, basis(found)) == ("prohibited", ["b"])
    assert [(one.controller, one.control) for one in found.by_country] == [
        ("CN", "license_required"),
        ("US", "prohibited"),
    ]
    assert [one.provision.stream for one in found.beneath] == ["restriction/a"]


def test_over_one_country_the_answer_is_its_own():
    found = combined([ask(known(announced("a")))])
    assert (found.controller, found.by_country) == ("CN", ())


def test_what_may_be_suspended_before_its_first_day_is_undetermined():
    later = announced("later", in_force=period("2025-12-01"))
    assert control(known(later, suspended("later", "2025-07", None)), "2025-07-15") == "undetermined"
