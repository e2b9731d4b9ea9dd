"""The OpenAPI document: what it shows is what the service does, and nothing in it hangs in the air."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from scripts.examples import BINARY, SIGNED, VOLATILE, also, answered, place_of, register
from service.api.document import examples, fields, members, shapes, words
from service.api.http.access import open_to_all, scope_needed
from service.app import create_app
from service.domain.catalogue import POSTED, TYPES
from service.settings import Settings
from tests.api.conftest import GOLDEN
from tests.client import TestClient
from tests.document import DOCUMENT

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (path, method, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
EVERY_OPERATION = pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[operation["operationId"] for _, _, operation in OPERATIONS]
)


def at(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def fits(value: Any, schema: dict[str, Any]) -> None:
    whole = schema | {"components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(whole).validate(value)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document, but for what stands in its examples."""
    if isinstance(value, dict):
        yield value
        value = [member for name, member in value.items() if name not in ("example", "examples")]
    for member in value if isinstance(value, list) else ():
        yield from parts(member)


def test_every_schema_is_one_of_the_dialect_of_openapi_3_1():
    """That the document as a whole is one of OpenAPI, `make check` holds, by three validators that take seconds."""
    assert DOCUMENT["openapi"].startswith("3.1.")
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema)


@EVERY_OPERATION
def test_each_part_of_a_path_is_a_parameter_of_its_operation(path: str, method: str, operation: dict[str, Any]):
    parameters = [at(one) for one in operation.get("parameters", ())]
    assert sorted(re.findall(r"{(\w+)}", path)) == sorted(one["name"] for one in parameters if one["in"] == "path")


def test_every_schema_is_led_to_by_an_operation_and_every_reference_leads_to_something():
    assert shapes.reached(DOCUMENT) == set(SCHEMAS)
    for part in parts(DOCUMENT):
        if isinstance(part.get("$ref"), str):
            at(part)


@EVERY_OPERATION
def test_every_operation_has_a_name_a_tag_with_words_and_a_summary(path: str, method: str, operation: dict[str, Any]):
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation["operationId"])
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in [tag["name"] for tag in DOCUMENT["tags"]]
    assert operation["summary"]
    assert operation["description"]


def test_no_two_operations_share_a_name():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_only_tags_in_use_are_listed_each_with_its_words():
    told = [one["post"] for one in DOCUMENT["webhooks"].values()]
    used = {tag for operation in (*(one for _, _, one in OPERATIONS), *told) for tag in operation["tags"]}
    assert {tag["name"] for tag in DOCUMENT["tags"]} == used == set(words.TAGS)
    assert all(tag["description"] for tag in DOCUMENT["tags"])


@EVERY_OPERATION
def test_every_refusal_is_the_one_problem(path: str, method: str, operation: dict[str, Any]):
    refusals = [response for status, response in operation["responses"].items() if status >= "400"]
    assert refusals
    for response in refusals:
        assert at(response)["content"] == {"application/problem+json": {"schema": shapes.ref("Problem")}}


def test_every_problem_fits_one_schema():
    titled = [name for name in SCHEMAS if "Problem" in name or "Error" in name]
    assert titled == ["Problem"]


@EVERY_OPERATION
def test_an_operation_says_what_it_asks_for_to_be_used(path: str, method: str, operation: dict[str, Any]):
    """By schemes that are there; what is open to all says so, instead of leaving it open."""
    assert "security" in operation
    for requirement in operation["security"]:
        assert set(requirement) <= set(DOCUMENT["components"]["securitySchemes"])
    closed = not open_to_all(path)
    assert operation["security"] == ([{words.ACCESS_KEY: []}, {}] if closed else [])
    assert operation.get("x-required-scope") == (scope_needed(method.upper(), path).word if closed else None)
    assert set(operation["responses"]) & {"401", "403"} == ({"401", "403"} if closed else set())


def undescribed() -> list[str]:
    """What stands in the document without a word about it."""
    shapes_ = [name for name, schema in SCHEMAS.items() if not schema.get("description")]
    fields_ = [
        f"{name}.{field}"
        for name, schema in SCHEMAS.items()
        for part in parts(schema)
        for field, said in (part["properties"] if isinstance(part.get("properties"), dict) else {}).items()
        if isinstance(said, dict) and not said.get("description")
    ]
    others = [
        f"{operation['operationId']} {one.get('name', '')}"
        for _, _, operation in OPERATIONS
        for one in (
            *operation.get("parameters", ()),
            *map(at, operation["responses"].values()),
            *([operation["requestBody"]] if "requestBody" in operation else []),
            *(
                at(header)
                for response in operation["responses"].values()
                for header in at(response).get("headers", {}).values()
            ),
        )
        if not one.get("description") or one["description"] == "Successful Response"
    ]
    return shapes_ + fields_ + others


def test_nothing_stands_in_the_document_without_a_description():
    assert undescribed() == []


def test_every_word_of_every_list_of_words_is_explained():
    listed = [part for part in parts([SCHEMAS, DOCUMENT["paths"]]) if isinstance(part.get("enum"), list)]
    assert len(listed) > 60
    assert [part["enum"] for part in listed if len(part.get("x-enum-descriptions", ())) != len(part["enum"])] == []
    assert [part["enum"] for part in listed if part.get("title") not in members.MEMBERS] == []
    for part in listed:
        explained = zip(part["enum"], part["x-enum-descriptions"], strict=True)
        assert all(f"- `{word}`: {said}" in part["description"] for word, said in explained)


def test_no_words_are_explained_that_no_list_has():
    listed = {part["title"] for part in parts([SCHEMAS, DOCUMENT["paths"]]) if isinstance(part.get("enum"), list)}
    assert listed == set(members.MEMBERS)
    assert len(members.BY_WORDS) == len(members.MEMBERS)


def test_a_body_that_is_not_json_says_what_stands_in_it():
    for _, _, operation in OPERATIONS:
        for place in (operation.get("requestBody", {}), *map(at, operation["responses"].values())):
            for media_type, body in place.get("content", {}).items():
                schema = at(body["schema"])
                told = (
                    schema.get("description") or schema.get("items") or "anyOf" in schema or media_type.endswith("json")
                )
                assert told, (operation["operationId"], media_type)


@EVERY_OPERATION
def test_every_operation_has_an_example_of_what_is_sent_and_of_what_is_answered(
    path: str, method: str, operation: dict[str, Any]
):
    """In each media type, but for those that no text can show."""
    answers = [response for status, response in operation["responses"].items() if status < "300"]
    for place in (operation.get("requestBody", {}), *answers):
        for media_type, body in place.get("content", {}).items():
            assert {"example", "examples"} & body.keys() or media_type in BINARY, media_type


def test_no_words_are_kept_for_fields_that_no_shape_has():
    known = {name for name, schema in SCHEMAS.items() for name in (name, *schema.get("properties", {}))}
    kept = {part for name in fields.FIELDS for part in name.split(".")}
    assert kept - known - {"pointer", "ProblemField"} == set()


def test_every_shape_names_its_fields():
    """What writes itself is described by its fields too: a client can do nothing with an object of anything."""
    unnamed = [
        name for name, schema in SCHEMAS.items() if schema.get("type") == "object" and "properties" not in schema
    ]
    assert unnamed == []
    assert {"headline", "control", "turns_on", "sources"} <= set(SCHEMAS["Answer"]["properties"])


def test_a_part_of_an_answer_says_which_fields_are_left_out_where_they_are_null():
    answer, change = SCHEMAS["Answer"], SCHEMAS["TransitionPart"]
    assert "covered" in answer["required"]
    assert {"type": "null"} in answer["properties"]["covered"]["anyOf"]
    assert "unconfirmed_since" not in change["required"]
    left_out = change["properties"]["unconfirmed_since"]
    assert (left_out["type"], left_out["format"]) == ("string", "date")
    assert "anyOf" not in left_out


def test_a_bound_of_a_parameter_is_a_word_of_json_schema():
    """Of a bound on a union the framework writes its own word."""
    schemas = [one["schema"] for _, _, operation in OPERATIONS for one in operation.get("parameters", ())]
    assert [part for schema in schemas for part in parts(schema) if {"ge", "le", "gt", "lt"} & part.keys()] == []


def test_no_form_of_a_union_is_a_constant():
    """Generators of clients raise on it."""
    forms = [form for part in parts(SCHEMAS) for name in ("anyOf", "oneOf") for form in part.get(name, ())]
    assert len(forms) > 100
    assert [form for form in forms if "const" in form] == []


def test_posted_events_are_told_apart_by_their_type():
    posted = SCHEMAS["PostedEvent"]
    assert posted["discriminator"]["propertyName"] == "type"
    assert set(posted["discriminator"]["mapping"]) == set(POSTED)
    assert sorted(posted["discriminator"]["mapping"].values()) == sorted(form["$ref"] for form in posted["oneOf"])


def test_recorded_events_are_told_apart_by_their_type():
    read = SCHEMAS["EventRead"]
    assert read["discriminator"]["propertyName"] == "type"
    assert set(read["discriminator"]["mapping"]) == set(TYPES)
    assert sorted(read["discriminator"]["mapping"].values()) == sorted(form["$ref"] for form in read["oneOf"])
    for type_, target in read["discriminator"]["mapping"].items():
        properties = at({"$ref": target})["properties"]
        assert properties["type"]["const"] == type_
        assert properties["data"]["oneOf"][0] == shapes.ref(TYPES[type_].__name__)


@pytest.mark.parametrize("type_", [name for name in POSTED if (GOLDEN / f"{name}.json").is_file()])
def test_every_golden_event_fits_the_document_and_fits_one_type_alone(type_: str):
    event = json.loads((GOLDEN / f"{type_}.json").read_text())
    fits(event, SCHEMAS["PostedEvent"])
    with pytest.raises(jsonschema_rs.ValidationError):
        fits(event | {"type": "note.imagined"}, SCHEMAS["PostedEvent"])
    with pytest.raises(jsonschema_rs.ValidationError):
        fits(event | {"data": event["data"] | {"imagined": 1}}, SCHEMAS["PostedEvent"])


def holds(shown: Any, given: Any, where: str = "") -> None:
    """All that is shown is given, at the same place; but for what differs at each run, where the kind is the same."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert name in given, f"{where}/{name}"
            if name in VOLATILE:
                assert type(given[name]) is type(value), f"{where}/{name}"
            else:
                holds(value, given[name], f"{where}/{name}")
    elif isinstance(shown, list):
        assert len(shown) == len(given), where
        for index, value in enumerate(shown):
            holds(value, given[index], f"{where}/{index}")
    else:
        assert shown == given, where


def shown_as(example: dict[str, Any]) -> dict[str, Any]:
    """An example as the document shows it: what is sent, and what is answered to it."""
    _, _, operation = place_of(DOCUMENT, example["operation"])
    name, status = example["name"], str(example["answer"]["status"])
    found = {
        parameter["name"]: parameter["examples"][name]["value"]
        for parameter in operation.get("parameters", ())
        if name in parameter.get("examples", {})
    }
    sent: dict[str, Any] = {"operation": example["operation"], "parameters": found}
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if name in content.get("examples", {}):
            sent |= {"media_type": media_type, "body": content["examples"][name]["value"]}
    media_type = example["answer"]["media_type"]
    content = operation["responses"][status]["content"][media_type]
    told = {"media_type_of_answer": media_type, "status": int(status), "schema": content["schema"]}
    shown = {"shown": content["examples"][name]["value"]} if media_type not in BINARY else {}
    return sent | {"accept": example["accept"]} | told | shown if "accept" in example else sent | told | shown


def test_every_example_is_answered_as_the_document_shows(database_url: str, tmp_path: Path):
    """In the order in which they were written: the later ones ask about what the earlier ones posted."""
    with register(database_url, tmp_path) as client:
        for kept in examples.kept():
            example = shown_as(kept)
            given = answered(client, DOCUMENT, example)
            told = (given["status"], given["media_type"])
            assert told == (example["status"], example["media_type_of_answer"]), (kept["operation"], given)
            if "shown" in example and given["media_type"] not in SIGNED:
                holds(example["shown"], given["body"], f"{kept['operation']} {kept['name']}")
                fits(given["body"], example["schema"])
            assert also(client, DOCUMENT, kept).keys() == kept.get("also", {}).keys()


def test_the_document_shows_the_examples_that_are_kept_and_no_others():
    shown = {
        (operation["operationId"], name)
        for _, _, operation in OPERATIONS
        for part in parts(operation)
        for name in (part["examples"] if isinstance(part.get("examples"), dict) else ())
    }
    kept = examples.kept()
    assert shown == {(example["operation"], example["name"]) for example in kept}
    assert len(kept) >= 30
    assert {"postEvents", "determine", "getCountryStatus", "listEvents"} <= {one["operation"] for one in kept}


@EVERY_OPERATION
def test_every_link_leads_to_an_operation_and_to_its_parameters(path: str, method: str, operation: dict[str, Any]):
    for response in operation["responses"].values():
        for link in response.get("links", {}).values():
            _, _, target = place_of(DOCUMENT, link["operationId"])
            assert set(link["parameters"]) <= {parameter["name"] for parameter in target["parameters"]}


def test_every_pattern_is_one_that_javascript_reads_too():
    """Which knows fewer escapes, where a pattern is read with the flag `u`."""
    patterns = [part["pattern"] for part in parts(SCHEMAS) if isinstance(part.get("pattern"), str)]
    assert len(patterns) > 20
    for pattern in patterns:
        assert re.findall(r"\\[^]\\^$.|?*+(){}/xudDwWsSbBnrtfv[]", pattern) == [], pattern


def test_what_is_posted_leads_on_to_what_was_recorded():
    _, _, operation = place_of(DOCUMENT, "postEvents")
    assert {link["operationId"] for link in operation["responses"]["201"]["links"].values()} >= {
        "getEvent",
        "listEvents",
    }


def test_the_schema_of_an_event_type_is_an_object_as_the_document_says(sqlite_url: str):
    with TestClient(create_app(Settings(database_url=sqlite_url))) as client:
        answer = client.get("/v1/schemas/license.granted/1")
        responses = client.get("/openapi.json").json()["paths"]["/v1/schemas/{type}/{version}"]["get"]["responses"]
    told = responses["200"]["content"][answer.headers["content-type"].partition(";")[0]]["schema"]
    jsonschema_rs.validate(told, answer.json())
