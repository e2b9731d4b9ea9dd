"""What an event names: derived from the catalogue's models, so that no type is forgotten."""

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel, Field

from service.domain import catalogue
from service.domain.base import Frozen
from service.domain.countries import Country, Place
from service.domain.event_type import EventData
from service.domain.subjects import fields, subjects_of

GOLDEN = Path(__file__).parents[1] / "golden"


def named(type_: str, data: dict[str, Any], stream: str | None = None) -> set[str]:
    stream = stream or f"{type_.partition('.')[0]}/x"
    return set(subjects_of(stream, type_, data)) - {stream}


def test_an_event_names_its_own_stream():
    assert subjects_of("note/x", "note.recorded", {"kind": "other", "text": "a"}) == {"note/x"}


def test_a_thing_is_found_in_a_field_that_no_model_knows():
    assert named("note.recorded", {"elsewhere": [{"x": "company/jay-ushin"}], "y": "IN"}) == {"company/jay-ushin"}


@pytest.mark.parametrize(
    ("scope", "countries"),
    [
        ({"destinations": {"only": ["IN", "group/asean"]}}, {"IN", "group/asean"}),
        ({"destinations": {"except": ["US"]}}, {"US"}),
        ({"destinations": "all"}, set()),
        ({"exporters": {"only": [{"name": "IN", "country": "DE"}]}}, {"DE"}),
        ({"end_users": {"only": [{"class": {"country": "JP"}}]}}, {"JP"}),
        ({"end_users": {"only": [{"company": "company/jay-ushin"}]}}, {"company/jay-ushin"}),
        ({"abroad": {"origin": "KR"}}, {"KR"}),
    ],
)
def test_a_country_is_found_wherever_a_model_says_that_one_stands(scope: dict[str, Any], countries: set[str]):
    data = {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"hs": "8505"}], **scope}}
    assert named("restriction.announced", data) == {"CN", *countries}


def test_two_letters_that_are_no_country_by_their_model_are_none():
    data = {"kind": "other", "text": "IN", "commodities": [{"name": "in", "description": "US"}]}
    assert named("note.recorded", data) == set()


def test_a_correction_names_what_its_new_data_names_in_any_type_of_its_noun():
    event = "0198c0de-0000-4000-8000-000000000001"
    data = {"event": event, "data": {"kind": "meeting", "parties": ["IN", "CN"], "title": "US"}, "effective": "2025"}
    assert named("record.corrected", data, "milestone/m") == {"IN", "CN"}
    assert named("record.corrected", {"event": event}, "milestone/m") == set()
    assert named("record.retracted", {"event": event, "reason": "IN"}, "milestone/m") == set()


def test_a_redacted_event_names_nothing():
    assert named("note.recorded", {"redacted": True}) == set()


def test_things_that_an_event_refers_to_are_named():
    assert named("license.renewed", {"renewed_as": "license/next"}) == {"license/next"}
    assert named("note.recorded", {"kind": "other", "text": "a", "about": ["restriction/m"]}) == {"restriction/m"}


def countries_of(type_: type[BaseModel], seen: tuple[type[BaseModel], ...] = ()) -> set[str]:
    """The paths at which a model's schema says that a country stands, read from its JSON schema."""
    schema = type_.model_json_schema(by_alias=True)
    found: set[str] = set()

    def walk(node: Any, path: str, refs: tuple[str, ...]) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one, path, refs)
        elif isinstance(node, dict):
            if "ISO 3166-1" in node.get("description", "") and node.get("type") == "string":
                found.add(path)
            ref = node.get("$ref")
            if ref and ref not in refs:
                walk(schema["$defs"][ref.rpartition("/")[2]], path, (*refs, ref))
            for name, member in node.get("properties", {}).items():
                walk(member, f"{path}/{name}", refs)
            for key in ("anyOf", "oneOf", "items"):
                walk(node.get(key, []), path, refs)

    walk(schema, "", ())
    return found


def known_paths(model: type[BaseModel], path: str = "", seen: tuple[type[BaseModel], ...] = ()) -> set[str]:
    found = set()
    for name, field in fields(model).items():
        if field.country:
            found.add(f"{path}/{name}")
        for inner in field.models:
            if inner not in seen:
                found |= known_paths(inner, f"{path}/{name}", (*seen, inner))
    return found


@pytest.mark.parametrize("type_", sorted(catalogue.TYPES))
def test_every_field_that_is_documented_as_a_country_is_known_to_the_index(type_: str):
    assert countries_of(catalogue.TYPES[type_]) <= known_paths(catalogue.TYPES[type_])


def test_the_country_of_a_new_event_type_is_found_without_a_word_about_it(monkeypatch: pytest.MonkeyPatch):
    class Leg(Frozen):
        via: Place

    class Sighted(EventData):
        event_type: ClassVar[str] = "note.sighted"
        noun: ClassVar[str] = "note"
        seen_in: Annotated[list[Country] | None, Field(max_length=3)] = None
        legs: dict[str, Any] | list[Leg] | None = None

    monkeypatch.setitem(catalogue.TYPES, "note.sighted", Sighted)
    assert named("note.sighted", {"seen_in": ["BR"], "legs": [{"via": "AR"}]}) == {"BR", "AR"}


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_every_country_code_of_a_golden_event_is_found(file: Path):
    event = json.loads(file.read_text())
    under = {"controller", "issuer", "country", "by", "claimed_by", "destination", "origin", "shipped_from"}

    def codes(value: Any, name: str) -> set[str]:
        if isinstance(value, dict):
            return set().union(*(codes(member, key) for key, member in value.items()))
        if isinstance(value, list):
            return set().union(*(codes(member, name) for member in value))
        return {value} if isinstance(value, str) and name in under and len(value) == 2 else set()

    assert codes(event["data"], "") <= subjects_of(event["stream"], event["type"], event["data"])
