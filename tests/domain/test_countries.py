"""Countries by their codes, and the names that a sentence can bear."""

import pytest

from service.domain.countries import known, name_of, names


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
