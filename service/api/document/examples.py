"""Examples that were sent, and the answers that were given: openapi/examples.json, written by scripts/examples.py."""

import json
from pathlib import Path
from typing import Any

FILE = "examples.json"
JSON = "application/json"


def kept() -> list[dict[str, Any]]:
    """In the order in which they were sent, to a register with the seeds' article in it. None where none came along."""
    package = Path(__file__).parents[2]
    for folder in (package / "_openapi", package.parent / "openapi"):
        if (folder / FILE).is_file():
            found: list[dict[str, Any]] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return found
    return []


def add(paths: dict[str, Any]) -> None:
    """Each example stands under one name with its parameters, with its body and with the answer that it was given."""
    operations = {operation["operationId"]: operation for path in paths.values() for operation in path.values()}
    for example in kept():
        operation = operations.get(example["operation"])
        if operation is None:
            continue
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in example.get("parameters", {}):
                # One alone and several exclude each other.
                parameter.pop("example", None)
                _put(parameter, example, example["parameters"][parameter["name"]])
        if "body" in example:
            _put(operation["requestBody"]["content"][example.get("media_type", JSON)], example, example["body"])
        if "answer" in example:
            _add_answer(operation, example)


def _add_answer(operation: dict[str, Any], example: dict[str, Any]) -> None:
    answer = example["answer"]
    response = operation["responses"].get(str(answer["status"]), {})
    content = response.get("content", {}).get(answer["media_type"])
    if content is not None and "body" in answer:
        _put(content, example, answer["body"])
    for media_type, body in example.get("also", {}).items():
        if media_type in response.get("content", {}):
            _put(response["content"][media_type], example, body)


def _put(place: dict[str, Any], example: dict[str, Any], value: Any) -> None:
    place.setdefault("examples", {})[example["name"]] = {"summary": example["summary"], "value": value}
