"""Who searches is shown names that share letters with what was typed, the closest however many there are."""

import pytest

from service.domain.company import resembling
from service.domain.company.resembling import Resembling

NAMES = ("jay ushin", "jay bharat maruti", "shin etsu", "nidec", "华为 技术", "ab", "an aerodrome", "aero")


def _of(names: tuple[str, ...] = NAMES) -> Resembling:
    made = Resembling()
    made.take_over(names)
    return made


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jay ushn", ["jay ushin"]),
        ("ushin jay", ["jay ushin"]),
        ("ushin", ["jay ushin"]),
        ("jay", ["jay ushin", "jay bharat maruti"]),
        ("华为", ["华为 技术"]),
        ("ab", ["ab"]),
        ("aero", ["aero", "an aerodrome"]),
        ("toyota", []),
    ],
)
def test_a_name_that_has_half_of_the_letters_in_a_row_is_found(typed: str, found: list[str]):
    assert _of().near(typed, 10) == found


def test_of_more_than_are_enough_the_closest_are_told_and_of_equal_ones_the_shorter():
    several = tuple(f"northern star {number}" for number in (1_000, 20, 3))
    assert _of((*several, "northern star")).near("northern star", 2) == ["northern star", "northern star 3"]


def test_names_that_came_later_are_found_too():
    held, names = _of(("nidec",)), ["nidec", "nidec copal"]
    held.take_over(names)
    assert held.near("nidec copal", 5) == ["nidec copal"]
    held.take_over(names)
    assert held.count == len(names)


def test_names_on_several_shelves_are_found_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resembling, "ON_A_SHELF", 2)
    assert _of(("nidec b", "nidec", "nidec a")).near("nidec", 5) == ["nidec", "nidec a", "nidec b"]


def test_where_there_are_no_names_none_is_found():
    assert not _of(()).near("nidec", 5)
    assert not _of(()).near("ni", 5)
