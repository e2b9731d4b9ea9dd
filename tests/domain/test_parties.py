"""How a party is referred to."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from service.domain.commodity.match import Commodity
from service.domain.parties import ON_RECORD, Party, names_nobody
from service.register.shapes import Question

PARTY: TypeAdapter[Party] = TypeAdapter(Party)


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
    "name",
    [
        *("-", "--", "n/a", "N.A.", "NA", "unknown", "UNKNOWN", "tbd", "T.B.D.", "to be determined", "none", "k.A."),
        *("?", "xxx", "...", "0", "null", "unbekannt", "nicht bekannt", "неизвестно", "未定", "미정"),
    ],
)
def test_a_placeholder_names_nobody_who_could_be_asked_about(name: str):
    party = {"name": name, "country": "DE"}
    consignee: list[dict[str, Any]] = [{"role": "consignee", **party}]
    for field, given in (("end_user", party), ("exporter", party), ("parties", consignee)):
        with pytest.raises(ValidationError, match="this names nobody: leave the party out, or write who it is") as told:
            Question.model_validate({"commodity": Commodity(name="screws"), field: given})
        assert told.value.errors()[0]["loc"][0] == field
        Question.model_validate({"commodity": Commodity(name="screws"), field: given}, context=ON_RECORD)
    assert PARTY.dump_python(PARTY.validate_python(party)) == party  # A source may write so.


@pytest.mark.parametrize(
    "name", ["None AG", "Unknown Worlds", "X Corp.", "X", "3M", "NN Group", "Known", "Ka", "Nilfisk"]
)
def test_a_name_that_has_a_placeholder_in_it_or_is_short_is_a_name(name: str):
    assert not names_nobody(name)
