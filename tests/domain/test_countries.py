"""Countries by their codes, and the names that a sentence can bear."""

import pytest
from pydantic import TypeAdapter, ValidationError

from service.domain.countries import Country, code_of, in_sentence, known, name_of, names, spelled_alike, whose


def test_no_countrys_name_is_turned_around_for_sorting():
    turned = {code: name for code, name in names().items() if ", " in name and " and " not in name}
    assert turned == {}
    assert name_of("CD") == "DR Congo"


@pytest.mark.parametrize("code", ["EU", "XK", "NA", "NO", "CD"])
def test_a_code_of_the_standard_or_beyond_it_is_known(code: str):
    assert known(code) == code


@pytest.mark.parametrize("code", ["", "na", "XX", "UK", "USA"])
def test_what_is_no_code_is_refused(code: str):
    with pytest.raises(ValueError, match="not a country code"):
        known(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("in", "IN"),
        (" India ", "IN"),
        ("USA", "US"),
        ("South  Korea", "KR"),
        ("korea, republic of", "KR"),
        ("Turkey", "TR"),
        ("uk", "GB"),
        ("European Union", "EU"),
        ("xk", "XK"),
        ("DR Congo", "CD"),
        ("ZZ", None),
        ("", None),
    ],
)
def test_a_country_goes_by_its_codes_and_by_what_it_is_called(text: str, code: str | None):
    assert code_of(text) == code


@pytest.mark.parametrize(("name", "code"), [("China", "CN"), ("usa", "US"), ("DR Congo", "CD")])
def test_a_country_by_its_name_is_refused_with_the_code_to_write(name: str, code: str):
    with pytest.raises(ValidationError, match=f"write the code: {code}"):
        TypeAdapter(Country).validate_python(name)


@pytest.mark.parametrize("text", ["Chnia", "x" * 5_000, "CHN.", ""])
def test_what_is_no_countrys_name_either_is_told_no_code(text: str):
    with pytest.raises(ValidationError, match="should have at"):
        TypeAdapter(Country).validate_python(text)


@pytest.mark.parametrize(
    ("text", "codes"), [("Indai", ["IN"]), ("South Koreea", ["KR"]), ("zz", []), ("Jay Ushin", [])]
)
def test_a_misspelled_name_suggests_what_is_spelled_nearly_so(text: str, codes: list[str]):
    assert spelled_alike(text)[:1] == codes
    assert len(spelled_alike("Islands")) <= 3


@pytest.mark.parametrize(
    ("code", "name", "possessive"),
    [
        ("US", "the United States", "the United States'"),
        ("NL", "the Netherlands", "the Netherlands'"),
        ("AE", "the United Arab Emirates", "the United Arab Emirates'"),
        ("CD", "the DR Congo", "the DR Congo's"),
        ("CN", "China", "China's"),
    ],
)
def test_a_country_has_its_article_inside_a_sentence(code: str, name: str, possessive: str):
    assert (in_sentence(code), whose(code)) == (name, possessive)
