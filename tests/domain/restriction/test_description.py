"""What a provision is said to be, where sources or courses of events leave several things possible."""

from typing import Any

from service.domain.restriction.description import Description, any_of_these
from service.domain.restriction.fold import restriction_timeline
from service.domain.scope import Scope
from tests.answers.facts import announced, period, reported
from tests.domain.restriction.told import act, announcement, ledger_of, report, suspension, told

MAGNETS, GALLIUM = (Scope.model_validate({"commodities": [{"name": name}]}) for name in ("magnets", "gallium"))


def test_each_of_several_descriptions_stays_possible_in_the_words_of_the_first():
    one = Description(("licensing",), (MAGNETS,), "Part 1", None, ("50",), (), ("general",))
    other = Description(("licensing", "prohibition"), (GALLIUM,), "Part 2", None, ("50", "25"), (), ("exception",))
    found = any_of_these([one, other])
    assert (found.kinds, found.scopes) == (("licensing", "prohibition"), (MAGNETS, GALLIUM))
    assert (found.shares_at_least, found.bars_license_types) == (("50", "25"), ("general", "exception"))
    assert found.label == "Part 1"


def test_a_provision_is_all_that_its_announcement_says():
    event = announced("r", kind="quota", in_force=period("2025-01-01"))
    stated: dict[str, Any] = {
        "instrument": {"id": "mofcom-18", "title": "Announcement 18", "number": "18/2025", "authority": "MOFCOM"},
        "provision": "Part 1",
        "volume": [{"period": period("2025-01-01", "2025-12-31"), "quantity": {"value": "10", "unit": "TNE"}}],
        "bars_license_types": ["general"],
    }
    event["data"] |= stated
    said = told(event).as_first_described
    assert said.instrument is not None
    assert (said.kinds, said.label, said.instrument.number) == (("quota",), "Part 1", "18/2025")
    assert [(one.quantity.value, one.quantity.unit) for one in said.volumes] == [("10", "TNE")]
    assert (said.bars_license_types, said.shares_at_least) == (("general",), ())
    assert [line.name for scope in said.scopes for line in scope.named_goods()] == ["rare_earth_magnets"]


def test_an_affiliates_rule_says_from_which_share_on_it_reaches():
    event = announced("r", kind="affiliates_rule")
    event["data"]["share_at_least_percent"] = "50"
    assert told(event).as_first_described.shares_at_least == ("50",)


def test_what_a_lower_tier_says_otherwise_is_told_with_its_reason():
    found = told(
        announcement(),
        suspension("2025-05-01", "2025-12-31"),
        report("in_force", "2025-06-01", "press_named"),
        act("repealed", "2025-07-01", tier="press_named"),
    )
    assert [(one.reason, one.conflicting) for one in found.set_aside] == [
        ("a higher tier set the state that it would undo", True),
        ("it says in force; a higher-tier source says suspended", True),
    ]


def test_what_nobody_calls_a_restriction_of_some_kind_and_country_is_none():
    described: dict[str, Any] = {
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [{"name": "magnets"}]},
    }
    assert told(reported("r", "in_force", "2025-06-01", **described)).controller == "CN"
    for missing in ("kind", "controller"):
        less = {name: value for name, value in described.items() if name != missing}
        assert restriction_timeline(ledger_of(reported("r", "in_force", "2025-06-01", **less))) is None
