"""What is wrong with what was posted: where, as a JSON pointer, and in words of this service."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from service.domain.commodity.match import Commodity
from service.domain.invalid import MOST_ERRORS, field_errors, plain, pointer_of
from service.domain.quantities import Quantity
from service.errors import FieldError


class Granted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["granted"]
    line: int = Field(ge=1, le=9)
    name: Annotated[str, Field(min_length=2, max_length=3)] | int = 1
    more: list[str] = []


class Used(BaseModel):
    type: Literal["used"]
    lines: Annotated[list[int], Field(min_length=1)]


POSTED = TypeAdapter[Any](Annotated[Granted | Used, Field(discriminator="type")])


def told(posted: Any, kind: Any = POSTED, prefix: str = "") -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(posted) if isinstance(kind, type) else kind.validate_python(posted)
    found = field_errors(refused.value, posted, prefix)
    assert all(isinstance(one, FieldError) for one in found)
    return {one.pointer: one.detail for one in found}


@pytest.mark.parametrize(
    ("posted", "errors"),
    [
        ({"type": "granted", "line": 0}, {"/line": "must be at least 1"}),
        ({"type": "granted", "line": 10}, {"/line": "must be at most 9"}),
        ({"type": "granted"}, {"/line": "this field is required"}),
        ({"type": "granted", "line": 1, "colour": 1}, {"/colour": "unknown field"}),
        ({"type": "granted", "line": 1, "more": [5]}, {"/more/0": "must be text"}),
        ({"type": "used", "lines": []}, {"/lines": "must have at least 1 entries"}),
        ({"type": "lost"}, {"/type": "unknown event type"}),
        ({}, {"/type": "the event type is required"}),
    ],
)
def test_an_error_says_where_it_is_and_what_is_asked_for(posted: dict[str, Any], errors: dict[str, str]):
    assert told(posted) == errors
    assert told(posted, prefix="/events/1") == {f"/events/1{at}": words for at, words in errors.items()}


def test_where_a_value_fits_none_of_several_forms_one_sentence_says_what_each_asks_for():
    forms = "must have at least 2 characters; or Input should be a valid integer"
    assert told({"type": "granted", "line": 1, "name": "a"})["/name"].startswith(forms)
    assert told({"type": "granted", "line": 1, "name": []})["/name"] == "must be text; or must be a whole number"


def test_what_every_form_says_is_said_once():
    either = TypeAdapter[Any](list[str] | list[Annotated[str, Field(max_length=1)]])
    assert told([5], either) == {"/0": "must be text"}


def test_no_more_errors_are_told_than_the_limit():
    posted = {"type": "granted", "line": 1, "more": list(range(MOST_ERRORS + 1))}
    assert list(told(posted)) == [f"/more/{number}" for number in range(MOST_ERRORS)]
    assert len(told(posted | {"more": list(range(MOST_ERRORS))})) == MOST_ERRORS


@pytest.mark.parametrize(
    ("posted", "kind", "errors"),
    [
        ({"control_code": "?"}, Commodity, {"/control_code": "not a control code: write it like 1C902 or 3A001.b.2.a"}),
        ({"value": "much", "unit": "KGM"}, Quantity, {"/value": "wrong format; see the API reference"}),
        ({"quantity": {"value": "much", "unit": "KGM"}}, None, {"/quantity/value": "not a number: write it like 1.9"}),
    ],
)
def test_a_text_of_another_form_is_told_with_an_example_where_its_field_has_one(
    posted: Any, kind: type | None, errors: dict[str, str]
):
    class Line(BaseModel):
        quantity: Quantity

    assert told(posted, kind or Line) == errors


def test_of_a_name_that_is_not_plain_nothing_is_repeated():
    posted = {"type": "granted", "line": 1, "<b>": 1, "a b": 2}
    assert told(posted) == {"": "unknown field"}
    assert pointer_of(("data", 0, "a.b-c_D", "<b>", "line")) == "/data/0/a.b-c_D"


@pytest.mark.parametrize(("name", "comes_back"), [("x" * 64, True), ("x" * 65, False), ("", False), (7, True)])
def test_a_name_comes_back_where_it_is_short_and_plain(name: int | str, comes_back: bool):
    assert plain(name) is comes_back
