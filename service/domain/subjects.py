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


def subjects_of(stream: str, type_: str, data: Any) -> frozenset[str]:
    """Country codes, and streams: of what it names, and its own.

    What a correction puts in the place of earlier data is data of any type of its noun.
    """
    models = [catalogue.TYPES[type_]]
    corrected = data.get("data") if type_ == "record.corrected" else None
    found = set(_named(data, Field(tuple(models), country=False)))
    if corrected:
        noun = stream.partition("/")[0]
        of_noun = tuple(model for model in catalogue.TYPES.values() if model.noun == noun)
        found |= set(_named(corrected, Field(of_noun, country=False)))
    return frozenset({*found, stream})


def _named(value: Any, field: Field) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            known = [found for model in field.models if (found := fields(model).get(name))]
            models = tuple(model for one in known for model in one.models)
            yield from _named(member, Field(models, country=any(one.country for one in known)))
    elif isinstance(value, list):
        for member in value:
            yield from _named(member, field)
    elif isinstance(value, str) and (STREAM.fullmatch(value) or (field.country and value in names())):
        yield value


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
