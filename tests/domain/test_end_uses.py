"""Rule 35: civil and military are classes of uses, and a use by another name may belong to either."""

from typing import Any

import pytest

from service.domain.commodity.match import NONE_DEFINED, Commodity
from service.domain.end_uses import among
from service.domain.scope import Scope, Subject, match_scope
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth


@pytest.mark.parametrize(
    ("asked", "listed", "found"),
    [
        ("military", ["military"], YES),
        ("civil", ["military"], NO),
        ("military", ["civil"], NO),
        ("military", ["civil", "military"], YES),
        ("quantum_research", ["military"], POSSIBLE),
        ("quantum_research", ["civil"], POSSIBLE),
        ("quantum_research", ["quantum_research", "military"], YES),
        ("military", ["nuclear"], POSSIBLE),
        ("civil", ["nuclear", "military"], NO),
        ("missiles", ["nuclear"], NO),
        ("missiles", ["nuclear", "military"], POSSIBLE),
    ],
)
def test_an_end_use_that_no_record_classifies_is_possible_against_either_class(
    asked: str, listed: list[str], found: Truth
):
    assert among(asked, listed) is found


def test_a_scope_of_a_class_possibly_reaches_a_use_by_another_name():
    scope: dict[str, Any] = {"commodities": "all", "end_uses": ["military"]}
    asked = Subject(Commodity(name="gallium"), end_use="quantum_research")
    match = match_scope(asked, Scope.model_validate(scope), NONE_DEFINED)
    assert match.truth is POSSIBLE
    assert match.weakest.name == "end_uses"
