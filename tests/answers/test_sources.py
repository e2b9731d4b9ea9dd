"""Whom the register follows: tiers of speakers, what is set aside, and that the order of arrival changes nothing."""

from itertools import permutations

import pytest

from tests.answers.facts import (
    GALLIUM,
    JAY,
    MAGNETS,
    Event,
    Register,
    announced,
    contested,
    granted,
    license_reported,
    milestone,
    period,
    possible_controls,
    repealed,
    repeated,
    reported,
    reported_measure,
    revoked,
    suspended,
)

MARUTI = {"name": "Maruti Suzuki", "country": "IN"}
LADDER = [
    ("issuer_text", "issuer_statement"),
    ("issuer_statement", "other_official"),
    ("issuer_statement", "holder"),
    ("other_official", "press_named"),
    ("holder", "press_named"),
    ("press_named", "press_anonymous"),
]
PRESS = {"tier": "press_named"}


@pytest.mark.parametrize("lower_first", [True, False])
def test_the_higher_tier_is_followed_and_the_lower_shown_as_conflicting_in_either_order(
    register: Register, lower_first: bool
):
    for number, (higher, lower) in enumerate(LADDER):
        slug, goods = f"m-{number}", {"name": f"goods-{number}"}
        followed = announced(slug, commodities=[goods], in_force=period("2025-04-04"), said={"tier": higher})
        other = announced(slug, commodities=[goods], in_force=period("2025-05-01"), said={"tier": lower})
        register.record(*([other, followed] if lower_first else [followed, other]))
        before, since = register.answers(*({"as_of": f"2025-04-{day}", "commodity": goods} for day in ("03", "10")))
        assert (before["control"], since["control"]) == ("not_yet_in_force", "license_required")
        assert contested(since) == {other["id"]}


@pytest.mark.parametrize("tier", ["issuer_text", "press_named"])
def test_equal_tiers_that_disagree_about_a_day_leave_it_possible(register: Register, tier: str):
    register.record(
        announced("m", in_force=period("2025-04-04"), said={"tier": tier}),
        announced("m", in_force=period("2025-05-01"), said={"tier": tier}),
    )
    expected = {"2025-04-04": "undetermined", "2025-04-30": "undetermined"}
    assert register.controls(*expected) == expected


def test_equal_tiers_that_disagree_about_a_day_do_not_disagree_about_the_days_before_and_after(register: Register):
    register.record(
        announced("m", in_force=period("2025-04-04"), said=PRESS),
        announced("m", in_force=period("2025-05-01"), said=PRESS),
    )
    expected = {"2025-04-03": "not_yet_in_force", "2025-05-01": "license_required"}
    assert register.controls(*expected) == expected


def test_another_government_and_a_holder_are_of_one_rank(register: Register):
    register.record(
        announced("m", in_force=period("2025-04-04"), said={"tier": "other_official"}),
        announced("m", in_force=period("2025-05-01"), said={"tier": "holder"}),
    )
    assert register.control_of(as_of="2025-04-10") == "undetermined"


def test_equal_tiers_that_disagree_about_the_kind_leave_each_kind_possible(register: Register):
    register.record(announced("m", kind="licensing", said=PRESS), announced("m", kind="prohibition", said=PRESS))
    answer = register.answer()
    assert (answer["control"], possible_controls(answer)) == ("undetermined", {"license_required", "prohibited"})


def test_a_third_source_of_a_higher_tier_settles_what_two_equal_ones_left_open(register: Register):
    register.record(
        announced("m", in_force=period("2025-04-04"), said=PRESS),
        announced("m", in_force=period("2025-05-01"), said=PRESS),
        announced("m", in_force=period("2025-05-01")),
    )
    assert register.controls("2025-04-30", "2025-05-01") == {
        "2025-04-30": "not_yet_in_force",
        "2025-05-01": "license_required",
    }


def test_an_act_never_ends_a_measure_that_a_higher_tier_set(register: Register):
    act = repealed("m", "2025-06-01", tier="press_named")
    register.record(announced("m"), act)
    answer = register.answer()
    assert (answer["control"], contested(answer)) == ("license_required", {act["id"]})


def test_a_suspension_by_a_lower_tier_is_recorded_as_a_conflict(register: Register):
    act = suspended("m", "2025-06-01", "2025-12-31", tier="press_named")
    register.record(announced("m"), act)
    answer = register.answer()
    assert (answer["control"], contested(answer)) == ("license_required", {act["id"]})


def test_a_report_by_a_lower_tier_that_a_measure_is_lifted_is_recorded_as_a_conflict(register: Register):
    report = reported("m", "lifted", "2025-06-01", {"tier": "press_named"})
    register.record(announced("m"), report)
    answer = register.answer()
    assert (answer["control"], contested(answer)) == ("license_required", {report["id"]})


def test_a_report_by_a_lower_tier_does_not_revive_what_a_higher_tier_suspended(register: Register):
    report = reported("m", "in_force", "2025-07-01", {"tier": "press_named"})
    register.record(announced("m"), suspended("m", "2025-06-01", "2025-12-31"), report)
    answer = register.answer()
    assert (answer["control"], contested(answer)) == ("suspended", {report["id"]})


def test_a_revocation_by_a_lower_tier_is_recorded_as_a_conflict(register: Register):
    act = revoked("l", "2025-06-01", tier="press_anonymous")
    register.record(granted("l", JAY), act)
    answer = register.answer(end_user=JAY)
    assert (answer["standing"], contested(answer)) == ("confirmed", {act["id"]})


@pytest.mark.parametrize("tier", ["press_named", "issuer_text"])
def test_an_act_of_the_same_or_a_higher_tier_ends_a_state(register: Register, tier: str):
    register.record(
        announced("m", said=PRESS),
        repealed("m", "2025-06-01", tier=tier),
        granted("l", JAY, said=PRESS),
        revoked("l", "2025-06-01", tier=tier),
    )
    before, after = register.answers({"as_of": "2025-05-31", "end_user": JAY}, {"end_user": JAY})
    assert (before["control"], before["standing"]) == ("license_required", "reported")
    assert (after["control"], after["standing"]) == ("not_restricted", "none")


def test_commentary_alone_restricts_nothing(register: Register):
    register.record(announced("m", said={"tier": "commentary"}))
    answer = register.answer()
    assert (answer["control"], answer["basis"], answer["possible"]) == ("no_data", [], [])


def test_commentary_ends_suspends_and_revokes_nothing(register: Register):
    comment = {"tier": "commentary"}
    register.record(
        announced("m", said={"tier": "press_anonymous"}),
        granted("l", JAY, said={"tier": "press_anonymous"}),
        repealed("m", "2025-06-01", **comment),
        suspended("m", "2025-06-01", None, **comment),
        reported("m", "lifted", "2025-06-01", comment),
        announced("m", kind="prohibition", said=comment),
        revoked("l", "2025-06-01", **comment),
    )
    answer = register.answer(end_user=JAY)
    assert (answer["control"], answer["standing"]) == ("license_required", "reported")


def test_a_source_that_names_fewer_goods_contradicts_nothing(register: Register):
    register.record(announced("m", commodities=[MAGNETS, GALLIUM]), announced("m", commodities=[MAGNETS], said=PRESS))
    answer = register.answer(commodity=GALLIUM)
    assert (answer["control"], answer["conflicts"]) == ("license_required", [])


def test_a_source_that_states_no_end_contradicts_nothing(register: Register):
    register.record(
        announced("m", in_force=period("2025-04-04", "2025-12-31")),
        announced("m", in_force=period("2025-04-04", None), said=PRESS),
    )
    during, after = register.answers({}, {"as_of": "2026-01-01"})
    assert (during["control"], during["conflicts"]) == ("license_required", [])
    assert (after["control"], after["conflicts"]) == ("not_restricted", [])


def test_a_source_that_names_fewer_holders_and_no_validity_contradicts_nothing(register: Register):
    register.record(
        granted("l", JAY, MARUTI, validity=period("2025-05-01", "2025-10-31"), count={"min": 2, "text": "two"}),
        license_reported("l", "active", "2025-06-01", JAY, said=PRESS),
    )
    answer = register.answer(end_user=MARUTI)
    assert (answer["standing"], answer["conflicts"]) == ("confirmed", [])


def test_every_claim_adds_its_parties_each_with_its_own_tier(register: Register):
    register.record(granted("l", JAY), granted("l", MARUTI, said=PRESS))
    found = register.answers({"end_user": JAY}, {"end_user": MARUTI})
    assert [answer["standing"] for answer in found] == ["confirmed", "reported"]
    assert [answer["conflicts"] for answer in found] == [[], []]


def test_every_claim_adds_its_lines_each_with_its_own_tier(register: Register):
    register.record(granted("l", JAY), granted("l", JAY, commodities=[GALLIUM], said=PRESS))
    found = register.answers({"end_user": JAY}, {"end_user": JAY, "commodity": GALLIUM})
    assert [answer["standing"] for answer in found] == ["confirmed", "reported"]


def test_five_outlets_repeating_one_statement_are_one_statement(register: Register):
    said = granted("l", JAY, {"class": {"country": "IN"}}, count={"min": 2, "text": "several"}, said=PRESS)
    register.record(said)
    before = register.answer(end_user=JAY)
    register.record(*(repeated(said, publisher=f"Outlet {number}") for number in range(5)))
    after = register.answer(end_user=JAY)
    assert (after["standing"], after["licenses"]["reported"]) == ("reported", before["licenses"]["reported"])
    (known,) = after["licenses"]["known"]
    assert [entry["publisher"] for entry in known["said_by"]] == [None, *(f"Outlet {number}" for number in range(5))]


def test_repeated_by_a_higher_tier_a_statement_keeps_its_own(register: Register):
    said = granted("l", JAY, said=PRESS)
    register.record(said, repeated(said, tier="issuer_text"))
    assert register.standing_of(JAY) == "reported"


def test_what_is_set_aside_is_said_with_its_reason(register: Register):
    other = announced("m", in_force=period("2025-05-01"), said=PRESS)
    register.record(announced("m"), other)
    answer = register.answer()
    told = {entry["event"]: entry for entry in [*answer["set_aside"], *answer["conflicts"]]}[other["id"]]
    assert (told["about"], told["tier"], bool(told["reason"])) == ("restriction/m", "press_named", True)


def test_the_order_of_arrival_changes_no_answer(register: Register):
    """The same claims about three measures and licenses, each told in another order."""
    for number, order in enumerate(permutations(range(3))):
        goods = [{"name": f"goods-{number}"}]
        measures = [
            announced(f"m-{number}", commodities=goods, in_force=period("2025-04-04")),
            announced(f"m-{number}", commodities=goods, in_force=period("2025-05-01"), said=PRESS),
            announced(f"m-{number}", commodities=goods, kind="prohibition", said=PRESS),
        ]
        licenses = [
            granted(f"l-{number}", JAY, commodities=goods, validity=period("2025-05-01", "2025-06-30")),
            granted(f"l-{number}", MARUTI, commodities=goods, validity=period("2025-05-01", "2025-12-31"), said=PRESS),
            granted(f"l-{number}", {"class": {"country": "IN"}}, commodities=goods, count={"min": 3}, validity=None),
        ]
        register.record(*(measures[place] for place in order), *(licenses[place] for place in order))
    told = set()
    for number in range(6):
        asked = {"commodity": {"name": f"goods-{number}"}, "end_user": MARUTI}
        days = ("2025-04-10", "2025-05-10", "2025-06-30", "2025-07-01")
        found = register.answers(*({"as_of": day, **asked} for day in days))
        told.add(
            tuple(
                (answer["control"], answer["standing"], answer["covered"], str(answer["licenses"]["official"]))
                for answer in found
            )
        )
    assert len(told) == 1
    assert {control for control, *_ in told.pop()} == {"license_required"}


def test_two_sources_that_word_a_milestone_differently_do_not_contradict_each_other(register: Register):
    register.record(
        milestone("agreement", kind="agreement", title="Agreement on patrolling"),
        milestone("agreement", kind="agreement", title="A deal", parties=["CN", "IN"], said={"tier": "press_named"}),
    )
    read = register.client.get("/v1/milestones/agreement").json()
    assert read["title"] == "Agreement on patrolling"
    assert register.client.get("/v1/conflicts").json()["conflicts"] == []


def test_two_sources_that_tell_of_different_kinds_of_milestone_contradict_each_other(register: Register):
    register.record(
        milestone("agreement", kind="agreement"),
        milestone("agreement", kind="rupture", said={"tier": "press_named"}),
    )
    assert len(register.client.get("/v1/conflicts").json()["conflicts"]) == 1


def titled(event: Event, number: str) -> Event:
    return event | {"data": event["data"] | {"instrument": {"title": "A rule", "number": number}}}


def test_a_conflict_says_what_the_thing_is_called_and_who_says_what_with_the_source(register: Register):
    register.record(
        titled(announced("m", said={"publisher": "A ministry"}), "18/2025"),
        announced("m", kind="prohibition", said={"tier": "press_named", "publisher": "A newspaper"}),
    )
    listed = register.client.get("/v1/conflicts").json()
    (one,) = listed["conflicts"]
    assert one["title"] == "A rule"
    assert [listed["sources"][key]["publisher"] for key in one["sources"]] == ["A newspaper"]
    assert [listed["sources"][key]["publisher"] for key in one["followed_sources"]] == ["A ministry"]


def test_a_report_that_a_higher_tier_of_its_instrument_contradicts_is_listed_as_a_conflict(register: Register):
    """Rule 34."""
    register.record(
        titled(announced("m", in_force={"from": "2025-04-04", "through": "2025-06-01"}), "46/2024"),
        titled(reported_measure("r", "in_force", "2025-05-01", PRESS), "No. 46 of 2024"),
    )
    (one,) = register.client.get("/v1/conflicts").json()["conflicts"]
    assert (one["about"], one["reason"]) == (
        "restriction/r",
        "a higher tier says otherwise of the same instrument (restriction/m)",
    )
    assert [followed["tier"] for followed in one["followed"]] == ["issuer_text"]
