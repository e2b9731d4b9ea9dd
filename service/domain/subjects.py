"""What an event names: countries, companies and other things of the register, for finding it again.

Which fields hold a country follows from the catalogue's models: whatever is typed as a country, or as a place that may
be one, wherever it stands.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from service.domain import catalogue
from service.domain.base import stream_of
from service.domain.countries import Country, Place, names

STREAM = re.compile(stream_of(f"({'|'.join(catalogue.NOUNS)})"))
_READ_BY = {one.func for type_ in (Country, Place) for one in get_args(type_) if isinstance(one, AfterValidator)}


class Field:
    """A field of the catalogue: whether it holds a country itself, and the models that may stand in it."""

    def __init__(self, models: tuple[type[BaseModel], ...], *, country: bool) -> None:
        self.models = models
        self.country = country


UNKNOWN = Field((), country=False)
"""A field that the catalogue does not know, such as a parameter of goods: streams may be named in it all the same."""


def subjects_of(stream: str, type_: str, data: Any) -> frozenset[str]:
    """Country codes, and streams: of what it names, and its own.

    What a correction puts in the place of earlier data is data of any type of its noun.
    """
    found = {stream}
    _gather(data, Field((catalogue.TYPES[type_],), country=False), found)
    corrected = data.get("data") if type_ == "record.corrected" else None
    if corrected:
        _gather(corrected, _of_noun(stream.partition("/")[0]), found)
    return frozenset(found)


@cache
def _of_noun(noun: str) -> Field:
    return Field(tuple(model for model in catalogue.TYPES.values() if model.noun == noun), country=False)


def _gather(value: Any, field: Field, found: set[str]) -> None:
    """Adds what a value names."""
    kind = type(value)
    if kind is str:
        if ("/" in value and STREAM.fullmatch(value)) or (field.country and value in names()):
            found.add(value)
    elif kind is dict:
        known = _merged(field.models)
        for name, member in value.items():
            if type(member) in NAMING:
                _gather(member, known.get(name, UNKNOWN), found)
    elif kind is list:
        for member in value:
            _gather(member, field, found)


NAMING = (str, dict, list)


@cache
def _merged(models: tuple[type[BaseModel], ...]) -> Mapping[str, Field]:
    """The fields of what may stand in one place, by name: of a name that several models have, all that they say."""
    merged: dict[str, Field] = {}
    for model in models:
        for name, field in fields(model).items():
            before = merged.get(name, UNKNOWN)
            both = tuple(dict.fromkeys((*before.models, *field.models)))
            merged[name] = Field(both, country=before.country or field.country)
    return merged


@cache
def fields(model: type[BaseModel]) -> Mapping[str, Field]:
    """The fields of a model, by the names that they are written with."""
    return {info.alias or name: _field(info) for name, info in model.model_fields.items()}


def _field(info: FieldInfo) -> Field:
    said = [info.annotation, *info.metadata]
    parts = [part for one in said for part in _parts(one)]
    models = tuple(dict.fromkeys(p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)))
    return Field(models, country=any(isinstance(part, AfterValidator) and part.func in _READ_BY for part in parts))


def _parts(annotation: Any) -> Iterator[Any]:
    """An annotation and all that it is made of: members of unions, of lists, and what constrains them."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
