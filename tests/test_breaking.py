"""What breaks a client that was written against the last release, and what does not."""

import copy
import json
from typing import Any

import pytest

from scripts.breaking import breaking, undeclared

COLOR = {"type": "string", "enum": ["red", "green"]}
DOCUMENT: dict[str, Any] = {
    "info": {"version": "1"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 10}},
                    {"name": "color", "in": "query", "schema": {"$ref": "#/components/schemas/Color"}},
                ],
                "responses": {
                    "200": {
                        "headers": {"Position": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
                "security": [{"key": []}, {}],
            },
            "post": {
                "operationId": "postThing",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}},
                        "text/csv": {"schema": {"type": "string"}},
                    },
                },
                "responses": {"201": {"content": {"application/json": {"schema": {"type": "string"}}}}},
            },
        }
    },
    "components": {
        "responses": {"NotFound": {"content": {"application/json": {"schema": {"type": "object"}}}}},
        "schemas": {
            "Color": COLOR,
            "Thing": {
                "type": "object",
                "required": ["id", "size"],
                "properties": {
                    "id": {"type": "string"},
                    "size": {"type": "integer"},
                    "color": {"$ref": "#/components/schemas/Color"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            },
            "NewThing": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 10},
                    "made_of": {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Color"}]},
                    "weight": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                },
            },
        },
    },
}
GET, POST = ("paths", "/things", "get"), ("paths", "/things", "post")
THING, NEW = ("components", "schemas", "Thing"), ("components", "schemas", "NewThing")
LIMIT, NAME = (*GET, "parameters", 0), (*NEW, "properties", "name")
BODY = (*POST, "requestBody", "content")
GONE = object()


def changed(*steps: Any, to: Any) -> dict[str, Any]:
    """The document with another value at a place, or with nothing there."""
    document = copy.deepcopy(DOCUMENT)
    here: Any = document
    for step in steps[:-1]:
        here = here[step]
    if to is GONE:
        del here[steps[-1]]
    else:
        here[steps[-1]] = to
    return document


BREAKS = [
    (("paths", "/things"), GONE, "GET /things: removed"),
    (POST, GONE, "POST /things: removed"),
    ((*GET, "operationId"), "getThings", "GET /things: operationId listThings is getThings"),
    ((*GET, "parameters", 1), GONE, "GET /things: query parameter color: removed"),
    ((*LIMIT, "required"), True, "GET /things: query parameter limit: required"),
    ((*GET, "parameters", 0, "schema", "maximum"), 9, "GET /things: query parameter limit: maximum 10 is 9"),
    ((*GET, "parameters", 0, "schema", "minimum"), 2, "GET /things: query parameter limit: minimum 1 is 2"),
    ((*GET, "parameters", 0, "schema", "type"), "string", "GET /things: query parameter limit: integer is string"),
    ((*GET, "security"), [{"key": []}], "GET /things: security {}: no longer enough"),
    ((*GET, "responses", "200"), GONE, "GET /things: answer 200: removed"),
    ((*GET, "responses", "200", "headers"), {}, "GET /things: answer 200, header Position: removed"),
    ((*THING, "properties", "size"), GONE, "GET /things: answer 200/size: removed"),
    ((*THING, "required"), ["id"], "GET /things: answer 200/size: may be left out"),
    ((*THING, "properties", "size", "type"), "string", "GET /things: answer 200/size: integer is string"),
    ((*THING, "properties", "size", "type"), "number", "GET /things: answer 200/size: integer is number"),
    (
        (*THING, "properties", "size"),
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        'GET /things: answer 200/size: may be "null"',
    ),
    (("components", "schemas", "Color", "enum"), ["red"], 'GET /things: query parameter color: no longer "green"'),
    (("components", "schemas", "Color", "enum"), GONE, "GET /things: answer 200/color: any words"),
    (NAME, GONE, "POST /things: body/name: removed"),
    ((*NAME, "maxLength"), 9, "POST /things: body/name: maxLength 10 is 9"),
    ((*NAME, "minLength"), 1, "POST /things: body/name: minLength None is 1"),
    ((*NAME, "pattern"), "^a", "POST /things: body/name: pattern None is ^a"),
    ((*NAME, "enum"), ["a"], "POST /things: body/name: only listed words"),
    ((*NEW, "required"), ["name", "weight"], "POST /things: body/weight: required"),
    ((*NEW, "properties", "weight"), {"type": "integer"}, 'POST /things: body/weight: no longer "null"'),
    ((*NEW, "properties", "made_of", "oneOf", 1), GONE, "POST /things: body/made_of: no longer Color"),
    ((*BODY, "text/csv"), GONE, "POST /things: body, text/csv: removed"),
    ((*GET, "requestBody"), {"required": True, "content": {}}, "GET /things: a body is required"),
    (
        (*GET, "parameters", 2),
        {"name": "as_of", "in": "query", "required": True},
        "GET /things: query parameter as_of: required",
    ),
]


@pytest.mark.parametrize(("place", "value", "told"), BREAKS, ids=[case[2] for case in BREAKS])
def test_what_a_client_relies_on_may_not_change(place: tuple[Any, ...], value: Any, told: str):
    if place == (*GET, "parameters", 2):
        after = changed(*GET, "parameters", to=[*DOCUMENT["paths"]["/things"]["get"]["parameters"], value])
    else:
        after = changed(*place, to=value)
    assert told in breaking(DOCUMENT, after)


HARMLESS = [
    (("paths", "/others"), DOCUMENT["paths"]["/things"]),
    ((*GET, "parameters", 0, "schema", "maximum"), 11),
    ((*GET, "parameters", 0, "schema", "maximum"), GONE),
    ((*GET, "parameters", 0, "schema", "minimum"), 0),
    ((*GET, "parameters", 0, "description"), "How many."),
    ((*GET, "responses", "404"), GONE),
    ((*GET, "responses", "429"), {"description": "Slower"}),
    ((*GET, "responses", "200", "headers", "ETag"), {}),
    ((*GET, "security"), []),
    ((*GET, "tags"), ["things"]),
    ((*THING, "properties", "weight"), {"type": "integer"}),
    ((*THING, "required"), ["id", "size", "color"]),
    ((*THING, "properties", "note"), {"type": "string"}),
    (("components", "schemas", "Color", "enum"), ["red", "green", "blue"]),
    ((*NAME, "maxLength"), 11),
    ((*NEW, "properties", "extra"), {"type": "string"}),
    ((*NEW, "properties", "name"), {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ((*NEW, "properties", "made_of", "oneOf"), [{"type": "string"}, {"$ref": "#/components/schemas/Color"}, {}]),
    (
        (*NEW, "properties", "made_of", "oneOf"),
        [{"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"$ref": "#/components/schemas/Color"}],
    ),
    ((*NEW, "required"), []),
    ((*BODY, "application/x-ndjson"), {"schema": {"type": "string"}}),
    (
        (*GET, "parameters"),
        [*DOCUMENT["paths"]["/things"]["get"]["parameters"], {"name": "after", "in": "query", "schema": {}}],
    ),
]


@pytest.mark.parametrize(("place", "value"), HARMLESS, ids=["/".join(map(str, case[0])) for case in HARMLESS])
def test_what_no_client_relies_on_may_change(place: tuple[Any, ...], value: Any):
    assert breaking(DOCUMENT, changed(*place, to=value)) == []


def test_a_constant_is_the_same_as_a_list_of_one_word():
    place = (*NEW, "properties", "made_of", "oneOf")
    before = changed(*place, to=[{"type": "string", "const": "all"}, {"type": "array"}])
    after = changed(*place, to=[{"type": "string", "enum": ["all"]}, {"type": "array"}])
    assert breaking(before, after) == breaking(after, before) == []
    other = changed(*place, to=[{"type": "string", "enum": ["none"]}, {"type": "array"}])
    assert breaking(before, other) == ['POST /things: body/made_of: no longer "all"']


def test_a_document_breaks_nothing_of_itself_even_where_a_shape_holds_itself():
    assert breaking(DOCUMENT, copy.deepcopy(DOCUMENT)) == []


def test_a_shape_deep_inside_is_compared_too():
    nested = {
        "type": "array",
        "items": {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Color"}}},
    }
    before = changed(*THING, "properties", "deep", to=nested)
    after = json.loads(json.dumps(before).replace('"inner"', '"outer"'))
    assert breaking(before, after) == ["GET /things: answer 200/deep/*/inner: removed"]


def test_a_declared_change_passes_with_its_reason_and_only_while_it_is_one():
    found = ["GET /things: removed"]
    declaration = {"change": found[0], "reason": "Nobody asked for them."}
    assert undeclared(found, [declaration]) == []
    assert undeclared(found, []) == ["breaks clients: GET /things: removed"]
    assert undeclared([], [declaration]) == ["declared, and no such change: GET /things: removed"]
    assert undeclared(found, [declaration | {"reason": " "}]) == ["declared without a reason: GET /things: removed"]
