"""The other parties to a transaction, as options of `lodestone ask` name them."""

import pytest

from service.commands.question import OPTIONS, others_of
from service.domain.participants import ROLES
from service.errors import InvalidRequest
from service.register.shapes import Question


def test_each_role_has_a_name_or_a_stream_and_a_country():
    found = others_of(
        {"consignee": ("Nordwall Telekom", "CN"), "purchaser": ("company/a", None), "intermediary": (None, None)}
    )
    assert found == {
        "parties": [
            {"role": "consignee", "name": "Nordwall Telekom", "country": "CN"},
            {"role": "purchaser", "company": "company/a"},
        ]
    }
    assert len(Question.model_validate({"commodity": {"hs": "850511"}} | found).parties) == 2


def test_where_none_is_named_nothing_is_asked():
    assert others_of(dict.fromkeys(ROLES, (None, None))) == {}


def test_a_name_without_a_country_is_refused_by_its_option():
    with pytest.raises(InvalidRequest) as refused:
        others_of({"consignee": ("Nordwall Telekom", None)})
    assert "--consignee-country" in str(refused.value.errors)


def test_every_role_is_an_option():
    assert {f"{role}{part}" for role in ROLES for part in ("", "-country")} <= OPTIONS
