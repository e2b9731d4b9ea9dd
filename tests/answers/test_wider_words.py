"""A newspaper's wide words about an announcement that says exactly which goods it lists."""

import pytest

from tests.answers.facts import GALLIUM, MAGNETS, Event, Register, announced, defined, granted, reported_measure

HEAVY = {"name": "heavy_magnets"}
LIGHT = {"name": "light_magnets"}
PRESS = {"tier": "press_named"}


@pytest.fixture
def magnets(register: Register) -> Register:
    """Magnets have two parts, of which the announcement lists the heavy ones."""
    register.record(
        defined("rare_earth_magnets", parts=["heavy_magnets", "light_magnets"]),
        defined("heavy_magnets", {"hs": "850511", "match": "ex"}),
        defined("light_magnets", {"hs": "850511", "match": "ex"}),
        announced("m", commodities=[HEAVY]),
    )
    return register


def control_of(register: Register, commodity: dict[str, str]) -> str:
    return str(register.control_of(commodity=commodity))


def test_wider_words_of_a_lower_tier_bring_no_other_goods_under_the_announcement(magnets: Register):
    before = {name["name"]: control_of(magnets, name) for name in (HEAVY, LIGHT, MAGNETS)}
    magnets.record(reported_measure("m", "in_force", "2025-06-01", PRESS))
    assert {name["name"]: control_of(magnets, name) for name in (HEAVY, LIGHT, MAGNETS)} == before
    assert before == {
        "heavy_magnets": "license_required",
        "light_magnets": "no_data",
        "rare_earth_magnets": "undetermined",
    }


def test_wider_words_are_set_aside_and_contradict_nobody(magnets: Register):
    wide = reported_measure("m", "in_force", "2025-06-01", PRESS)
    magnets.record(wide)
    answer = magnets.answer(commodity=HEAVY)
    assert wide["id"] in [one["event"] for one in answer["set_aside"]]
    assert not answer["conflicts"]


def test_wider_words_of_the_same_tier_add_their_goods(magnets: Register):
    magnets.record(reported_measure("m", "in_force", "2025-06-01"))
    assert control_of(magnets, LIGHT) == "license_required"


def test_goods_of_another_kind_that_a_lower_tier_adds_stay(magnets: Register):
    magnets.record(reported_measure("m", "in_force", "2025-06-01", PRESS, commodities=[GALLIUM]))
    assert control_of(magnets, GALLIUM) == "license_required"


def test_wide_words_that_are_all_that_is_known_stand(register: Register):
    register.record(reported_measure("m", "in_force", "2025-06-01", PRESS))
    assert register.control_of(commodity=MAGNETS, as_of="2025-06-01") == "license_required"


LISTED = {"only": [{"undisclosed": True, "country": "US", "count": 10}]}


@pytest.mark.parametrize(
    ("question", "possible"),
    [
        ({"destination": "US"}, True),
        ({"destination": "IN"}, False),
        ({"destination": "IN", "final_destination": "US"}, True),
        ({"destination": None}, True),
    ],
)
def test_a_list_that_may_name_an_end_user_where_the_goods_go_stands_beside_the_answer(
    register: Register, question: dict[str, object], possible: bool
):
    register.record(announced("list", kind="prohibition", end_users=LISTED))
    answer = register.answer(**question)
    assert answer["control"] == "no_data"
    assert ("end_user" in {one["ask"] for one in answer["turns_on"]}) is possible


def test_a_list_whose_members_nobody_names_is_possible_for_a_company_of_its_country(register: Register):
    register.record(announced("list", kind="prohibition", end_users=LISTED))
    listed_or_not = {"name": "Listed or not", "country": "US"}
    assert register.control_of(destination="IN", end_user=listed_or_not) == "undetermined"


def test_a_listed_party_of_no_stated_country_may_be_anywhere(register: Register):
    register.record(announced("list", kind="prohibition", end_users={"only": [{"described": "ten listed firms"}]}))
    assert "end_user" in {one["ask"] for one in register.answer(destination="IN")["turns_on"]}


def test_a_license_for_a_destination_that_nobody_stated_is_not_counted_for_this_one(register: Register):
    register.record(_without_destination())
    assert register.answer()["licenses"]["official"]["min"] == 0
    register.record(granted("in"))
    assert register.answer()["licenses"]["official"]["min"] == 1


def _without_destination() -> Event:
    event = granted("somewhere")
    del event["data"]["destination"]
    return event


def test_a_license_of_which_no_source_says_for_whom_is_no_evidence_about_a_company(register: Register):
    register.record(announced("m"), granted("for-nobody-stated", licensee={"name": "A maker", "country": "CN"}))
    firm = {"name": "A firm", "country": "IN"}
    assert register.answer(end_user=firm)["standing"] == "unknown"
    assert register.answer(end_user=firm)["covered"] == "possible"
    assert register.answer(exporter={"name": "A maker", "country": "CN"})["standing"] == "confirmed"
    assert register.answer(exporter={"name": "A maker", "country": "CN"}, end_user=firm)["standing"] == "possible"
    register.record(granted("for-a-class", {"class": {"country": "IN"}}))
    assert register.answer(end_user=firm)["standing"] == "possible"
