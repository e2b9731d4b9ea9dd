"""The times of a page: the day that is asked about, and what was known or public by then. They stand in its address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator
from sqlalchemy import Connection

from service.api.http.parameters import Strict, Text
from service.api.http.register import Register
from service.register.event_sentence import Sentences
from service.register.known import Known
from service.register.shapes import KnownAt


def _none(sent: object) -> object:
    """An empty field of a form is one that nobody filled in."""
    return None if sent == "" else sent


Field = Annotated[Text | None, BeforeValidator(_none)]


class Moments(Strict):
    on: Field = None
    public_by: Field = None
    known_at: Field = None

    def given(self) -> dict[str, str]:
        return {name: value for name in Moments.model_fields if (value := getattr(self, name))}

    def as_the_api_takes_them(self) -> dict[str, str]:
        return {"as_of" if name == "on" else name: value for name, value in self.given().items()}


Asked = Annotated[Moments, Query()]


@dataclass(frozen=True)
class Reading:
    """The register as it is read for one page."""

    connection: Connection
    on: date
    today: date
    at: KnownAt
    known: Known
    sentences: Sentences


@contextmanager
def reading(register: Register, moments: Moments) -> Iterator[Reading]:
    """Raises InvalidRequest, PositionAhead."""
    on, today = register.day_of(moments.on, "on"), register.today()
    with register.reading() as connection:
        at = register.known_at(connection, moments.known_at, public_by=moments.public_by)
        known = Known(connection, at)
        yield Reading(connection, on, today, at, known, Sentences(connection, at.seen, on))
