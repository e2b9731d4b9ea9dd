"""A license whose amendment may have come: what holds under each of its possible terms is certain, and no more."""

from typing import Any

import pytest

from service.domain.license.considered import LicenseConsidered
from service.domain.license.standing import cause_of
from service.domain.truth import Truth
from tests.answers.facts import GALLIUM, HELLA, JAY, MAGNETS, Event, announced, granted, revoked
from tests.domain.license.asked import EXPORTER, determined, standing
from tests.domain.license.told import act

REQUIRED = announced("m", commodities=[MAGNETS, GALLIUM])
BEFORE, BETWEEN, LATER = "2025-06-30", "2025-07-15", "2025-07-31"
"""Days before, in and after the month in which the license is amended."""


def held(*events: Event, as_of: str, **question: Any) -> LicenseConsidered:
    (found,) = determined(REQUIRED, *events, as_of=as_of, **question).licenses
    return found


def amended(**changes: Any) -> tuple[Event, Event]:
    return granted("l", JAY, licensee=EXPORTER), act("amended", "2025-07", **changes)


def truths(*events: Event, days: tuple[str, ...] = (BEFORE, BETWEEN, LATER), **question: Any) -> list[Truth]:
    return [held(*events, as_of=day, **question).matches for day in days]


@pytest.mark.parametrize(
    ("changes", "dimension"),
    [
        ({"destination": "SG"}, "destinations"),
        ({"lines": [{"commodity": GALLIUM}]}, "commodities"),
        ({"end_users": [HELLA]}, "end_user"),
        ({"conditions": {"end_uses": ["military"]}}, "end_uses"),
        ({"conditions": {"no_re_export_to": ["BR"]}}, "re_export"),
    ],
)
def test_what_one_of_the_terms_leaves_out_is_possible_and_all_else_stays_certain(
    changes: dict[str, Any], dimension: str
):
    asked = {"end_use": "civil", "exporter": EXPORTER, "final_destination": "IN"}
    if dimension == "re_export":
        asked["final_destination"] = "BR"
        events = amended(destination="all", **changes)
        found = held(*events, as_of=LATER, **asked)
        assert found.truth_of("re_export") is Truth.NO
    found = held(*amended(**changes), as_of=BETWEEN, **asked)
    open_ = {one.name for one in found.match.dimensions if one.truth is not Truth.YES}
    assert open_ - {"destinations"} == {dimension} - {"destinations"}
    assert found.truth_of(dimension) is Truth.POSSIBLE
    assert [one.name for one in found.match.dimensions] == [
        *("commodities", "destinations", "end_uses", "re_export"),
        *("licensee", "end_user"),
    ]


def test_whom_only_one_of_the_terms_names_is_possible_between():
    events = amended(end_users=[HELLA])
    assert truths(*events) == [Truth.YES, Truth.POSSIBLE, Truth.NO]
    assert truths(*events, end_user=HELLA) == [Truth.NO, Truth.POSSIBLE, Truth.YES]
    between = held(*events, as_of=BETWEEN, exporter=EXPORTER).parties
    assert (between.truth, set(between.names), between.unnamed) == (Truth.POSSIBLE, {"licensee"}, ("end_user",))
    assert (between.told_of, between.open_to_all, between.doubts) == (True, False, ())
    assert standing(REQUIRED, *events, as_of=BETWEEN)[:2] == ("possible", "vague_date")


def test_an_open_general_license_that_may_have_been_limited_is_open_to_all_no_more():
    chinese = {"class": {"country": "CN"}}
    event = granted("ogel", type="general", licensee=chinese)
    limited = act("amended", "2025-07", licensee=EXPORTER)
    limited["stream"] = "license/ogel"
    found = [held(event, limited, as_of=day).parties.open_to_all for day in (BEFORE, BETWEEN, LATER)]
    assert found == [True, False, False]


def test_what_leaves_each_of_the_terms_open_is_told():
    events = amended(end_users=[{"class": {"country": "IN"}}])
    assert held(*events, as_of=BETWEEN).parties.doubts == ("class_member",)


def test_of_a_quantity_the_worse_of_the_terms_counts():
    lines = [[{"commodity": MAGNETS, "quantity": {"value": value, "unit": "KGM"}}] for value in ("10", "5")]
    events = (granted("l", JAY, lines=lines[0], uses_reported=True), act("amended", "2025-07", lines=lines[1]))
    found = [held(*events, as_of=day, quantity="8").quantity for day in (BEFORE, BETWEEN, LATER)]
    assert [one.truth for one in found if one] == [Truth.YES, Truth.NO, Truth.NO]
    assert held(*events, as_of=BETWEEN).quantity is None


def test_a_condition_of_one_of_the_terms_binds():
    events = amended(conditions={"end_user_certificate": True})
    assert [held(*events, as_of=day).bound for day in (BEFORE, BETWEEN, LATER)] == [False, True, True]


def test_the_cause_is_told_where_under_no_terms_the_license_can_be_used():
    ended = (*amended(destination="SG"), revoked("l", "2025-07-10"))
    found = held(*ended, as_of=BETWEEN)
    assert (found.state.active, found.state.cause, cause_of(found)) == (Truth.NO, "revoked", "revoked")
    maybe = held(*amended(destination="SG"), as_of=BETWEEN)
    assert (maybe.state.active, maybe.state.cause, cause_of(maybe)) == (Truth.YES, None, "destination_not_stated")


def test_what_cannot_be_used_for_another_reason_says_why():
    found = held(granted("l", JAY, conditions={"end_uses": ["military"]}), as_of=BETWEEN, end_use="civil")
    assert cause_of(found) == "out_of_scope"
    assert cause_of(held(granted("l", JAY), as_of=BETWEEN)) is None
