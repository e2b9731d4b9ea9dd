"""Rule 23: a prohibition, or a list that names a party, makes the licenses unusable that were issued before it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import Bounds, bounds
from service.domain.license.barred import Bar, barred_by
from service.domain.license.considered import LicenseConsidered
from service.domain.truth import Truth
from tests.answers.facts import (
    GALLIUM,
    HELLA,
    JAY,
    Event,
    announced,
    granted,
    license_reported,
    period,
    revoked,
    suspended,
)
from tests.domain.license.asked import CUSTOMER, EXPORTER, asked_about, determined, standing
from tests.domain.license.told import act
from tests.searching import examples

LISTED = "2025-06-01"
BARRED = ("none", "barred", "no")
HELD = ("confirmed", None, "yes")
REQUIRED = announced("m")
CONDITIONAL = ["conditional_prohibition", "presumption_of_denial"]


def listing(kind: str = "conditional_prohibition", party: dict[str, Any] = JAY, **scope: Any) -> Event:
    """A list that names one end user from June on."""
    more: dict[str, Any] = {"end_users": {"only": [party]}} | scope
    return announced("list", kind=kind, in_force=period(LISTED), on=LISTED, **more)


@pytest.mark.parametrize("kind", ["prohibition", *CONDITIONAL, "licensing"])
def test_a_list_that_names_a_party_makes_earlier_licenses_unusable_from_its_first_day_on(kind: str):
    events = [REQUIRED, granted("l", JAY, on="2025-05-01"), listing(kind)]
    assert [standing(*events, as_of=day) for day in ("2025-05-31", LISTED, "2026-01-01")] == [HELD, BARRED, BARRED]


@pytest.mark.parametrize("kind", ["prohibition", *CONDITIONAL])
def test_a_prohibition_of_the_goods_bars_earlier_licenses_for_anybody(kind: str):
    ban = announced("ban", kind=kind, in_force=period(LISTED), on=LISTED)
    assert standing(REQUIRED, granted("l", JAY), ban) == BARRED


@pytest.mark.parametrize("kind", ["licensing", "quota"])
def test_a_requirement_for_everybody_bars_nothing(kind: str):
    rule = announced("rule", kind=kind, in_force=period(LISTED), on=LISTED)
    assert standing(REQUIRED, granted("l", JAY), rule) == HELD


@pytest.mark.parametrize("kind", [*CONDITIONAL, "licensing"])
def test_a_license_issued_after_it_that_names_the_party_counts(kind: str):
    later = granted("later", JAY, on="2025-06-02", validity=period("2025-06-02", "open"))
    events = [REQUIRED, granted("l", JAY), listing(kind), later]
    assert [standing(*events, as_of=day) for day in (LISTED, "2025-06-02")] == [BARRED, HELD]


def test_of_a_license_issued_on_the_very_day_nobody_can_tell_whether_it_came_after():
    same_day = granted("l", JAY, on=LISTED, validity=period(LISTED, "open"))
    assert standing(REQUIRED, listing(), same_day) == ("confirmed", None, "possible")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-05-20/2025-05-31", BARRED),
        ("2025-05-20/2025-06-20", ("confirmed", None, "possible")),
        ("2025-06-02/2025-06-20", HELD),
        ("../2025-06-20", ("confirmed", None, "possible")),
        ("../2025-05-31", BARRED),
    ],
)
def test_a_license_of_a_vague_day_counts_where_all_of_its_days_come_after(on: str, expected: tuple[str, ...]):
    event = granted("l", JAY, on=on, validity=period(None, "open"), said={"published": "2025-06-20"})
    assert standing(REQUIRED, listing(), event) == expected


def test_a_license_only_reported_after_it_may_have_been_issued_before():
    event = license_reported("l", "active", "2025-07-01", JAY, validity=period(None, "open"))
    assert standing(REQUIRED, listing(), event) == ("confirmed", None, "possible")


def test_a_later_license_that_does_not_name_the_listed_party_does_not_count():
    later: dict[str, Any] = {"on": "2025-06-10", "validity": period("2025-06-10", "open")}
    every = {"class": {"country": "IN", "members": "every"}}
    assert standing(REQUIRED, listing(), granted("l", every, **later)) == BARRED
    assert standing(REQUIRED, listing(), granted("l", {"class": {"country": "IN"}}, **later)) == BARRED
    named = granted("l", JAY, licensee=EXPORTER, **later)
    assert standing(REQUIRED, listing(), named, exporter=EXPORTER) == HELD


def test_a_general_license_serves_nobody_who_is_listed_whenever_it_was_issued():
    later = granted("g", JAY, type="general", licensee=EXPORTER, on="2025-06-10", validity=period("2025-06-10", "open"))
    assert standing(REQUIRED, listing("licensing"), later, exporter=EXPORTER) == BARRED
    assert standing(REQUIRED, later, exporter=EXPORTER) == HELD


def test_a_list_may_bar_types_of_license_and_ask_for_a_condition_only():
    """Rule 21: a list of unverified parties."""
    unverified = listing("conditional")
    unverified["data"]["bars_license_types"] = ["exception"]
    for on in ("2025-05-01", "2025-06-10"):
        later: dict[str, Any] = {"on": on, "validity": period(on, "open")}
        barred = granted("l", JAY, type="exception", **later)
        assert standing(unverified, barred) == ("none", "barred", "yes_with_conditions")
        assert standing(REQUIRED, unverified, barred) == BARRED
        assert standing(REQUIRED, unverified, granted("l", JAY, **later)) == HELD


def test_a_license_issued_between_two_listings_is_barred_by_the_second():
    first = announced("list", kind=CONDITIONAL[0], in_force=period("2025-01-01", "2025-03-31"), on="2025-01-01")
    assert standing(REQUIRED, first, granted("l", JAY), listing() | {"stream": "restriction/again"}) == BARRED


def test_a_list_bars_nobody_else_and_no_other_goods_and_nothing_while_it_is_suspended():
    event = granted("l", JAY)
    assert standing(REQUIRED, event, listing(party=HELLA)) == HELD
    assert standing(REQUIRED, event, listing(commodities=[GALLIUM])) == HELD
    assert standing(REQUIRED, event, listing(), suspended("list", "2025-06-15", "2025-08-15")) == HELD


def test_a_list_that_is_only_possible_leaves_a_license_at_most_possible():
    unnamed = {"undisclosed": True, "country": "IN"}
    assert standing(REQUIRED, granted("l", JAY), listing(party=unnamed))[:2] == ("confirmed", None)
    assert standing(REQUIRED, granted("l", JAY), listing(party=unnamed))[2] == "possible"
    vague = announced("list", kind=CONDITIONAL[0], in_force=period("2025-06/2025-08"), on=LISTED)
    assert standing(REQUIRED, granted("l", JAY), vague)[2] == "possible"


def test_a_later_license_that_does_not_name_the_listed_consignee_does_not_count():
    later: dict[str, Any] = {"on": "2025-06-10", "validity": period("2025-06-10", "open")}
    others = {"others": (("consignee", asked_about(CUSTOMER)),)}
    events = [REQUIRED, listing(party=CUSTOMER)]
    assert standing(*events, granted("l", JAY, **later), **others) == BARRED
    assert standing(*events, granted("l", JAY, consignees=[CUSTOMER], **later), **others) == HELD
    assert standing(REQUIRED, granted("l", JAY, consignees=[EXPORTER], **later), **others)[0] == "unknown"


def test_what_bars_comes_before_what_befell_a_license():
    ended = granted("old", JAY, validity=period("2025-05-01", "2025-06-20"))
    for events in ([ended, granted("l", JAY)], [granted("l", JAY), ended]):
        assert standing(REQUIRED, *events, listing()) == BARRED
    assert standing(REQUIRED, granted("l", JAY), revoked("l", "2025-06-15"), listing())[:2] == ("none", "revoked")


def test_what_bars_a_license_is_told():
    one = determined(REQUIRED, granted("l", JAY), listing()).licenses[0]
    assert one.barred.because == "the end user is listed by restriction/list, and no license issued later names it"


def test_under_a_prohibition_a_license_issued_after_it_counts_and_covers_nothing():
    later = granted("l", JAY, on="2025-06-10", validity=period("2025-06-10", "open"))
    assert standing(REQUIRED, listing("prohibition"), later) == ("confirmed", None, "no")


GRANTS = st.builds(
    lambda slug, party, on, type_, tier: granted(slug, *party, on=on, type=type_, said={"tier": tier}),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([(JAY,), (CUSTOMER,), ({"class": {"country": "IN", "members": "every"}},), ()]),
    st.sampled_from(["2025-05-01", "2025-06-01", "2025-06-10", "../2025-06-20"]),
    st.sampled_from(["individual", "general", "exception", "quota_allocation"]),
    st.sampled_from(["issuer_text", "holder", "press_named"]),
)
ACTS = st.builds(
    lambda slug, name, on: act(name, on) | {"stream": f"license/{slug}"},
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["revoked", "reinstated", "suspended", "surrendered", "denied"]),
    st.sampled_from(["2025-05-15", "2025-06-15"]),
)
REPORTS = st.builds(
    lambda slug, state: license_reported(slug, state, "2025-06-20", JAY),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["active", "suspended", "revoked", "applied"]),
)
TOLD = st.lists(st.one_of(GRANTS, REPORTS, ACTS), max_size=6)


@examples(60)
@given(TOLD, st.sampled_from(["list", "ban"]))
def test_no_license_no_report_and_no_use_covers_what_is_certainly_prohibited(told: list[Event], slug: str):
    ban = listing("prohibition") if slug == "list" else announced("ban", kind="prohibition")
    found = determined(REQUIRED, ban, *_begun(told))
    assert (found.control, found.covered) == ("prohibited", "no")


@examples(60)
@given(TOLD)
def test_whoever_is_listed_uses_no_license_that_certainly_came_before(told: list[Event]):
    found = determined(REQUIRED, listing(), *_begun(told))
    for one in found.licenses:
        assert one.usable is Truth.NO or not _came_before(one)
        assert one.barred.truth is Truth.YES or one.parties.names


@examples(60)
@given(TOLD)
def test_a_list_never_makes_an_answer_milder(told: list[Event]):
    """Nobody is covered for whom a list is possible or certain, if nobody was covered without it."""
    rank = {None: 0, "no": 0, "unknown": 1, "possible": 2, "yes_with_conditions": 3, "yes": 4}
    without = determined(REQUIRED, *_begun(told))
    for party in (JAY, {"undisclosed": True, "country": "IN"}):
        under = determined(REQUIRED, *_begun(told), listing(party=party))
        assert rank[under.covered] <= rank[without.covered]


def _begun(told: list[Event]) -> list[Event]:
    """Without the acts on licenses of which nothing is recorded before."""
    kept: list[Event] = []
    for event in told:
        if event["type"] in ("license.granted", "license.reported") or event["stream"] in {
            one["stream"] for one in kept
        }:
            kept.append(event)
    return kept


def _came_before(one: LicenseConsidered) -> bool:
    latest = one.license.issued.latest
    return latest is not None and str(latest) < LISTED


def test_a_license_issued_on_some_day_from_the_first_of_the_calendar_on_may_have_come_before():
    bar = Bar("restriction/list", Truth.YES, frozenset(), frozenset(), bars_earlier=True, bore_on=lambda _: Truth.YES)
    names = frozenset({"end_user"})
    assert barred_by([bar], "individual", Bounds(date.min, date.min), names).truth is Truth.POSSIBLE
    assert barred_by([bar], "individual", Bounds(None, None), names).truth is Truth.POSSIBLE
    assert barred_by([bar], "individual", bounds("2025-01-01"), names).truth is Truth.NO


def test_licenses_of_different_licensees_are_different_licenses_where_no_end_user_is_named():
    one, other = (granted(slug, licensee=party) for slug, party in (("l", EXPORTER), ("m", CUSTOMER)))
    assert determined(REQUIRED, one, end_user=None).official.min == 1
    assert determined(REQUIRED, one, other, end_user=None).official.min == 2
