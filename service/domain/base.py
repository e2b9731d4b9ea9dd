"""What every recorded value is made of: frozen models that refuse what they do not know, and bounded plain text."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
LARGEST_INTEGER = 2**53 - 1


class Frozen(BaseModel):
    """Unknown fields are refused; nothing is coerced ("2" is no number)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, ser_json_inf_nan="null")


def fields_schema(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """The JSON schema of a model by its fields: of one that writes itself, pydantic knows only that it is an object."""
    return handler({name: part for name, part in schema.items() if name != "serialization"})


class Sparse(Frozen):
    """Written back as it was stated: a field that was left out stays out."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return fields_schema(schema, handler)

    @model_serializer(mode="wrap")
    def _as_stated(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        stated = {type(self).model_fields[name].alias or name for name in self.model_fields_set} | self.model_fields_set
        return {name: value for name, value in written.items() if name in stated}


def fields_of(type_: type[Any]) -> list[str]:
    """The fields of a model as they are written. What is no model has none."""
    fields = type_.model_fields if issubclass(type_, BaseModel) else {}
    return [field.alias or name for name, field in fields.items()]


def _plain(text: str) -> str:
    if CONTROL_CHARACTERS.search(text):
        raise ValueError("must not contain control characters other than tab and line breaks")
    if LONE_SURROGATE.search(text):
        raise ValueError("contains a lone surrogate, which is not a character")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _one_line(text: str) -> str:
    if not text.isprintable() and any(character in text for character in "\n\r\t\u2028\u2029"):
        raise ValueError("must be one line without tabs")
    return _plain(text)


Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_one_line)]
"""A name, a title, a reference: one line of at most 500 characters."""

Passage = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_plain)]
"""A quotation or a remark: at most 20,000 characters."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,100}$")]
"""A word of the project's own vocabulary, such as a commodity's name: `rare_earth_magnets`."""

Whole = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
EventId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


def stream_of(noun: str) -> str:
    """The pattern of a stream's name, `noun/slug`."""
    return rf"^{noun}/[a-z0-9-]{{1,100}}$"
