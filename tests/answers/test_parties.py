"""Who is who: a company by its registration, its names and its numbers, and to whom nothing passes."""

import pytest

from tests.answers.facts import HELLA, JAY, Register, announced, granted, identified, registered

STREAM = {"company": "company/jay-ushin"}
ALIAS = {"name": "JUL", "country": "IN"}


@pytest.fixture
def known(register: Register) -> Register:
    register.record(registered("jay-ushin", "Jay Ushin", "IN", aliases=["JUL"]))
    return register


@pytest.mark.parametrize("named", [STREAM, JAY, ALIAS])
def test_a_company_is_the_same_by_registration_name_and_alias(known: Register, named: dict[str, str]):
    known.record(granted("l", named))
    assert [known.standing_of(party) for party in (STREAM, JAY, ALIAS)] == ["confirmed"] * 3


def test_a_name_that_became_known_later_names_the_company_too(known: Register):
    known.record(granted("l", {"name": "Jay Ushin Gurugram", "country": "IN"}))
    assert known.standing_of(STREAM) == "unknown"
    before = known.head()
    known.record(identified("jay-ushin", aliases=["Jay Ushin Gurugram"]))
    assert known.standing_of(STREAM) == "confirmed"
    assert known.standing_of(STREAM, known_at=before) == "unknown"


def test_the_same_name_in_another_country_is_another_company(known: Register):
    known.record(granted("l", {"name": "Jay Ushin", "country": "VN"}))
    assert [known.standing_of(party) for party in (STREAM, JAY)] == ["unknown", "unknown"]


@pytest.mark.parametrize("name", ["Jay Ushio", "Jay", "Ushin Jay Trading", "JU"])
def test_a_name_that_is_only_similar_confirms_nobody(known: Register, name: str):
    known.record(granted("l", {"name": name, "country": "IN"}))
    assert known.standing_of(STREAM) not in {"confirmed", "reported"}


def test_nothing_passes_between_companies(register: Register):
    """A parent, a subsidiary, a customer and a supplier: no dated rule says that a license is theirs too."""
    register.record(
        registered("continental", "Continental", "DE"),
        registered("continental-india", "Continental India", "IN"),
        registered("maruti-suzuki", "Maruti Suzuki", "IN"),
        announced("m"),
        granted("l", {"company": "company/continental-india"}, licensee={"name": "JL Mag", "country": "CN"}),
    )
    companies = ("continental-india", "continental", "maruti-suzuki")
    found = [register.standing_of({"company": f"company/{slug}"}) for slug in companies]
    assert found == ["confirmed", "unknown", "unknown"]


def test_a_license_of_a_parent_is_not_its_subsidiarys(register: Register):
    register.record(
        registered("continental", "Continental", "DE"),
        registered("continental-india", "Continental India", "IN"),
        granted("l", {"company": "company/continental"}),
    )
    assert register.standing_of({"company": "company/continental-india"}) == "unknown"


def test_the_countrys_control_flows_down_to_each_of_its_companies(register: Register):
    register.record(announced("m", destinations={"only": ["IN"]}))
    found = register.answers({}, {"end_user": JAY}, {"end_user": {"name": "Maruti Suzuki", "country": "IN"}})
    assert [answer["control"] for answer in found] == ["license_required"] * 3


def test_a_companys_license_flows_up_only_as_licenses_that_exist(register: Register):
    register.record(announced("m"), granted("l", JAY))
    answer = register.answer()
    assert (answer["control"], answer["licenses"]["official"]["min"]) == ("license_required", 1)
    assert answer["licenses"]["official"]["max"] is None
    assert answer["standing"] == "unknown"


def test_a_company_of_another_country_has_no_part_in_a_class(register: Register):
    register.record(registered("hella", "Hella", "DE"), granted("l", {"class": {"country": "IN"}}))
    assert [register.standing_of(party) for party in (HELLA, {"company": "company/hella"}, JAY)] == [
        "unknown",
        "unknown",
        "possible",
    ]


def test_a_registered_company_is_a_member_of_its_countrys_class(known: Register):
    known.record(granted("l", {"class": {"country": "IN"}}))
    assert known.standing_of(STREAM) == "possible"
