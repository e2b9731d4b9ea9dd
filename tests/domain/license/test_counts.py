"""How many licenses are known for a question: the largest statement of what overlaps, by whose word."""

from typing import Any

import pytest

from service.domain.license.counts import largest
from service.domain.quantities import Count
from tests.answers.facts import HELLA, JAY, Event, announced, granted, license_reported, revoked
from tests.domain.license.asked import determined

REQUIRED = announced("m")
NONE = Count(min=0)


def counted(*events: Event, **question: Any) -> tuple[Count, Count]:
    """By officials and by the press, of licenses for anybody."""
    found = determined(REQUIRED, *events, **{"end_user": None, **question})
    return found.official, found.reported


def said(slug: str, least: int, most: int | None = None, text: str | None = None, tier: str = "issuer_text") -> Event:
    stated = {"min": least, "max": most} | ({"text": text} if text else {})
    return granted(slug, count=stated, said={"tier": tier})


def test_a_license_that_counts_nothing_is_one_at_least():
    assert counted(granted("l")) == (Count(min=1), NONE)
    assert counted(granted("l", said={"tier": "press_named"})) == (NONE, Count(min=1))
    assert counted() == (NONE, NONE)


def test_what_overlaps_counts_once_by_its_largest_statement_and_in_its_words():
    assert counted(said("a", 4, 4, "four"), said("b", 2, 6, "several"))[0] == Count(min=4, max=6, text="four")
    assert counted(said("a", 4, 4), granted("b"))[0] == Count(min=4, max=None)


def test_the_press_and_officials_are_counted_apart():
    found = counted(said("a", 3, 3), said("b", 9, 9, tier="press_named"))
    assert found == (Count(min=3, max=3), Count(min=9, max=9))


def test_licenses_of_different_named_holders_do_not_overlap():
    assert counted(granted("a", JAY), granted("b", HELLA))[0] == Count(min=2)
    assert counted(granted("a", JAY), granted("b", JAY))[0] == Count(min=1)
    users = [{"name": f"User {number}", "country": "IN"} for number in range(3)]
    several = [granted(f"l{number}", user) for number, user in enumerate(users)]
    assert counted(*several, said("all", 2, 2))[0] == Count(min=3, max=None)
    assert counted(*several, said("all", 5, 8))[0] == Count(min=5, max=None)


def test_a_holder_is_the_end_user_or_else_the_licensee():
    exporters = [{"name": f"Exporter {number}", "country": "CN"} for number in range(2)]
    assert counted(*(granted(f"l{n}", licensee=one) for n, one in enumerate(exporters)))[0] == Count(min=2)
    assert counted(*(granted(f"l{n}", JAY, licensee=one) for n, one in enumerate(exporters)))[0] == Count(min=1)


@pytest.mark.parametrize(
    "event",
    [
        revoked("l", "2025-06-01"),
        license_reported("l", "denied", "2025-06-01"),
        license_reported("l", "expired", "2025-06-01"),
    ],
)
def test_what_has_ended_or_was_never_issued_does_not_count(event: Event):
    assert counted(granted("l"), event) == (NONE, NONE)


def test_what_is_for_another_destination_or_other_goods_does_not_count():
    assert counted(granted("l"), destination="US") == (NONE, NONE)
    assert counted(granted("l"), commodity={"name": "gallium"}) == (NONE, NONE)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ([], NONE),
        ([Count(min=2, max=3)], Count(min=2, max=3)),
        ([Count(min=2, max=9), Count(min=3, max=5, text="x")], Count(min=3, max=9, text="x")),
        ([Count(min=2, max=9), Count(min=3)], Count(min=3)),
    ],
)
def test_the_largest_lower_bound_is_told_with_the_largest_upper_one(stated: list[Count], found: Count):
    assert largest(stated) == found
