"""The headline and what the answer turns on, as whole sentences over small registers."""

import re
from pathlib import Path
from typing import Any

import pytest

from service.register import titles
from service.register.headline import OPEN_CAUSES
from tests.answers.facts import (
    GALLIUM,
    JAY,
    MAGNETS,
    Answer,
    Event,
    Register,
    announced,
    defined,
    fact,
    granted,
    license_reported,
    owned,
    period,
    registered,
    repealed,
    suspended,
)

NUMBER = {"title": "Announcement on magnets", "number": "18/2025"}


def numbered(slug: str, instrument: dict[str, str] | None = None, **said: Any) -> Event:
    event = announced(slug, **said)
    return event | {"data": event["data"] | {"instrument": instrument or NUMBER}}


def brief(register: Register, **question: Any) -> Answer:
    return register.answer(detail="brief", **question)


REQUIRED = "A license is required for rare earth magnets from China to India, by 18/2025 (“Announcement on magnets”)"
SINCE = ", in force since 4 April 2025."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("prohibition", "Export is prohibited"),
        ("presumption_of_denial", "A license is required and is presumed to be denied"),
        ("quota", "Export is limited by a quota"),
        ("licensing", "A license is required"),
        ("conditional", "Export is allowed only under a condition"),
        ("notification", "Export must be notified"),
    ],
)
def test_a_headline_says_what_is_in_force_by_which_act_and_since_when(register: Register, kind: str, said: str):
    register.record(numbered("m", kind=kind))
    about = "for rare earth magnets from China to India, by 18/2025 (“Announcement on magnets”)"
    assert brief(register)["headline"] == f"{said} {about}{SINCE} The newest source on record is of 1 April 2025."


def test_what_is_not_recorded_is_never_told_as_allowed(register: Register):
    said = "Nothing is recorded about gallium from China to India on 1 July 2025; that is no clearance."
    assert brief(register, commodity=GALLIUM)["headline"] == said


def test_a_suspended_an_ended_and_a_coming_measure_are_told_as_such(register: Register):
    register.record(
        numbered("m", in_force=period("2025-04-04", None)),
        suspended("m", "2025-11-10", "2026-11-09"),
        repealed("m", "2026-12-01"),
    )
    about = "rare earth magnets from China to India"
    headlines = {day: brief(register, as_of=day)["headline"] for day in ("2025-04-02", "2025-11-10", "2026-12-01")}
    assert headlines["2025-04-02"].startswith(f"Not yet in force for {about}: 18/2025 requires a license from 4 April")
    assert headlines["2025-11-10"] == f"Suspended for {about}: 18/2025 requires a license, and does not apply for now."
    assert headlines["2026-12-01"].startswith(f"Not restricted on record for {about}: 18/2025 has ended.")


def test_a_change_within_a_month_is_told_with_what_the_rule_asks_for_then(register: Register):
    register.record(
        numbered("m", said=FRESH),
        numbered("b", {"title": "A ban", "number": "2/2026"}, kind="presumption_of_denial", said=FRESH),
        suspended("b", "2025-06-01", "2025-07-31"),
    )
    again = " On 1 August 2025, 2/2026 applies again because its suspension ends, and then requires a license that is"
    assert f"{again} presumed to be denied." in brief(register, as_of="2025-07-02")["headline"]
    assert "applies again" not in brief(register, as_of="2025-07-01")["headline"]
    assert "applies again" not in brief(register, as_of="2025-08-01")["headline"]


def test_the_newest_source_is_told_where_it_is_older_than_sixty_days(register: Register):
    register.record(numbered("m", said={"published": "2025-04-01"}))
    assert brief(register, as_of="2025-05-31")["headline"] == f"{REQUIRED}{SINCE}"
    stale = brief(register, as_of="2025-06-01")["headline"]
    assert stale == f"{REQUIRED}{SINCE} The newest source on record is of 1 April 2025."


FRESH = {"published": "2025-06-20"}


@pytest.mark.parametrize(
    ("license_", "said"),
    [
        (granted("l", JAY), "Jay Ushin is confirmed to hold a license."),
        (granted("l", JAY, said={"tier": "press_named"}), "Jay Ushin is reported to hold a license."),
        (
            license_reported("l", "applied", "2025-05-01", JAY),
            "Jay Ushin has applied for a license and holds none yet.",
        ),
        (license_reported("l", "denied", "2025-05-01", JAY), "Jay Ushin has no usable license (denied)."),
        (
            granted("l", {"class": {"country": "IN"}}, count={"min": 2, "text": "several"}),
            (
                "Licenses are known for companies of India: at least 2 by official word (“several”), "
                "none that names Jay Ushin."
            ),
        ),
    ],
)
def test_a_headline_says_how_a_company_stands_and_never_more(register: Register, license_: Event, said: str):
    register.record(numbered("m", said=FRESH), license_)
    assert brief(register, end_user=JAY)["headline"] == f"{REQUIRED}{SINCE} {said}"


@pytest.mark.parametrize(
    ("license_", "said"),
    [
        (granted("l", JAY, validity=None), "no source states its end"),
        (granted("l", JAY, destination=None), "no source states its destination"),
    ],
)
def test_a_license_that_names_the_company_is_never_told_as_naming_somebody_else(
    register: Register, license_: Event, said: str
):
    register.record(numbered("m", said=FRESH), license_)
    told = f"A license that names Jay Ushin may cover this: {said}."
    assert brief(register, end_user=JAY)["headline"] == f"{REQUIRED}{SINCE} {told}"


def test_a_license_for_another_destination_is_told_as_not_for_this(register: Register):
    register.record(numbered("m", said=FRESH), granted("l", JAY, destination="DE"))
    told = "No license names Jay Ushin for this."
    assert brief(register, end_user=JAY)["headline"] == f"{REQUIRED}{SINCE} {told}"


def test_a_listed_name_that_is_near_comes_before_what_is_as_strict_and_is_to_be_compared(register: Register):
    """Rule 2."""
    listed = {"name": "Marrow Systems Ltd", "country": "IN"}
    register.record(
        numbered("m", said=FRESH),
        numbered("a", {"title": "Uses", "number": "1/2026"}, kind="prohibition", end_uses=["military"], said=FRESH),
        numbered(
            "b", {"title": "A list", "number": "2/2026"}, kind="prohibition", end_users={"only": [listed]}, said=FRESH
        ),
    )
    told = brief(register, end_user={"name": "Marow Systems Ltd", "country": "IN"})["headline"]
    assert "; 2/2026 prohibits export if the end user is “Marrow Systems Ltd (IN)” as listed" in told
    assert told.endswith("To settle it, state the end use and compare the name with “Marrow Systems Ltd (IN)”.")
    alone = brief(register, end_user={"name": "Marow Systems Ltd", "country": "IN"}, end_use="civil")["headline"]
    assert alone.endswith("To settle it, compare the name with “Marrow Systems Ltd (IN)”.")


def test_names_are_to_be_compared_only_where_that_can_change_the_answer(register: Register):
    listed = {"name": "Marrow Systems Ltd", "country": "IN"}
    register.record(
        numbered("ban", kind="prohibition", said=FRESH),
        numbered("a", {"title": "A list", "number": "2/2026"}, end_users={"only": [listed]}, said=FRESH),
    )
    told = brief(register, end_user={"name": "Marow Systems Ltd", "country": "IN"})
    assert told["control"] == "prohibited"
    assert "compare" not in told["headline"]


def test_every_cause_that_leaves_a_license_open_has_its_words():
    page = (Path(__file__).parents[2] / "docs/how-an-answer-follows.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| `possible` | it may be so"))
    assert set(re.findall(r"`([a-z_]+)`", row)) - {"possible"} == OPEN_CAUSES.keys()


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([{"undisclosed": True, "country": "IN"}] * 2, "one of its listed parties, whom the record does not name"),
        ([{"name": "A Ltd", "country": "IN"}, {"undisclosed": True, "country": "IN"}], "the listed party or one whom"),
        ([{"name": "A Ltd", "country": "IN"}, {"name": "B Ltd", "country": "IN"}], "one of the 2 listed parties."),
    ],
)
def test_a_member_of_a_list_whom_nobody_names_is_no_name_on_it(register: Register, members: list[Any], said: str):
    """Rules 4, 38."""
    listing = {"title": "A list", "number": "11/2026"}
    register.record(
        numbered("m", said=FRESH),
        numbered("list", listing, kind="prohibition", end_users={"only": members}, said=FRESH),
    )
    answer = brief(register)
    assert said in f"{answer['headline']} {answer['turns_on']}"


def test_a_company_that_nobody_names_is_told_as_named_by_no_license(register: Register):
    register.record(numbered("m", said=FRESH))
    assert brief(register, end_user=JAY)["headline"] == f"{REQUIRED}{SINCE} No license names Jay Ushin."


WITH_DYSPROSIUM = {"name": "heavy_magnets", "parameters": {"dysprosium_percent_more_than": "0"}}


def test_goods_wider_than_a_scope_are_told_the_part_that_needs_a_license_and_what_to_state(register: Register):
    """Rule 39."""
    register.record(
        defined("rare_earth_magnets", title="Rare-earth magnets", parts=["heavy_magnets", "light_magnets"]),
        defined("heavy_magnets", title="Heavy magnets"),
        defined("light_magnets", title="Light magnets"),
        numbered("m", commodities=[WITH_DYSPROSIUM], said=FRESH),
    )
    answer = brief(register)
    assert answer["control"] == "undetermined"
    assert answer["headline"] == (
        "For rare-earth magnets from China to India: a license is required if they are heavy magnets that contain "
        f"dysprosium, by 18/2025 (“Announcement on magnets”){SINCE} To settle it, state how much dysprosium "
        "they contain or which of these goods they are."
    )
    asked = {one["ask"]: one["outcomes"] for one in answer["turns_on"]}
    assert asked["commodity.parameters.dysprosium_percent"]["more than 0"] == "license_required"
    assert asked["commodity.parameters.dysprosium_percent"]["0"] != "license_required"
    stated = MAGNETS | {"name": "heavy_magnets", "parameters": {"dysprosium_percent": "0.1"}}
    assert brief(register, commodity=stated)["turns_on"] == []


def test_an_outcome_is_what_the_question_with_that_fact_is_answered(register: Register):
    register.record(numbered("m", kind="prohibition", end_uses=["military"], said=FRESH))
    (turn,) = brief(register)["turns_on"]
    assert (turn["ask"], turn["text"]) == ("end_use", "18/2025 depends on the end use.")
    assert turn["outcomes"]["military"] == "prohibited"
    for use, control in turn["outcomes"].items():
        assert brief(register, end_use=use)["control"] == control


def test_a_list_of_parties_is_told_by_how_many_it_names(register: Register):
    """Rule 38."""
    names = [{"name": f"Company {number}", "country": "IN"} for number in range(20)]
    listing = {"title": "A list", "number": "11/2026"}
    register.record(
        numbered("m", said=FRESH),
        numbered("list", listing, kind="prohibition", end_users={"only": names}, said=FRESH),
    )
    turns = [one for one in brief(register)["turns_on"] if one["ask"] == "end_user"]
    assert turns[0]["text"] == "11/2026 applies if the end user is one of the 20 listed parties."
    assert turns[0]["outcomes"]["one of the 20 named by 11/2026"] == "prohibited"
    assert turns[0]["outcomes"]["a company that no list names"] == "license_required"


def test_what_would_settle_it_is_bounded(register: Register):
    goods = [
        {"name": f"magnets_{number}", "parameters": {f"element_{number}_percent": str(number + 1)}}
        for number in range(12)
    ]
    parts = [one["name"] for one in goods]
    register.record(defined("rare_earth_magnets", parts=parts), numbered("m", commodities=goods))
    turns = brief(register)["turns_on"]
    assert 1 <= len(turns) <= 8
    assert all(1 <= len(one["outcomes"]) <= 6 for one in turns)


def test_a_fact_named_by_no_instrument_is_told_by_what_it_is(register: Register):
    register.record(announced("m", said=FRESH))
    said = "A license is required for rare earth magnets from China to India, by China's licensing requirement"
    assert brief(register)["headline"] == f"{said}{SINCE}"


def test_each_part_has_its_title_its_number_and_its_sources_once(register: Register):
    told = fact(
        "restriction/m",
        "restriction.announced",
        numbered("m")["data"],
        effective="2025-04-01",
        url="https://example.org/18",
        quote="x" * 500,
    )
    register.record(told)
    answer = register.client.post(
        "/v1/determinations",
        json={"controller": "CN", "destination": "IN", "commodity": MAGNETS, "as_of": "2025-07-01"},
    ).json()["answers"][0]
    (basis,) = answer["basis"]
    assert (basis["title"], basis["number"], basis["since"]) == ("Announcement on magnets", "18/2025", "2025-04-04")
    (key,) = basis["sources"]
    source = answer["sources"][key]
    assert (source["event"], source["position"], source["url"]) == (told["id"], 1, "https://example.org/18")
    assert source["quote"] == f"{'x' * 140}…"
    assert "reasons" not in answer and "through" not in basis
    assert answer["not_concerned"] == 0 and answer["because"] == [told["id"]]


def test_a_listed_name_that_is_near_is_told_with_the_name_on_the_list_and_a_score(register: Register):
    """Rule 2."""
    listed = {"name": "Marrow Systems Ltd", "country": "IN"}
    number = {"title": "A list", "number": "11/2026"}
    register.record(
        numbered("m", said=FRESH),
        numbered("list", number, kind="prohibition", end_users={"only": [listed]}, said=FRESH),
    )
    answer = brief(register, end_user={"name": "Marow Systems Ltd", "country": "IN"})
    assert answer["control"] == "license_required"
    told = "; 11/2026 prohibits export if the end user is “Marrow Systems Ltd (IN)” as listed (a name alike, "
    assert told in answer["headline"]
    (possible,) = answer["possible"]
    assert (possible["control"], possible["party"]["listed"]) == ("prohibited", "Marrow Systems Ltd (IN)")


def test_goods_that_nobody_knows_are_told_as_unknown_with_what_is_spelled_alike(register: Register):
    """Rule 11."""
    register.record(defined("gallium"), announced("m"))
    answer = brief(register, commodity={"name": "rare_earth_magnet"})
    assert "No goods on record have this name; did you mean rare_earth_magnets?" in answer["headline"]
    assert "No goods" not in brief(register, commodity={"name": "beer"})["headline"]
    asked = answer["question"]
    assert asked["unknown_commodity"] is True
    assert asked["did_you_mean"][0] == "rare_earth_magnets"
    known = brief(register)["question"]
    assert not {"unknown_commodity", "did_you_mean"} & known.keys()


def test_many_lists_do_not_hide_what_settles_the_goods(register: Register):
    lists = [
        numbered(f"list-{at}", kind="prohibition", end_users={"only": [JAY | {"name": f"Company {at}"}]})
        for at in range(6)
    ]
    register.record(*lists, numbered("m", end_uses=["military"]))
    asked = [one["ask"] for one in brief(register)["turns_on"]]
    assert asked == ["end_use", "end_user"]


def test_an_act_is_named_with_its_country_where_the_rules_of_all_countries_are_asked_about(register: Register):
    register.record(numbered("m", said=FRESH), numbered("jp", {"title": "An order"}, controller="JP", said=FRESH))
    told = brief(register, controller=None)["headline"]
    acts = "18/2025 (“Announcement on magnets”) of China and “An order” of Japan"
    assert told == f"A license is required for rare earth magnets to India, by {acts}{SINCE}"
    assert "of China" not in brief(register)["headline"]


def test_what_may_reach_goods_only_as_a_class_is_open_comes_last(register: Register):
    """An open class may hold anything, so it tells a reader least."""
    part = {"stated": [{"name": "rare_earth_magnets", "parameters": {"dysprosium_percent_more_than": "0"}}]}
    register.record(
        defined("rare_earth_magnets", said=FRESH),
        defined("raw_minerals", title="Minerals as mined", parts=["tin_ore"], said=FRESH),
        numbered("raw", {"title": "A ban"}, kind="prohibition", commodities=[{"name": "raw_minerals"}], said=FRESH),
        numbered("m", commodities=part["stated"], said=FRESH),
    )
    told = brief(register)["headline"]
    first = "For rare earth magnets from China to India: a license is required if they contain dysprosium, by 18/2025"
    assert told.startswith(first), told
    assert "; export is prohibited if they are minerals as mined, by “A ban”" in told


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("ASML NXT:2100i immersion lithography system", "ASML NXT:2100i immersion lithography system"),
        ("Technology for mining, smelting and recycling", "technology for mining, smelting and recycling"),
        ("Antimony: ores, metal, oxides", "antimony"),
        ("Superhard-material items, as listed in 2024", "superhard-material items"),
        ("Less sensitive items, such as electrodes", "less sensitive items"),
        ("Wafers (of silicon)", "wafers"),
    ],
)
def test_a_title_loses_inside_a_sentence_what_explains_it_and_none_of_its_goods(title: str, said: str):
    assert titles.short(title) == said


def test_what_a_name_says_already_is_not_said_twice(register: Register):
    heavy = {"dysprosium_percent_more_than": "0"}, {"terbium_percent_more_than": "0"}
    register.record(
        defined("rare_earth_magnets", parts=["heavy_magnets"], said=FRESH),
        defined("heavy_magnets", title="Magnets with dysprosium or terbium", said=FRESH),
        numbered("m", commodities=[{"name": "heavy_magnets", "parameters": one} for one in heavy], said=FRESH),
    )
    told = brief(register)["headline"]
    assert "a license is required if they are magnets with dysprosium or terbium, by 18/2025" in told


def test_of_several_countries_a_status_names_the_one_whose_record_is_the_oldest(register: Register):
    register.record(announced("m", said={"published": "2025-04-01"}))
    alone = register.get("/v1/countries/IN/status", as_of="2026-01-01")["headline"]
    assert alone.endswith("a license. The newest source on record is of 1 April 2025.")
    register.record(announced("n", controller="US", said={"published": "2024-06-01"}))
    both = register.get("/v1/countries/IN/status", as_of="2026-01-01")["headline"]
    oldest = "The record of the United States is the oldest. The newest source on record is of 1 June 2024."
    assert both.endswith(f"a license. {oldest}")


LIST = {"title": "A list", "number": "2/2026"}


def test_acts_of_different_days_are_each_told_with_their_own(register: Register):
    later = period("2025-06-20")
    register.record(numbered("m", said=FRESH), numbered("b", LIST, in_force=later, said=FRESH))
    told = brief(register)["headline"]
    first, second = (
        "2/2026 (“A list”), in force since 20 June 2025",
        "18/2025 (“Announcement on magnets”), in force since",
    )
    assert told.endswith(f" to India, by {first} and {second} 4 April 2025."), told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Marrow Systems Ltd", "2/2026 names Marrow Systems Ltd and is suspended."),
        ("Marow Systems Ltd", None),
        ("Orchard Foods Ltd", None),
    ],
)
def test_a_suspended_list_that_names_the_party_is_told_beside_what_applies(
    register: Register, name: str, said: str | None
):
    only = {"only": [{"name": "Marrow Systems Ltd", "country": "IN"}]}
    register.record(
        numbered("m", said=FRESH),
        numbered("list", LIST, kind="prohibition", end_users=only, said=FRESH),
        suspended("list", "2025-06-01", "2025-12-31"),
    )
    told = brief(register, end_user={"name": name, "country": "IN"})["headline"]
    assert ("is suspended" in told) == (said is not None)
    assert said is None or said in told


def test_a_suspended_rule_that_reaches_a_party_through_its_owners_names_nobody(register: Register):
    only = {"only": [{"company": "company/parent"}]}
    half = numbered("half", LIST, kind="affiliates_rule", said=FRESH)
    register.record(
        registered("parent", "Marrow Systems Ltd", "IN"),
        registered("child", "Orchard Foods Ltd", "IN"),
        owned("child", {"company": "company/parent"}, "60"),
        numbered("m", said=FRESH),
        numbered("list", {"title": "A list", "number": "3/2026"}, kind="licensing", end_users=only, said=FRESH),
        half | {"data": half["data"] | {"share_at_least_percent": "50"}},
        suspended("half", "2025-06-01", "2025-12-31"),
    )
    told = brief(register, end_user={"company": "company/child"})["headline"]
    assert "2/2026 reaches a party of this question and is suspended." in told
    assert "2/2026 names" not in told


def test_a_list_that_may_name_the_party_is_told_also_where_it_asks_for_no_more_than_what_applies(register: Register):
    only = {"only": [{"name": "Marrow Systems Ltd", "country": "IN"}]}
    register.record(numbered("m", said=FRESH), numbered("list", LIST, end_users=only, said=FRESH))
    told = brief(register, end_user={"name": "Marow Systems Ltd", "country": "IN"})["headline"]
    assert "2/2026 requires a license if the end user is “Marrow Systems Ltd (IN)” as listed" in told
    assert "2/2026" not in brief(register, end_user={"name": "Orchard Foods Ltd", "country": "IN"})["headline"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("1500", "Jay Ushin is confirmed to hold a license, of which less is left than 1500 KGM."),
        ("1000", None),
        (None, None),
    ],
)
def test_a_license_for_less_than_is_asked_about_is_told_so(register: Register, asked: str | None, said: str | None):
    """Rule 27."""
    lines = [{"commodity": MAGNETS, "quantity": {"value": "1000", "unit": "KGM"}}]
    register.record(numbered("m", said=FRESH), granted("l", JAY, lines=lines, uses_reported=True))
    quantity = {"quantity": {"value": asked, "unit": "KGM"}} if asked else {}
    answer = brief(register, end_user=JAY, **quantity)
    assert (answer["covered"] == "no") == (said is not None)
    assert ("of which less is left" in answer["headline"]) == (said is not None)
    assert said is None or answer["headline"].endswith(said)


def test_a_start_that_a_suspension_came_before_is_told_as_stated(register: Register):
    coming = period("2025-07-08")
    register.record(numbered("m", in_force=coming, said=FRESH), suspended("m", "2025-07-07", "2026-01-01", **FRESH))
    told = brief(register, as_of="2025-07-06")["headline"]
    assert "18/2025 requires a license from 8 July 2025 on. On 7 July 2025, 18/2025 is suspended." in told


def test_goods_that_go_on_are_told_with_both_places(register: Register):
    register.record(numbered("m", said=FRESH))
    assert "from China to India and on to Japan, by" in brief(register, final_destination="JP")["headline"]
    assert "from China to India, by" in brief(register, final_destination="IN")["headline"]


def test_what_is_not_told_of_several_possible_rules_is_told_by_the_strictest(register: Register):
    """Doubt never clears: a mild rule that is told does not hide a ban."""
    parts = [f"part_{number}" for number in range(2)]
    register.record(
        defined("rare_earth_magnets", parts=parts, said=FRESH),
        defined("raw_minerals", title="Minerals as mined", parts=["tin_ore"], said=FRESH),
        *(
            numbered(
                one.replace("_", "-"),
                {"number": f"{one}/1"},
                kind="conditional",
                commodities=[{"name": one}],
                said=FRESH,
            )
            for one in parts
        ),
        numbered("raw", {"title": "A ban"}, kind="prohibition", commodities=[{"name": "raw_minerals"}], said=FRESH),
    )
    assert "; 1 more may apply, and one of them prohibits export." in brief(register)["headline"]


def test_a_part_of_the_act_that_decides_is_told_as_another_one(register: Register):
    register.record(
        numbered("m", said=FRESH),
        numbered("other", said=FRESH, kind="presumption_of_denial"),
        suspended("other", "2025-06-01", "2025-07-10"),
    )
    told = brief(register, as_of="2025-07-02")["headline"]
    assert "On 11 July 2025, another part of 18/2025 applies again because its suspension ends" in told
