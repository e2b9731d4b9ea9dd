"""What a document may be at the most, read without HTTP: by how it is written first, and then by what it holds."""

import json
from typing import Any

import pytest

from service.errors import MalformedRequest
from service.register.strict_json import Most, loads

MOST = Most(levels=2, characters=12, values=4)


@pytest.mark.parametrize(
    "document",
    [
        [["a"]],
        {"a": {"b": 1}},
        [1, 2, 3],
        {"a": 1, "b": 2, "c": 3},
        "twelve signs",
        ["[[[{{{,,,"],
        [[], []],
    ],
)
def test_a_document_within_its_bounds_is_read_whatever_marks_its_texts_hold(document: Any):
    assert loads(json.dumps(document).encode(), MOST) == document


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ([[["a"]]], "nests deeper than 2 levels"),
        ({"a": {"b": {"c": 1}}}, "nests deeper than 2 levels"),
        ([1, 2, 3, 4], "more than 4 values"),
        ({"a": 1, "b": [2, 3]}, "more than 4 values"),
        ("thirteen sign", "more than 12 characters"),
    ],
)
def test_a_document_past_one_of_its_bounds_is_refused(document: Any, detail: str):
    with pytest.raises(MalformedRequest) as refused:
        loads(json.dumps(document, separators=(",", ":")).encode(), MOST)
    assert detail in str([refused.value.detail, *(one.detail for one in refused.value.errors)])
