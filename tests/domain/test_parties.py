"""How a party is referred to, and who is meant by it."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from service.domain.parties import Asked, Party, meant, normalized
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
PARTY: TypeAdapter[Party] = TypeAdapter(Party)
DRIVES = Asked(
    "company/example-drives",
    frozenset({"example drives", "exdrives"}),
    "IN",
    frozenset({("vendor_of", "company/example-motors")}),
    label="Example Drives",
)
STRANGER = Asked(None, frozenset({"example foundry"}), "IN", label="Example Foundry")
NAMELESS = Asked(None, frozenset(), None, form="undisclosed", label="the party")


def party(**fields: Any) -> Party:
    return PARTY.validate_python(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"company": "company/example-drives"},
        {"name": "Example Drives", "country": "IN"},
        {"described": "Indian units of Example"},
        {"described": "Indian units of Example", "country": "IN"},
        {"class": {"country": "IN"}},
        {"class": {"relation": "vendor_of", "company": "company/example-motors"}},
        {"class": {"country": "IN", "relation": "vendor_of", "company": "company/example-motors"}},
        {"undisclosed": True},
        {"undisclosed": True, "country": "IN"},
        {"undisclosed": True, "country": "JP", "count": 16},
        {"undisclosed": True, "country": "JP", "count": {"min": 2, "max": None, "text": "several"}},
    ],
)
def test_a_party_is_written_in_one_of_its_forms_and_comes_back_as_it_was_written(fields: dict[str, Any]):
    assert PARTY.dump_python(PARTY.validate_python(fields), by_alias=True) == fields


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"country": "IN"},
        {"name": "Example Drives"},
        {"name": "Example Drives", "country": "in"},
        {"name": "Example Drives", "country": "XX"},
        {"name": " ", "country": "IN"},
        {"company": "example-drives"},
        {"company": "license/example"},
        {"company": "company/Example"},
        {"company": "company/example-drives", "country": "IN"},
        {"company": "company/example-drives", "undisclosed": True},
        {"undisclosed": False},
        {"undisclosed": None},
        {"undisclosed": 1},
        {"undisclosed": "true"},
        {"undisclosed": True, "count": 0},
        {"undisclosed": True, "count": True},
        {"undisclosed": True, "count": "16"},
        {"undisclosed": True, "count": {"min": 3, "max": 2}},
        {"class": {}},
        {"class": {"relation": "vendor_of"}},
        {"class": {"company": "company/example-motors"}},
        {"class": {"country": "IN", "relation": "vendor_of"}},
        {"class": "IN"},
        {"class_": {"country": "IN"}},
        {"described": "x" * 501},
    ],
)
def test_a_party_in_no_form_in_two_or_in_half_of_one_is_refused(fields: dict[str, Any]):
    with pytest.raises(ValidationError):
        PARTY.validate_python(fields)


@pytest.mark.parametrize("value", [None, 5, True, "Example Drives", [], ["company/example-drives"]])
def test_what_is_no_object_is_no_party(value: object):
    with pytest.raises(ValidationError):
        PARTY.validate_python(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Drives", "EXAMPLE  DRIVES"),
        ("Example Drives, Ltd.", "example drives ltd"),
        ("Straße AG", "STRASSE ag"),
        ("Example Drives", "example_drives"),
        ("ﬁrst", "first"),
    ],
)
def test_names_that_differ_in_case_width_or_punctuation_alone_are_one(one: str, other: str):
    assert normalized(one) == normalized(other)


def test_names_that_differ_in_a_letter_are_two():
    assert normalized("Example Drives") != normalized("Example Drive")
    assert normalized("华为") != normalized("中兴")


def test_a_registered_company_is_meant_by_its_stream_and_by_any_of_its_names_in_its_country():
    named = [
        party(company="company/example-drives"),
        party(name="EXAMPLE DRIVES", country="IN"),
        party(name="ExDrives", country="IN"),
    ]
    assert [(meant(DRIVES, one).truth, meant(DRIVES, one).named) for one in named] == [(YES, True)] * 3


def test_another_company_or_the_same_name_in_another_country_is_not_meant():
    others = [
        party(company="company/example-motors"),
        party(name="Example Motors", country="IN"),
        party(name="Example Drives", country="CN"),
    ]
    assert [meant(DRIVES, one).truth for one in others] == [NO] * 3


def test_a_member_of_a_class_is_meant_but_not_named():
    found = meant(DRIVES, party(**{"class": {"country": "IN"}}))
    assert (found.truth, found.named) == (YES, False)
    assert meant(DRIVES, party(**{"class": {"country": "CN"}})).truth is NO
    assert meant(NAMELESS, party(**{"class": {"country": "CN"}})).truth is POSSIBLE


def test_a_relation_has_to_be_recorded_and_with_a_country_both_have_to_hold():
    vendors = {"relation": "vendor_of", "company": "company/example-motors"}
    assert meant(DRIVES, party(**{"class": vendors})).truth is YES
    assert meant(STRANGER, party(**{"class": vendors})).truth is NO
    assert meant(DRIVES, party(**{"class": {"country": "IN"} | vendors})).truth is YES
    assert meant(DRIVES, party(**{"class": {"country": "CN"} | vendors})).truth is NO
    assert meant(DRIVES, party(**{"class": vendors | {"relation": "unit_of"}})).truth is NO


@pytest.mark.parametrize("form", [{"described": "units of a German maker"}, {"undisclosed": True}])
def test_a_described_or_undisclosed_party_may_be_anyone_who_is_not_of_another_country(form: dict[str, Any]):
    assert meant(DRIVES, party(**form)).truth is POSSIBLE
    assert meant(DRIVES, party(**form, country="IN")).truth is POSSIBLE
    assert meant(NAMELESS, party(**form, country="IN")).truth is POSSIBLE
    assert meant(DRIVES, party(**form, country="CN")).truth is NO
    assert not meant(DRIVES, party(**form)).named


def test_whoever_asks_without_a_name_may_be_a_named_party_and_is_never_named():
    for listed in (party(company="company/example-drives"), party(name="Example Drives", country="IN")):
        assert meant(NAMELESS, listed).truth is POSSIBLE
        assert not meant(NAMELESS, listed).named


def test_each_match_says_why():
    listed = [
        party(company="company/example-drives"),
        party(name="Example Motors", country="IN"),
        party(described="units"),
        party(undisclosed=True, country="CN"),
        party(**{"class": {"country": "IN"}}),
    ]
    assert [meant(DRIVES, one).because for one in listed] == [
        "company/example-drives is named",
        "Example Drives is not Example Motors",
        '"units" may mean Example Drives',
        "Example Drives is not of China",
        "Example Drives is one of the companies of India",
    ]
