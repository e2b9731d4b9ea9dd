"""Rule 5: under an affiliates rule the control of a listing passes on to whom listed parties own, whoever it is."""

from decimal import Decimal

from service.domain.parties import Asked, Owner
from tests.answers.facts import Event, announced, period
from tests.domain.restriction.asked import ask, control, known, party

HOLDING = "company/holding"
LISTED = {"only": [{"company": HOLDING}]}
HOLDER = Asked(HOLDING, frozenset(), "CN", label="Holding")
SOMEBODY = party("Somebody Else", "IN")


def owned(percent: int, company: str = "company/unit") -> Asked:
    held = Owner(HOLDER, Decimal(percent), Decimal(percent), events=("owns",), key=HOLDING, of=company)
    return Asked(company, frozenset(), "IN", label="Unit", owners=(held,))


def rule(share: str = "50") -> Event:
    event = announced("fifty", kind="affiliates_rule")
    event["data"]["share_at_least_percent"] = share
    return event


def listing(kind: str = "prohibition") -> Event:
    return announced(f"list-{kind.replace('_', '-')}", kind=kind, end_users=LISTED)


def test_it_reaches_every_party_to_the_transaction():
    facts = known(listing(), rule())
    unit = owned(50)
    assert control(facts, end_user=unit) == control(facts, end_user=SOMEBODY, exporter=unit) == "prohibited"
    assert control(facts, end_user=SOMEBODY, others=(("consignee", unit),)) == "prohibited"
    assert control(facts, end_user=SOMEBODY, exporter=SOMEBODY) == "no_data"


def test_an_end_user_who_is_not_named_may_be_an_affiliate_beside_an_exporter_who_is_none():
    assert control(known(listing(), rule()), exporter=SOMEBODY) == "undetermined"


def test_it_passes_on_the_control_of_the_strictest_listing_and_rests_on_it():
    found = ask(known(listing("licensing"), listing(), rule()), end_user=owned(50))
    (fifty,) = [one for one in found.considered if one.provision.kind == "affiliates_rule"]
    assert (found.control, fifty.passes_on) == ("prohibited", ("prohibition",))
    assert "owns" in fifty.rests_on


def test_a_listing_that_is_not_in_force_passes_nothing_on():
    ended = announced("list", kind="prohibition", in_force=period("2025-04-04", "2025-05-31"), end_users=LISTED)
    facts = known(ended, rule())
    assert [control(facts, day, end_user=owned(50)) for day in ("2025-05-31", "2025-06-01")] == [
        "prohibited",
        "no_data",
    ]


def test_a_company_is_no_affiliate_by_a_share_that_is_too_small():
    assert [control(known(listing(), rule()), end_user=owned(percent)) for percent in (49, 50)] == [
        "no_data",
        "prohibited",
    ]
    assert control(known(listing(), rule("25")), end_user=owned(25)) == "prohibited"
