"""Rules 22, 24, 27 and 28: for whom and for where a license is, what that leaves open, and what is no evidence."""

from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.license.events import LicenseGranted
from service.domain.truth import Truth
from tests.answers.facts import (
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Event,
    announced,
    granted,
    license_reported,
    period,
    revoked,
)
from tests.domain.license.asked import CUSTOMER, EXPORTER, determined, standing
from tests.domain.license.told import act

CHINESE = {"class": {"country": "CN"}}
INDIAN = {"class": {"country": "IN"}}
HELD = ("confirmed", None, "yes")
REQUIRED = announced("m", commodities=[MAGNETS, GALLIUM])


def open_general(tier: str = "issuer_text", **data: Any) -> Event:
    """An open general license, with nothing said of a destination or an end user."""
    told: dict[str, Any] = {"type": "general", "licensee": CHINESE, "destination": None}
    event = granted("ogel", said={"tier": tier}, **told | data)
    return event | {"data": {name: value for name, value in event["data"].items() if value is not None}}


def test_a_license_for_all_destinations_is_for_any():
    for destination in ("IN", "BR"):
        assert standing(REQUIRED, granted("l", JAY, destination="all"), destination=destination) == HELD
    assert standing(REQUIRED, granted("l", JAY, destination="all"), destination="IN", final_destination="BR") == HELD


def test_a_license_amended_to_all_destinations_is_for_all_from_that_day_on():
    events = [REQUIRED, granted("l", JAY), act("amended", "2025-07-01", destination="all")]
    found = [standing(*events, destination="BR", as_of=day) for day in ("2025-06-30", "2025-07-01")]
    assert found == [("unknown", None, "unknown"), HELD]


def test_a_license_of_which_no_source_says_the_destination_is_possible():
    event = granted("l", JAY)
    del event["data"]["destination"]
    assert standing(REQUIRED, event) == ("possible", "destination_not_stated", "possible")


def test_sources_of_equal_tier_that_disagree_about_the_destination_leave_it_possible():
    events = [granted("l", JAY, destination=country) for country in ("all", "VN")]
    assert standing(REQUIRED, *events) == ("possible", "destination_not_stated", "possible")
    assert standing(REQUIRED, *events, destination="VN")[0] == "possible"


def test_a_destination_is_a_country_or_all():
    with pytest.raises(ValidationError):
        LicenseGranted(issuer="CN", destination="everywhere")


def test_a_use_that_may_be_one_of_those_permitted_leaves_it_possible():
    event = granted("l", JAY, conditions={"end_uses": ["civil"]})
    found = {use: standing(REQUIRED, event, end_use=use) for use in ("civil", "automotive", "military")}
    assert found == {
        "civil": HELD,
        "automotive": ("possible", "end_use_not_exact", "possible"),
        "military": ("none", "out_of_scope", "no"),
    }


def test_of_whom_no_source_tells_it_is_said_in_words():
    (held,) = determined(REQUIRED, granted("l")).licenses
    (party,) = held.parties.dimensions
    assert (party.name, party.truth, party.because) == (
        "end_user",
        Truth.POSSIBLE,
        "no source says who its end user is",
    )
    assert held.parties.doubts == ("party_not_stated",)


def test_a_general_license_for_listed_customers_is_for_them_and_covers_whoever_names_one():
    event = granted("ogel", type="general", customers=[JAY])
    found = {who: determined(REQUIRED, event, end_user=party) for who, party in PARTIES.items()}
    assert {who: (one.standing, one.covered) for who, one in found.items()} == {
        "listed": ("confirmed", "yes"),
        "another": ("unknown", "unknown"),
        "nobody": ("unknown", "possible"),
    }
    assert [found[who].licenses[0].parties.unnamed for who in PARTIES] == [(), ("end_user",), ("end_user",)]


PARTIES = {"listed": JAY, "another": HELLA, "nobody": None}


def test_some_members_of_a_class_leave_each_of_them_possible_and_every_member_holds():
    for members, expected in (
        (None, ("possible", "class_member", "possible")),
        ("some", ("possible", "class_member", "possible")),
        ("every", HELD),
    ):
        party = {"class": {"country": "IN"} | ({"members": members} if members else {})}
        assert standing(REQUIRED, granted("l", party)) == expected
        assert standing(REQUIRED, granted("l", party), end_user=HELLA)[0] == "unknown"


def test_what_the_press_says_of_every_member_is_reported():
    party = {"class": {"country": "IN", "members": "every"}}
    assert standing(REQUIRED, granted("l", party, said={"tier": "press_named"}))[:2] == ("reported", None)


def test_an_open_general_license_by_the_issuers_own_text_is_for_every_exporter_of_the_country():
    found = determined(REQUIRED, open_general(), exporter=EXPORTER)
    assert (found.control, found.standing, found.covered) == ("license_required", "confirmed", "yes")
    assert standing(REQUIRED, open_general(), exporter=HELLA)[0] == "unknown"


def test_an_open_general_license_covers_under_its_conditions():
    event = open_general(conditions={"end_uses": ["civil"]})
    found = [standing(REQUIRED, event, exporter=EXPORTER, end_use=use)[2] for use in ("civil", None, "military")]
    assert found == ["yes", "yes_with_conditions", "no"]


@pytest.mark.parametrize(
    "event",
    [
        open_general("issuer_statement"),
        open_general("press_named"),
        open_general(type="individual"),
        open_general(licensee={"class": {"country": "CN", "members": "some"}}),
    ],
)
def test_without_the_issuers_text_or_of_another_type_or_for_some_members_a_class_license_is_possible(event: Event):
    found = standing(REQUIRED, event, exporter=EXPORTER)
    assert (found[0], found[2]) == ("possible", "possible")


def test_an_open_general_license_that_limits_its_destination_or_its_users_is_for_no_others():
    assert standing(REQUIRED, open_general(destination="VN"), exporter=EXPORTER)[0] == "unknown"
    assert standing(REQUIRED, open_general(destination="IN"), exporter=EXPORTER) == HELD
    limited = open_general(end_users=[CUSTOMER])
    assert standing(REQUIRED, limited, exporter=EXPORTER)[0] == "unknown"
    assert standing(REQUIRED, limited, exporter=EXPORTER, end_user=CUSTOMER) == HELD


def test_a_license_covers_for_certain_only_where_the_question_names_each_party_that_it_limits():
    event = granted("l", JAY, licensee=EXPORTER)
    assert standing(REQUIRED, event, exporter=EXPORTER) == HELD
    assert standing(REQUIRED, event) == ("confirmed", None, "possible")
    assert standing(REQUIRED, event, exporter=EXPORTER, end_user=None) == ("confirmed", None, "possible")
    assert standing(REQUIRED, granted("l", JAY)) == HELD


def test_a_consignee_that_the_license_names_is_a_party_that_the_question_may_leave_open():
    event = granted("l", JAY, consignees=[CUSTOMER])
    assert standing(REQUIRED, event) == ("confirmed", None, "possible")
    assert standing(REQUIRED, granted("l", JAY, consignees=[JAY])) == HELD
    assert standing(REQUIRED, granted("l", JAY, intermediates=[CUSTOMER])) == HELD


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (granted("l", INDIAN), "class_member"),
        (granted("l", {"described": "Jay Ushin", "country": "IN"}, said={"tier": "press_named"}), "class_member"),
        (granted("l", {"undisclosed": True, "country": "IN"}), "class_member"),
        (granted("l", JAY, validity=period("2025-05-01")), "end_not_stated"),
        (granted("l", JAY, on="2025-06/2025-08", validity=period(None, "open")), "vague_date"),
        (granted("l", JAY, validity=period("2025-05-01", "2025-06-15/2025-07-15")), "vague_date"),
        (granted("l", JAY, commodities=[{**MAGNETS, "match": "ex"}]), "goods_not_exact"),
        (granted("l", JAY, lines=[]), "goods_not_exact"),
    ],
)
def test_a_possible_standing_has_its_cause(event: Event, cause: str):
    assert standing(REQUIRED, event) == ("possible", cause, "possible")


def test_the_cause_of_possible_is_that_of_the_license_with_the_fewest_doubts():
    doubtful = granted("a", INDIAN, validity=period("2025-05-01"))
    better = granted("b", JAY, validity=period("2025-05-01"))
    for events in ((doubtful, better), (better, doubtful)):
        assert standing(REQUIRED, *events)[:2] == ("possible", "end_not_stated")


def test_the_last_who_spoke_of_a_license_without_an_end_is_told():
    report = license_reported("l", "active", "2025-06-10", said={"tier": "holder"})
    found = determined(REQUIRED, granted("l", JAY, validity=period("2025-05-01")), report).licenses[0]
    assert found.on_day.last_said is not None
    assert (str(found.on_day.last_said.day), found.on_day.last_said.claim.event) == ("2025-06-10", report["id"])


def test_a_license_for_somebody_else_or_another_destination_is_no_evidence():
    for event in (granted("l", CUSTOMER), granted("l", JAY, destination="VN")):
        assert standing(REQUIRED, event) == ("unknown", None, "unknown")
        ended = revoked("l", "2025-06-01")
        assert standing(REQUIRED, event, ended) == ("unknown", None, "unknown")
    assert standing(REQUIRED, granted("l", JAY, licensee=EXPORTER), exporter=HELLA)[0] == "unknown"


def test_a_license_of_ones_own_for_other_goods_or_another_use_is_out_of_scope():
    assert standing(REQUIRED, granted("l", JAY), commodity=GALLIUM) == ("none", "out_of_scope", "no")
    civil = granted("l", JAY, conditions={"end_uses": ["civil"]})
    assert standing(REQUIRED, civil, end_use="military") == ("none", "out_of_scope", "no")


@pytest.mark.parametrize("slugs", [("a", "b"), ("b", "a")])
def test_the_cause_of_none_is_what_befell_last_and_not_the_first_by_name(slugs: tuple[str, str]):
    first, last = slugs
    events = [
        granted(first, JAY, validity=period("2025-05-01", "2025-05-31")),
        granted(last, JAY),
        revoked(last, "2025-06-15"),
    ]
    assert standing(REQUIRED, *events)[:2] == ("none", "revoked")
    assert standing(REQUIRED, *events, as_of="2025-06-10")[:2] == ("confirmed", None)
    late = [granted(first, JAY, validity=period("2025-05-01", "2025-06-20")), *events[1:]]
    assert standing(REQUIRED, *late)[:2] == ("none", "expired")


def test_of_two_acts_of_one_day_the_one_recorded_later_is_the_cause():
    surrendered = act("surrendered", "2025-06-15") | {"stream": "license/a"}
    events = [REQUIRED, granted("a", JAY), granted("b", JAY)]
    assert standing(*events, surrendered, revoked("b", "2025-06-15"))[1] == "revoked"
    assert standing(*events, revoked("b", "2025-06-15"), surrendered)[1] == "surrendered"


@pytest.mark.parametrize(
    ("stated", "asked", "truth", "said"),
    [
        ("all", None, Truth.YES, "it is for all destinations"),
        ("IN", None, Truth.POSSIBLE, "the question names no destination"),
        (None, "IN", Truth.POSSIBLE, "no source says for which destination"),
        ("IN", "IN", Truth.YES, "it is for IN"),
        ("DE", "IN", Truth.NO, "it is for DE"),
    ],
)
def test_for_where_a_license_is_and_what_leaves_that_open_is_said(
    stated: str | None, asked: str | None, truth: Truth, said: str
):
    event = granted("l", JAY, destination=stated)
    event["data"] = {name: value for name, value in event["data"].items() if value is not None}
    (held,) = determined(REQUIRED, event, destination=asked).licenses
    (where,) = [one for one in held.match.dimensions if one.name == "destinations"]
    assert (where.truth, where.because) == (truth, said)


@pytest.mark.parametrize(
    ("users", "doubts"),
    [
        ([], ("party_not_stated",)),
        ([{"class": {"country": "IN"}}], ("class_member",)),
        ([{"name": "Jay Ushim", "country": "IN"}], ("named_alike",)),
        ([JAY], ()),
    ],
)
def test_why_a_party_is_not_certain_to_be_meant_has_a_name(users: list[dict[str, Any]], doubts: tuple[str, ...]):
    (held,) = determined(REQUIRED, granted("l", *users)).licenses
    assert held.parties.doubts == doubts


def test_a_license_tells_of_a_party_only_where_it_says_somebody_for_its_role():
    told = [determined(REQUIRED, granted("l", *users)).licenses[0].parties.told_of for users in ([], [JAY], [HELLA])]
    assert told == [False, True, True]
    nobody = granted("l", {"undisclosed": True})
    assert not determined(REQUIRED, nobody).licenses[0].parties.told_of
    assert determined(REQUIRED, nobody, end_user=None).licenses[0].parties.told_of
