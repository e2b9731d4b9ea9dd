"""What a provision is said to be, where sources or courses of events leave several things possible."""

from typing import Any

from service.domain.restriction.description import Description, any_of_these
from service.domain.restriction.fold import restriction_timeline
from service.domain.scope import Scope
from tests.answers.facts import reported
from tests.domain.restriction.told import ledger_of, told

MAGNETS, GALLIUM = (Scope.model_validate({"commodities": [{"name": name}]}) for name in ("magnets", "gallium"))


def test_each_of_several_descriptions_stays_possible_in_the_words_of_the_first():
    one = Description(("licensing",), (MAGNETS,), "Part 1", None, ("50",), (), ("general",))
    other = Description(("licensing", "prohibition"), (GALLIUM,), "Part 2", None, ("50", "25"), (), ("exception",))
    found = any_of_these([one, other])
    assert (found.kinds, found.scopes) == (("licensing", "prohibition"), (MAGNETS, GALLIUM))
    assert (found.shares_at_least, found.bars_license_types) == (("50", "25"), ("general", "exception"))
    assert found.label == "Part 1"


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
