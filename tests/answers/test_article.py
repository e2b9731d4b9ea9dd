"""What follows from the article that the project was created from, and what must not be read into it."""

from collections.abc import Iterator
from typing import Any

import pytest

from service import seeds
from service.app import create_app, open_register
from service.log.progress import silent
from service.settings import Settings
from tests.answers.facts import GALLIUM, HELLA, JAY, Register, contested, possible_controls
from tests.client import TestClient

SAID_ON = "2025-10-30"
GRANT = "license/cn-in-magnets-2025-10"
MEASURE = "restriction/cn-mofcom-18-2025"
RARE_EARTHS = {"name": "rare_earths"}

# The article's own words, each with what it stands for.
QUOTES = {
    "milestone/in-cn-lac-standoff": [
        "following a military standoff that lasted over four years along the Line of Actual Control (LAC)"
    ],
    "milestone/in-cn-lac-agreement-2024-10-21": [
        "The two nations reached an agreement to conclude the standoff at the LAC on October 21, 2024"
    ],
    "milestone/modi-xi-meeting-2024-10-23": [
        (
            "which was subsequently followed by a meeting between Prime Minister Narendra Modi and Chinese "
            "President Xi Jinping two days later, where they consented to reinstate several mechanisms aimed at "
            "normalizing bilateral relations"
        ),
    ],
    "milestone/in-raises-supply-with-cn-2025": [
        (
            "The decision by China to relax restrictions on the supply of vital minerals occurred weeks after "
            "India brought the matter to the attention of senior Chinese officials"
        ),
    ],
    MEASURE: [
        (
            "in light of the impact on electric vehicle production due to Beijing’s recent export restrictions on"
            " these essential components"
        ),
        "India was one of the nations impacted by China’s decision to limit the export of rare earths",
    ],
    GRANT: [
        (
            "China has issued licenses to an undisclosed number of Indian companies for the importation of rare "
            "earth magnets, as stated by the external affairs ministry on Thursday"
        ),
        (
            "Yes, we can confirm that several Indian firms have been granted licenses to import rare earth "
            "magnets from China"
        ),
        (
            "However, I can confirm that Indian companies have obtained licenses for the importation of rare "
            "earths from China"
        ),
    ],
    "note/question-premise-four-companies": [
        (
            "when asked if four Indian companies had received permission from the Chinese government to import "
            "rare earth materials"
        ),
    ],
    "milestone/in-no-position-us-cn-2025-10-30": [
        (
            "Regarding the recent discussions and relaxations that have taken place between the US and China, and"
            " how this may influence our situation, I will provide further information later … We have not yet "
            "examined it. I lack knowledge of the technical details, but we will revert to you."
        ),
    ],
    "milestone/us-cn-understanding-2025-10": [
        "whether an agreement between the US and China this week would also be advantageous for India"
    ],
    "note/opinion-broader-strategy": [
        (
            "China’s decision to issue licenses to Indian companies is perceived as part of its broader strategy "
            "to mend relations with India following the standoff at the LAC"
        ),
    ],
    "note/china-share-of-mining": ["China holds approximately 70% of the global rare earth mining market"],
    "note/ev-production-affected": [
        (
            "in light of the impact on electric vehicle production due to Beijing’s recent export restrictions on"
            " these essential components"
        ),
    ],
}


def load(database_url: str) -> int:
    """Loads the article's events; returns how many of them are new."""
    register = open_register(Settings(database_url=database_url))
    try:
        return seeds.load(register.log, seeds.read("article"), silent).new
    finally:
        register.close()


@pytest.fixture
def article(database_url: str) -> Iterator[Register]:
    load(database_url)
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        yield Register(client)


def events(article: Register) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = article.get("/v1/events")["events"]
    return found


def position_of(article: Register, stream: str) -> int:
    return min(int(event["position"]) for event in events(article) if event["stream"] == stream)


def counts_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every count in an answer, however deep."""
    if isinstance(value, dict):
        if {"min", "max", "text"} <= value.keys():
            yield value
        for inner in value.values():
            yield from counts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from counts_in(inner)


def test_a_license_is_required_for_magnets_to_india_on_the_day_it_was_said_and_until_an_act(article: Register):
    assert article.controls(SAID_ON, "2025-10-31", "2026-06-01") == {
        SAID_ON: "license_required",
        "2025-10-31": "license_required",
        "2026-06-01": "license_required",
    }


def test_since_when_is_not_said_so_that_earlier_days_are_undetermined(article: Register):
    assert article.controls("2024-01-01", "2025-10-29") == {"2024-01-01": "undetermined", "2025-10-29": "undetermined"}
    assert possible_controls(article.answer(as_of="2024-01-01")) == {"license_required"}


def test_an_indian_company_that_nobody_named_is_possible_and_a_german_one_unknown(article: Register):
    indian = [JAY, {"name": "Continental India", "country": "IN"}, {"name": "Maruti Suzuki", "country": "IN"}]
    for day in (SAID_ON, "2025-10-31", "2025-10-29"):
        assert [article.standing_of(company, as_of=day) for company in indian] == ["possible"] * 3
        assert article.standing_of(HELLA, as_of=day) == "unknown"
        assert article.standing_of(HELLA, as_of=day, destination="DE") == "unknown"


def test_nobody_is_confirmed(article: Register):
    parties = [JAY, HELLA, {"undisclosed": True}, {"class": {"country": "IN"}}, {"described": "four Indian companies"}]
    asked = [{role: party, "as_of": SAID_ON} for role in ("end_user", "exporter") for party in parties]
    asked.append({"exporter": {"name": "JL Mag", "country": "CN"}, "as_of": SAID_ON})
    standings = {str(answer["standing"]) for answer in article.answers({"as_of": SAID_ON}, *asked)}
    assert standings <= {"possible", "unknown"}


def test_at_least_two_licenses_exist_without_an_upper_bound_in_the_words_of_indias_side(article: Register):
    licenses = article.answer(as_of=SAID_ON)["licenses"]
    assert (licenses["official"]["min"], licenses["official"]["max"]) == (2, None)
    assert licenses["official"]["text"] in {"an undisclosed number", "several"}
    assert (licenses["reported"]["min"], licenses["reported"]["max"]) == (0, None)
    (known,) = licenses["known"]
    assert (known["license"], known["tier"]) == (GRANT, "other_official")
    assert {entry["side"] for entry in known["said_by"]} == {"other_government"}
    assert {entry["speaker"] for entry in known["said_by"]} == {None, "Randhir Jaiswal"}
    assert all("India" in entry["office"] for entry in known["said_by"])


def test_china_said_nothing(article: Register):
    found = events(article)
    assert not {event["source"]["tier"] for event in found} & {"issuer_text", "issuer_statement"}
    sides = {(event["source"].get("speaker") or {}).get("side") for event in found}
    assert "issuing_authority" not in sides


def test_four_is_counted_nowhere(article: Register):
    shown = [
        article.answers({"as_of": SAID_ON}, {"as_of": SAID_ON, "end_user": JAY}, {"commodity": RARE_EARTHS}),
        article.get("/v1/licenses", as_of=SAID_ON),
        article.get("/v1/countries/IN/status", as_of=SAID_ON),
        article.get("/v1/countries/CN/status", as_of=SAID_ON, role="controller"),
        [event["data"] for event in events(article)],
    ]
    counts = list(counts_in(shown))
    assert {count["min"] for count in counts} == {0, 2}
    assert {count["max"] for count in counts} == {None}
    assert not [count for count in counts if "four" in (count["text"] or "")]


def test_of_what_nobody_wrote_about_nothing_is_known(article: Register):
    questions: list[dict[str, Any]] = [
        {"commodity": GALLIUM},
        {"commodity": {"name": "graphite"}},
        {"controller": "US"},
        {"controller": "IN", "destination": "CN"},
        {"controller": "US", "destination": "CN"},
        {"controller": "VN", "destination": "IN"},
    ]
    for answer in article.answers(*({"as_of": SAID_ON, "end_user": JAY} | question for question in questions)):
        assert (answer["control"], answer["standing"], answer["covered"]) == ("no_data", "unknown", None)
        assert (answer["basis"], answer["possible"], answer["licenses"]["known"]) == ([], [], [])


def test_which_other_countries_are_affected_is_not_said(article: Register):
    answer = article.answer(as_of=SAID_ON, destination="VN")
    assert (answer["control"], possible_controls(answer)) == ("undetermined", {"license_required"})
    assert answer["licenses"]["known"] == []


def test_rare_earths_are_wider_than_magnets_so_that_control_and_license_are_only_possible(article: Register):
    answer = article.answer(as_of=SAID_ON, commodity=RARE_EARTHS, end_user=JAY)
    assert (answer["control"], answer["standing"]) == ("undetermined", "possible")


def test_no_customs_code_was_given_so_that_one_asked_by_it_is_only_possible(article: Register):
    answer = article.answer(as_of=SAID_ON, commodity={"hs": "850511"})
    assert (answer["control"], answer["basis"]) == ("undetermined", [])


def test_before_the_grant_was_recorded_no_license_was_known(article: Register):
    recorded = position_of(article, GRANT)
    before, after = article.answers(
        *({"as_of": SAID_ON, "end_user": JAY, "known_at": position} for position in (recorded - 1, recorded))
    )
    assert (before["control"], before["standing"], before["licenses"]["known"]) == ("license_required", "unknown", [])
    assert (before["licenses"]["official"]["min"], before["licenses"]["official"]["max"]) == (0, None)
    assert (after["standing"], after["licenses"]["official"]["min"]) == ("possible", 2)


def test_before_anything_was_recorded_nothing_was_known(article: Register):
    answer = article.answer(as_of=SAID_ON, end_user=JAY, known_at=0)
    assert (answer["control"], answer["standing"], answer["recorded_through"]) == ("no_data", "unknown", None)


def test_the_measure_has_no_start_no_end_and_no_instrument(article: Register):
    shown = article.get(f"/v1/restrictions/{MEASURE.removeprefix('restriction/')}", as_of=SAID_ON)
    assert (shown["state"], shown["tier"], shown["in_force"]) == ("in_force", "press_named", None)
    assert not any((shown["instrument"] or {}).values())
    assert {entry.get("hs") for entry in shown["scope"]["commodities"]} == {None}
    (basis,) = article.answer(as_of=SAID_ON)["basis"]
    assert (basis["restriction"], basis["since"], basis["through"]) == (MEASURE, None, None)


def test_the_licenses_have_no_holder_quantity_validity_or_condition(article: Register):
    shown = article.get(f"/v1/licenses/{GRANT.removeprefix('license/')}", as_of=SAID_ON)
    assert (shown["validity"], shown["conditions"]) == (None, [])
    assert {line.get("quantity") for line in shown["lines"]} == {None}
    named = [entry for entry in shown["parties"] if {"name", "company"} & entry["party"].keys()]
    assert named == []
    assert {"undisclosed": True} in [
        {name: value for name, value in entry["party"].items() if value is not None}
        for entry in shown["parties"]
        if entry["role"] == "licensee"
    ]


def test_the_grant_has_an_upper_bound_and_no_day(article: Register):
    slug = GRANT.removeprefix("license/")
    granted = {
        day: article.get(f"/v1/licenses/{slug}", as_of=day)["granted"] for day in ("2025-01-01", "2025-10-29", SAID_ON)
    }
    assert granted == {"2025-01-01": "possible", "2025-10-29": "possible", SAID_ON: "yes"}


def test_after_the_day_it_was_said_the_licenses_may_have_ended(article: Register):
    slug = GRANT.removeprefix("license/")
    active = {day: article.get(f"/v1/licenses/{slug}", as_of=day)["active"] for day in (SAID_ON, "2025-10-31")}
    assert active == {SAID_ON: "yes", "2025-10-31": "possible"}


def test_no_source_contradicts_another(article: Register):
    for answer in article.answers({"as_of": SAID_ON}, {"as_of": SAID_ON, "commodity": RARE_EARTHS}):
        assert (contested(answer), answer["set_aside"]) == (set(), [])


def test_no_answer_rests_on_diplomacy_opinion_or_a_questions_premise(article: Register):
    answers = article.answers(*({"as_of": day, "end_user": JAY} for day in ("2024-10-22", SAID_ON, "2026-01-01")))
    streams = {event["id"]: event["stream"] for event in events(article)}
    assert {streams[event] for answer in answers for event in answer["because"]} <= {GRANT, MEASURE}
    assert article.answer(as_of=SAID_ON)["recorded_through"] == SAID_ON


def test_what_was_agreed_between_others_is_context_for_india(article: Register):
    """The understanding between the United States and China: India took no position, so nothing follows."""
    status = article.get("/v1/countries/IN/status", as_of=SAID_ON)
    assert {row["control"] for row in status["controls"]} == {"license_required", "undetermined"}
    assert {row["controller"] for row in status["controls"]} == {"CN"}
    shown = {entry["id"]: entry["happened"] for entry in status["milestones"]}
    assert shown["in-cn-lac-agreement-2024-10-21"] == "yes"
    assert shown["in-no-position-us-cn-2025-10-30"] == "yes"


def test_the_diplomacy_stands_on_its_own_days(article: Register):
    expected = {
        "in-cn-lac-standoff": ("rupture", {"2020-10-20": "possible", "2020-10-21": "yes"}),
        "in-cn-lac-agreement-2024-10-21": ("agreement", {"2024-10-20": "no", "2024-10-21": "yes"}),
        "modi-xi-meeting-2024-10-23": ("meeting", {"2024-10-22": "no", "2024-10-23": "yes"}),
        "us-cn-understanding-2025-10": (
            "agreement",
            {"2025-10-26": "no", "2025-10-27": "possible", "2025-10-30": "yes"},
        ),
    }
    for slug, (kind, happened) in expected.items():
        shown = {day: article.get(f"/v1/milestones/{slug}", as_of=day) for day in happened}
        assert {day: entry["happened"] for day, entry in shown.items()} == happened
        assert {entry["kind"] for entry in shown.values()} == {kind}


def test_every_quote_stands_word_for_word_in_the_article(article: Register):
    told: dict[str, list[str]] = {}
    for event in events(article):
        told.setdefault(event["stream"], []).append(event["source"]["quote"])
    assert told == QUOTES


def test_the_answer_gives_the_words_it_rests_on(article: Register):
    answer = article.answer(as_of=SAID_ON)
    basis, known = answer["basis"][0], answer["licenses"]["known"][0]
    assert [entry["quote"] for entry in basis["said_by"]] == QUOTES[MEASURE]
    assert [entry["quote"] for entry in known["said_by"]] == QUOTES[GRANT]


def test_loading_the_article_twice_changes_nothing(database_url: str):
    first = load(database_url)

    def shown() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        with TestClient(create_app(Settings(database_url=database_url))) as client:
            register = Register(client)
            return events(register), register.answer(as_of=SAID_ON, end_user=JAY)

    before = shown()
    assert (first, load(database_url)) == (len(before[0]), 0)
    assert shown() == before
