"""Which codes are codes, and how a commodity asked about meets a listed one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.commodity.match import Commodity, Definitions, ScopedCommodity, compare, control_code_of, hs_digits
from service.domain.commodity.names import Meaning
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
digits = st.text("0123456789", min_size=2, max_size=12)


def asked(**fields: object) -> Commodity:
    return Commodity.model_validate(fields)


def listed(**fields: object) -> ScopedCommodity:
    return ScopedCommodity.model_validate(fields)


def truth(one: Commodity, other: ScopedCommodity, **definitions: list[ScopedCommodity]) -> Truth:
    match = compare(one, other, Definitions(Meaning(name, tuple(lines)) for name, lines in definitions.items()))
    assert match.because
    return match.truth


@pytest.mark.parametrize("code", ["85", "8505", "850511", "8505.11", "8505 11", "0101.21.00.00", "8505 11 00 10 20"])
def test_a_customs_code_is_two_to_twelve_digits_with_dots_or_blanks(code: str):
    assert asked(hs=code).hs == code


@pytest.mark.parametrize(
    "code", ["8", "8" * 13, "85O511", "8505-11", "8505,11", "٨٥٠٥", "..", "", "8505\n", 850511, None]
)
def test_what_is_no_customs_code_is_refused(code: object):
    with pytest.raises(ValidationError):
        asked(hs=code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1c902 a", "1C902.a"),
        ("1c902.A", "1C902.a"),
        ("1C902-a", "1C902.a"),
        ("1C902a", "1C902.a"),
        ("3a001 b 2 a", "3A001.b.2.a"),
        ("3A001(b)(2)(a)", "3A001.b.2.a"),
        ("3A001.b.viii", "3A001.b.viii"),
        (" 1C902 ", "1C902"),
        ("1C902", "1C902"),
    ],
)
def test_a_control_code_is_read_as_people_type_it(typed: str, code: str):
    assert control_code_of(typed) == code


@pytest.mark.parametrize("text", ["ML10-a", "1C9022", "1C902 magnets", "1F902 a", "1C90", "", "1C902,a"])
def test_what_is_not_written_like_an_item_of_a_control_list_stays(text: str):
    assert control_code_of(text) == text


def test_the_punctuation_of_a_customs_code_says_nothing_and_its_leading_zeros_do():
    assert hs_digits("8505.11") == hs_digits("8505 11") == hs_digits("850511") == "850511"
    assert hs_digits("0101.21") == "010121"
    assert truth(asked(hs="8505.11"), listed(hs="8505 11")) is YES
    assert truth(asked(hs="0101"), listed(hs="101")) is NO


@given(digits, digits)
def test_a_code_falls_under_its_prefixes_and_is_wider_than_what_it_begins(one: str, other: str):
    found = truth(asked(hs=one), listed(hs=other))
    assert found is (YES if one.startswith(other) else POSSIBLE if other.startswith(one) else NO)


@pytest.mark.parametrize("match", ["ex", "reference_only"])
def test_a_part_of_a_code_and_a_mere_reference_decide_nothing_but_for_goods_of_another_heading(match: str):
    line = listed(hs="850511", match=match)
    assert truth(asked(hs="85051190"), line) is POSSIBLE
    assert truth(asked(hs="8505"), line) is POSSIBLE
    assert truth(asked(hs="850519"), line) is POSSIBLE
    assert truth(asked(hs="850611"), line) is NO
    assert truth(asked(hs="85051190"), listed(hs="850511", match="exact")) is YES


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("1C902", "1C902", YES),
        ("1c902", "1C902", YES),
        ("1C902.a", "1C902", YES),
        ("1C902", "1C902.a", POSSIBLE),
        ("1C9021", "1C902", NO),
        ("1C902", "1C9021", NO),
        ("1C902.a", "1C902.b", NO),
    ],
)
def test_a_control_code_falls_under_the_code_before_its_points(one: str, other: str, found: Truth):
    assert truth(asked(control_code=one), listed(control_code=other)) is found


def test_the_control_code_decides_before_the_customs_code():
    line = listed(control_code="1C902", hs="850511")
    assert truth(asked(control_code="1C901", hs="850511"), line) is NO
    assert truth(asked(control_code="1C902", hs="284690"), line) is YES


@pytest.mark.parametrize("number", ["7440-00-8", "7429-91-6", "1308-87-8"])
def test_a_cas_number_has_its_check_digit(number: str):
    assert truth(asked(cas=number), listed(cas=number)) is YES


@pytest.mark.parametrize(
    "number", ["7440-00-9", "7429-91-5", "7429916", "1-00-0", "7429-9-16", "٧429-91-6", "", 7429916]
)
def test_a_cas_number_with_another_check_digit_or_form_is_refused(number: object):
    with pytest.raises(ValidationError):
        asked(cas=number)


def test_another_cas_number_is_another_substance():
    assert truth(asked(cas="7440-00-8"), listed(cas="7429-91-6")) is NO


@pytest.mark.parametrize("code", ["1C902", "3A001.a.2", "0-5", "5A002(a)", "x" * 40])
def test_a_control_code_is_letters_digits_points_hyphens_and_brackets(code: str):
    assert asked(control_code=code).control_code == code


@pytest.mark.parametrize("code", ["", ".1", "1C 902", "1C902\n", "x" * 41, "1С902", 1902])  # noqa: PLE2515, RUF100
def test_another_text_is_no_control_code(code: object):
    with pytest.raises(ValidationError):
        asked(control_code=code)


def test_the_same_name_matches_and_another_does_not():
    assert truth(asked(name="rare_earth_magnets"), listed(name="rare_earth_magnets")) is YES
    assert truth(asked(name="rare_earth_magnets"), listed(name="rare_earth_magnets", match="ex")) is POSSIBLE
    assert truth(asked(name="gallium"), listed(name="rare_earth_magnets")) is NO


def test_a_name_without_a_definition_asked_by_code_is_possible():
    assert truth(asked(hs="850511"), listed(name="rare_earth_magnets")) is POSSIBLE
    assert truth(asked(name="rare_earth_magnets"), listed(hs="850511")) is POSSIBLE


def test_a_name_stands_for_the_codes_of_its_definition():
    magnets = [listed(hs="850511"), listed(hs="850519", match="reference_only")]
    by_name = listed(name="rare_earth_magnets")
    assert truth(asked(hs="85051100"), by_name, rare_earth_magnets=magnets) is YES
    assert truth(asked(hs="850519"), by_name, rare_earth_magnets=magnets) is POSSIBLE
    assert truth(asked(hs="8505"), by_name, rare_earth_magnets=magnets) is POSSIBLE
    assert truth(asked(hs="284690"), by_name, rare_earth_magnets=magnets) is NO
    assert truth(asked(cas="7440-00-8"), by_name, rare_earth_magnets=magnets) is POSSIBLE


def test_a_name_asked_about_meets_listed_codes_through_its_definition():
    magnets = [listed(hs="850511")]
    assert truth(asked(name="rare_earth_magnets"), listed(hs="8505"), rare_earth_magnets=magnets) is YES
    assert truth(asked(name="rare_earth_magnets"), listed(hs="85051110"), rare_earth_magnets=magnets) is POSSIBLE
    assert truth(asked(name="rare_earth_magnets"), listed(hs="2846"), rare_earth_magnets=magnets) is NO


def test_a_code_that_the_definition_only_refers_to_is_never_certain():
    reference = [listed(hs="850511", match="reference_only")]
    assert truth(asked(name="rare_earth_magnets"), listed(hs="8505"), rare_earth_magnets=reference) is POSSIBLE


def test_the_same_description_matches_and_different_words_leave_it_open():
    words = "sintered NdFeB magnets"
    assert truth(asked(description=words), listed(description=words)) is YES
    assert truth(asked(description=words), listed(description="magnets")) is POSSIBLE
    assert truth(asked(description=words), listed(hs="850511")) is POSSIBLE


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"parameters": {"dysprosium_percent": "1.9"}},
        {"name": "Rare Earths"},
        {"name": ""},
        {"name": "x" * 101},
        {"description": "  "},
        {"hs": "8505", "colour": "grey"},
        {"hs": "8505", "parameters": {"dysprosium_percent": 1.9}},
        {"hs": "8505", "parameters": {"Dysprosium": "1.9"}},
        {"hs": "8505", "parameters": {f"p{number}": "1" for number in range(21)}},
    ],
)
def test_a_commodity_without_a_name_or_code_or_with_unreadable_parts_is_refused(fields: dict[str, object]):
    with pytest.raises(ValidationError):
        Commodity.model_validate(fields)


def test_a_commodity_may_have_every_name_and_twenty_parameters():
    fields = {
        "name": "x" * 100,
        "hs": "8505",
        "control_code": "1C902",
        "cas": "7440-00-8",
        "description": "x" * 500,
        "parameters": {f"p{number}": "1" for number in range(20)},
    }
    assert Commodity.model_validate(fields).model_dump() == fields


def test_a_match_is_stated_in_a_scope_alone():
    assert listed(hs="8505").match == "exact"
    for match in ("part", "", None, True):
        with pytest.raises(ValidationError):
            listed(hs="8505", match=match)
    with pytest.raises(ValidationError):
        asked(hs="8505", match="exact")
