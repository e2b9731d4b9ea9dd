"""A name with a mistake in it, and more words behind it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.company.alike import ALIKE, PART, NameIndex, compared, keys_of
from service.domain.company.names import normalized, read

WORD = st.text("abcdefghikmnoprstuvz", min_size=8, max_size=14)


def agree(one: str, other: str, least: int = ALIKE) -> tuple[str, int] | None:
    asked, listed = normalized(one), normalized(other)
    index = NameIndex[str]()
    index.add(listed, other)
    found = compared(read(asked), read(listed), least)
    assert found == compared(read(listed), read(asked), least)
    if found:
        assert index.find(asked, least)
        assert set(index.keys_for(asked, least)).intersection(keys_of(listed))
    return found


@given(WORD, st.integers(0), st.sampled_from(["less", "twice", "swapped"]))
def test_one_mistake_in_a_longer_name_before_other_words_leaves_it_alike(name: str, at: int, mistake: str):
    at %= len(name)
    rest = {"less": name[at + 1 :], "twice": name[at] + name[at:], "swapped": name[at : at + 2][::-1] + name[at + 2 :]}
    assume(not read(f"x {name}").forms)
    assert agree(f"{name[:at]}{rest[mistake]} Waffe Munition GmbH", f"{name} AG") is not None
    assert agree(f"{name[:at]}{rest[mistake]} AG", f"{name} Waffe Munition GmbH") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hensold Sensors GmbH", "Hensoldt AG"),
        ("Sourae Qorvan Trading", "Source Qorvan Ltd."),
        ("Qorva Pyro-Engineering Works Ltd", "Qorvan Pyro-Engineering Co."),
    ],
)
def test_a_name_of_up_to_three_words_is_found_so(one: str, other: str):
    assert agree(one, other) == ("alike", PART)
    assert agree(one, other, PART + 1) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvann Sensors GmbH", "Qorvaa AG"),  # seven letters at most
        ("Hesnold Sensors GmbH", "Hensoldt AG"),  # two mistakes
        ("Sensors Hensold GmbH", "Hensoldt AG"),  # behind other words
        ("Hensold Sensors GmbH", "Hensoldt Optics AG"),  # the rest differs
    ],
)
def test_a_shorter_name_two_mistakes_and_other_places_are_no_such_name(one: str, other: str):
    assert agree(one, other) is None
