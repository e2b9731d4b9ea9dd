"""Companies over time: their names, owners and relations, what those pass on, and how a company is found."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.answers.facts import (
    Register,
    announced,
    corrected,
    granted,
    identified,
    owned,
    period,
    registered,
    related,
    renamed,
    retracted,
)

JAY = {"company": "company/jay-ushin"}
MARUTI = {"company": "company/maruti-suzuki"}
VENDORS = {"class": {"relation": "vendor_of", "company": "company/maruti-suzuki"}}
LEI, USCC, GSTIN, CIN = "213800WSGIIZCXF1P572", "91110000600037341L", "27AAPFU0939F1ZV", "U31100DL1986PTC000001"


@pytest.fixture
def known(register: Register) -> Register:
    register.record(registered("jay-ushin", "Jay Ushin", "IN"), registered("maruti-suzuki", "Maruti Suzuki", "IN"))
    return register


def found(register: Register, words: str, **narrowed: Any) -> list[tuple[str, str]]:
    """Whom a search by name finds, and by which name."""
    hits = register.get("/v1/companies", q=words, **narrowed)["companies"]
    assert [(-hit["score"], hit["id"]) for hit in hits] == sorted((-hit["score"], hit["id"]) for hit in hits)
    return [(hit["id"], hit["matched"]) for hit in hits]


def scores(register: Register, words: str) -> dict[str, int]:
    return {hit["id"]: hit["score"] for hit in register.get("/v1/companies", q=words)["companies"]}


def vendors_on(register: Register, *days: str) -> list[str]:
    """Jay Ushin's standing under a license of Maruti's vendors, on each of the days."""
    return list(register.standings(*days, end_user=JAY).values())


# Names


def test_a_company_has_its_new_name_from_its_day_on(known: Register):
    known.record(renamed("jay-ushin", "Jay Motion", "2024-04-01"))
    named = [known.get("/v1/companies/jay-ushin", as_of=day) for day in ("2024-03-31", "2024-04-01")]
    assert [one["name"] for one in named] == ["Jay Ushin", "Jay Motion"]
    assert [one["former_names"] for one in named] == [[], ["Jay Ushin"]]


def test_a_license_in_a_former_name_is_the_companys_still(known: Register):
    known.record(renamed("jay-ushin", "Jay Motion", "2024-04-01"), granted("l", {"name": "Jay Ushin", "country": "IN"}))
    assert known.standing_of(JAY) == "confirmed"
    assert known.standing_of({"name": "Jay Motion", "country": "IN"}) == "confirmed"


def test_a_name_taken_on_a_vague_day_is_the_companys_once_the_day_is_certainly_past(known: Register):
    known.record(renamed("jay-ushin", "Jay Motion", "2024"))
    days = ("2023-12-31", "2024-06-01", "2024-12-31")
    named = [known.get("/v1/companies/jay-ushin", as_of=day) for day in days]
    assert [one["name"] for one in named] == ["Jay Ushin", "Jay Ushin", "Jay Motion"]


def test_a_lower_tier_renames_nobody_and_is_shown(known: Register):
    event = renamed("jay-ushin", "Jay Motion", "2024-04-01", tier="press_named")
    known.record(event)
    company = known.get("/v1/companies/jay-ushin")
    assert company["name"] == "Jay Ushin"
    assert event["id"] in {aside["event"] for aside in company["set_aside"]}


def test_a_renaming_that_was_retracted_never_happened(known: Register):
    event = renamed("jay-ushin", "Jay Motion", "2024-04-01")
    known.record(event)
    before = known.head()
    known.record(retracted(event))
    assert known.get("/v1/companies/jay-ushin")["name"] == "Jay Ushin"
    assert known.get("/v1/companies/jay-ushin", known_at=before)["name"] == "Jay Motion"


# Relations


def test_a_class_by_relation_has_those_whose_relation_is_recorded_and_holds_on_the_day(known: Register):
    known.record(
        related("jay-ushin", "vendor_of", "maruti-suzuki", period("2021-01-01", "2025-06-30")),
        granted("l", VENDORS, on="2020-01-01", validity=period("2020-01-01", "open")),
    )
    days = ("2020-12-31", "2021-01-01", "2025-06-30", "2025-07-01")
    assert vendors_on(known, *days) == ["unknown", "possible", "possible", "unknown"]
    assert known.standing_of(MARUTI) == "unknown"
    assert known.standing_of({"name": "Hella India", "country": "IN"}) == "unknown"


def test_a_measure_for_a_class_by_relation_reaches_its_members_on_the_day(known: Register):
    known.record(
        related("jay-ushin", "vendor_of", "maruti-suzuki", period("2021-01-01", "2025-06-30")),
        announced("m", end_users={"only": [VENDORS]}),
    )
    assert known.controls("2025-06-30", "2025-07-01", end_user=JAY) == {
        "2025-06-30": "license_required",
        "2025-07-01": "no_data",
    }
    assert known.control_of(end_user=MARUTI) == "no_data"


def test_a_relation_on_vague_days_is_possible_within_them(known: Register):
    known.record(
        related("jay-ushin", "vendor_of", "maruti-suzuki", period("2025")),
        announced("m", end_users={"only": [VENDORS]}, in_force=period("2024-01-01"), on="2023-12-01"),
    )
    days = ("2024-12-31", "2025-07-01", "2025-12-31")
    assert list(known.controls(*days, end_user=JAY).values()) == ["no_data", "undetermined", "license_required"]


def test_another_relation_or_the_same_to_another_company_makes_no_member(known: Register):
    known.record(
        registered("tata", "Tata Motors", "IN"),
        related("jay-ushin", "vendor_of", "tata"),
        related("jay-ushin", "unit_of", "maruti-suzuki"),
        announced("m", end_users={"only": [VENDORS]}),
    )
    assert known.control_of(end_user=JAY) == "no_data"


def test_a_relation_does_not_run_the_other_way_nor_through_a_third(known: Register):
    known.record(
        registered("tier-two", "Tier Two", "IN"),
        related("jay-ushin", "vendor_of", "maruti-suzuki"),
        related("tier-two", "vendor_of", "jay-ushin"),
        announced("m", end_users={"only": [VENDORS]}),
    )
    assert [known.control_of(end_user={"company": f"company/{slug}"}) for slug in ("tier-two", "maruti-suzuki")] == [
        "no_data",
        "no_data",
    ]


def test_a_relation_is_known_from_when_it_was_recorded(known: Register):
    known.record(announced("m", end_users={"only": [VENDORS]}))
    before = known.head()
    event = related("jay-ushin", "vendor_of", "maruti-suzuki", period("2021-01-01"))
    known.record(event)
    assert known.control_of(end_user=JAY) == "license_required"
    assert known.control_of(end_user=JAY, known_at=before) == "no_data"
    known.record(corrected(event, relation="customer_of"))
    assert known.control_of(end_user=JAY) == "no_data"


@pytest.mark.parametrize("relation", ["parent_of", "unit_of", "vendor_of", "customer_of"])
def test_no_license_passes_over_a_relation_or_a_share(known: Register, relation: str):
    known.record(
        related("jay-ushin", relation, "maruti-suzuki"),
        owned("jay-ushin", MARUTI, "100"),
        granted("l", MARUTI),
    )
    assert (known.standing_of(MARUTI), known.standing_of(JAY)) == ("confirmed", "unknown")


@pytest.mark.parametrize("relation", ["parent_of", "unit_of", "vendor_of", "customer_of"])
def test_no_listing_passes_over_a_relation_or_a_share_without_a_rule(known: Register, relation: str):
    known.record(
        related("jay-ushin", relation, "maruti-suzuki"),
        owned("jay-ushin", MARUTI, "100"),
        announced("list", kind="prohibition", end_users={"only": [MARUTI]}),
    )
    assert (known.control_of(end_user=MARUTI), known.control_of(end_user=JAY)) == ("prohibited", "no_data")


# Shares


def shares(register: Register, day: str) -> dict[str, tuple[str, str]]:
    """The owners of Jay Ushin on a day, each with the least and the most that it may hold."""
    owners = register.get("/v1/companies/jay-ushin", as_of=day)["owners"]
    return {one["owner"]["name"]: (one["at_least_percent"], one["at_most_percent"]) for one in owners}


def test_a_later_claim_about_an_owner_replaces_the_one_before_from_its_day(known: Register):
    minda, ushin = {"name": "Minda", "country": "IN"}, {"name": "U-Shin", "country": "JP"}
    known.record(
        owned("jay-ushin", minda, "26", "2020-01-01"),
        owned("jay-ushin", minda, "51.5", "2024-04-01"),
        owned("jay-ushin", ushin, "24", "2021"),
    )
    assert shares(known, "2019-12-31") == {}
    assert shares(known, "2021-07-01") == {"Minda": ("26", "26"), "U-Shin": ("0", "24")}
    assert shares(known, "2024-03-31") == {"Minda": ("26", "26"), "U-Shin": ("24", "24")}
    assert shares(known, "2024-04-01") == {"Minda": ("51.5", "51.5"), "U-Shin": ("24", "24")}


@pytest.mark.parametrize(("share", "taken"), [("0", True), ("100", True), ("100.0001", False), ("101", False)])
def test_a_share_is_a_hundred_percent_at_most(known: Register, share: str, taken: bool):
    event = owned("jay-ushin", MARUTI, share)
    if taken:
        known.record(event)
    else:
        assert known.refusal(event) == 422


@pytest.mark.parametrize("share", ["-1", "fifty", "50%", "", "5e1", 50])
def test_a_share_is_a_decimal_as_text(known: Register, share: Any):
    assert known.refusal(owned("jay-ushin", MARUTI, share)) == 422


def test_a_company_that_nobody_registered_has_no_name_to_change_no_owner_and_no_relation(register: Register):
    events = (
        renamed("jay-ushin", "Jay", "2024-04-01"),
        owned("jay-ushin", MARUTI, "50"),
        related("jay-ushin", "unit_of", "maruti-suzuki"),
    )
    assert [register.refusal(event) for event in events] == [409, 409, 409]


# Finding a company


def test_a_company_is_found_by_name_alias_and_former_name_in_any_script_of_the_record(known: Register):
    known.record(
        registered("jl-mag", "江西金力永磁科技股份有限公司", "CN", aliases=["JL Mag Rare-Earth Co., Ltd."]),
        identified("maruti-suzuki", aliases=["मारुति सुज़ुकी"]),
        renamed("jay-ushin", "Jay Motion Ltd", "2024-04-01"),
    )
    asked = ["金力永磁", "jl mag rare earth", "मारुति सुज़ुकी", "JAY USHIN", "Jay Motion"]
    assert [found(known, words)[0] for words in asked] == [
        ("jl-mag", "江西金力永磁科技股份有限公司"),
        ("jl-mag", "JL Mag Rare-Earth Co., Ltd."),
        ("maruti-suzuki", "मारुति सुज़ुकी"),
        ("jay-ushin", "Jay Ushin"),
        ("jay-ushin", "Jay Motion Ltd"),
    ]


def test_only_the_recorded_name_itself_scores_a_hundred(known: Register):
    known.record(registered("hella", "Hella GmbH & Co. KGaA", "DE"), registered("other", "Hella Ltd", "IN"))
    assert scores(known, "HELLA gmbh & co kgaa")["hella"] == 100
    assert scores(known, "Hella") == {"hella": 99, "other": 99}
    assert 60 <= scores(known, "Jay Ushio")["jay-ushin"] < 99
    assert found(known, "Zhongke Sanhuan") == []


def test_letters_of_two_scripts_that_look_alike_are_not_the_same_name(known: Register):
    lookalike = "Jаy Ushin"
    known.record(granted("l", {"name": lookalike, "country": "IN"}))
    assert known.standing_of(JAY) == "unknown"
    assert scores(known, lookalike).get("jay-ushin", 0) < 100


def test_names_that_differ_in_a_vowel_sign_are_two(known: Register):
    known.record(registered("kamal", "कमाल", "IN"), granted("l", {"name": "कमील", "country": "IN"}))
    assert known.standing_of({"company": "company/kamal"}) == "unknown"


def test_a_search_is_narrowed_to_a_country_to_a_limit_and_to_what_was_known(known: Register):
    before = known.head()
    known.record(registered("jay-ushin-vn", "Jay Ushin", "VN"))
    assert [slug for slug, _ in found(known, "Jay Ushin")] == ["jay-ushin", "jay-ushin-vn"]
    assert [slug for slug, _ in found(known, "Jay Ushin", country="VN")] == ["jay-ushin-vn"]
    assert [slug for slug, _ in found(known, "Jay Ushin", limit=1)] == ["jay-ushin"]
    assert [slug for slug, _ in found(known, "Jay Ushin", known_at=before)] == ["jay-ushin"]


def test_a_name_of_several_companies_confirms_none_of_them(known: Register):
    known.record(
        identified("jay-ushin", aliases=["JUL"]),
        registered("jul", "JUL", "IN"),
        granted("l", {"name": "JUL", "country": "IN"}),
    )
    assert [known.standing_of(party) for party in (JAY, {"company": "company/jul"})] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("lei:213800wsgiizcxf1p572", {"scheme": "lei", "value": LEI}),
        (f"uscc:{USCC}", {"scheme": "uscc", "value": USCC}),
        (f"gstin:{GSTIN}", {"scheme": "gstin", "value": GSTIN}),
        (f"cin:{CIN}", {"scheme": "cin", "value": CIN}),
        ("other:HRB 4711", {"scheme": "other", "value": "HRB-4711", "registry": "Amtsgericht Paderborn"}),
    ],
)
def test_a_company_is_found_by_its_numbers(known: Register, asked: str, number: dict[str, str]):
    known.record(identified("jay-ushin", identifiers=[number]))
    hits = known.get("/v1/companies", identifier=asked)["companies"]
    assert [(hit["id"], hit["score"]) for hit in hits] == [("jay-ushin", None)]
    assert known.get("/v1/companies", identifier=asked, country="DE")["companies"] == []
    assert known.get("/v1/companies", identifier="lei:5493001KJTIIGC8Y1R12")["companies"] == []


@pytest.mark.parametrize(
    ("scheme", "right", "wrong"),
    [
        ("lei", LEI, "213800WSGIIZCXF1P573"),
        ("uscc", USCC, "91110000600037341M"),
        ("gstin", GSTIN, "27AAPFU0939F1ZW"),
        ("cin", CIN, "U31100DL1986PTC00000"),
        ("cin", CIN, "X31100DL1986PTC000001"),
    ],
)
def test_a_number_has_the_check_digits_or_the_form_of_its_scheme(known: Register, scheme: str, right: str, wrong: str):
    known.record(identified("jay-ushin", identifiers=[{"scheme": scheme, "value": right}]))
    assert known.refusal(identified("jay-ushin", identifiers=[{"scheme": scheme, "value": wrong}])) == 422


@pytest.mark.parametrize(
    "query",
    [
        {"identifier": LEI},
        {"identifier": "lei:"},
        {"identifier": f"eori:{LEI}"},
        {"identifier": "%:%"},
        {"q": ""},
        {"q": "Jay", "identifier": f"lei:{LEI}"},
        {"q": "Jay", "after": "a"},
        {"name": "Jay"},
    ],
)
def test_a_search_that_cannot_be_read_is_refused(known: Register, query: dict[str, str]):
    assert known.client.get("/v1/companies", params=query).status_code == 422


@pytest.mark.parametrize("words", ["%", "|", "!!!", "_", "' OR 1=1"])
def test_words_without_a_name_in_them_find_nobody(known: Register, words: str):
    assert found(known, words) == []
    known.record(registered("signs", "!!!", "IN"), granted("l", {"name": "???", "country": "IN"}))
    assert known.standing_of({"company": "company/signs"}) == "unknown"
    assert known.standing_of({"name": "' OR 1=1", "country": "IN"}) == "unknown"


@pytest.mark.parametrize("words", ["%", "|", "!!!", "_"])
def test_a_party_of_signs_alone_is_not_asked_about(known: Register, words: str):
    with pytest.raises(ValidationError, match="this names nobody"):
        known.standing_of({"name": words, "country": "IN"})
