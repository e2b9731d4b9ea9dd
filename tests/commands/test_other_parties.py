"""The other parties to a transaction, as `lodestone ask --party` names them."""

import pytest

from service.commands.question import option, others_of
from service.errors import InvalidRequest
from service.register.shapes import Question


def test_each_role_has_a_name_or_a_stream_and_a_country():
    found = others_of(["consignee:Nordwall Telekom:China", "purchaser:company/a", "intermediary:A: B & Co:de"])
    assert found == {
        "parties": [
            {"role": "consignee", "name": "Nordwall Telekom", "country": "CN"},
            {"role": "purchaser", "company": "company/a"},
            {"role": "intermediary", "name": "A: B & Co", "country": "DE"},
        ]
    }
    assert len(Question.model_validate({"commodity": {"hs": "850511"}} | found).parties) == 3


def test_a_party_as_json_keeps_its_colons():
    assert others_of(['consignee:{"class": {"country": "IN"}}']) == {
        "parties": [{"role": "consignee", "class": {"country": "IN"}}]
    }


def test_where_none_is_named_nothing_is_asked():
    assert others_of([]) == {}


@pytest.mark.parametrize(
    "written", ["consignee:Nordwall", "consignee:Nordwall:Nowhere", "bank:Nordwall:DE", "consignee:", "x"]
)
def test_a_party_that_cannot_be_read_is_refused_by_its_option(written: str):
    with pytest.raises(InvalidRequest) as refused:
        others_of([written])
    assert refused.value.errors[0].pointer == "--party"


def test_a_fault_of_a_party_is_called_by_the_option():
    assert option("/parties/0/name") == option("/parties") == "--party"
