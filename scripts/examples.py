"""Sends the requests of openapi/examples.json to a register with the seeds' article in it, and keeps the answers there.

An example is written by hand without its `answer`. What differs at each run, such as instants and salted hashes, counts
as no difference, so that a run without a change of the service changes nothing.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from service import seeds
from service.api.document.examples import FILE, JSON
from service.app import create_app
from service.log.database import migrate
from service.log.note import SigningKey
from service.settings import Settings

PATH = Path(__file__).resolve().parent.parent / "openapi"
# Made anew for each register: when it was recorded, and what follows from salts.
NDJSON = "application/x-ndjson"
SIGNED = ("text/plain", "text/calendar")
"""Texts that hold signatures, hashes or instants."""
SCHEMA = "application/schema+json"
BINARY = ("application/zip", "application/octet-stream")
VOLATILE = (
    "recorded_at",
    "made_at",
    "at",
    "took_ms",
    "secrets",
    "next_day",
    "instant",
    "hash",
    "payload_digest",
    "salt",
    "root",
    "old_root",
    "leaf",
    "proof",
)


def main() -> int:
    examples = json.loads((PATH / FILE).read_text(encoding="utf-8"))
    document = json.loads((PATH / "openapi.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, register(f"sqlite:///{folder}/register.db", Path(folder)) as client:
        for example in examples:
            given = answered(client, document, example)
            if given["status"] >= 300:
                named = f"{example['operation']}, {example['name']}"
                sys.exit(f"lodestone: openapi/{FILE}: {named} was refused: {given['body']}")
            others = also(client, document, example)
            if not same(example.get("answer"), given) or example.get("also", {}).keys() != others.keys():
                print(f"lodestone: {example['operation']}, {example['name']}: another answer", file=sys.stderr)
                example.update({"answer": given}, **({"also": others} if others else {}))
    (PATH / FILE).write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


@contextmanager
def register(database_url: str, folder: Path) -> Iterator[TestClient]:
    migrate(database_url)
    (folder / "key").write_text(SigningKey.generate("lodestone.example/log").secret(), encoding="utf-8")
    settings = Settings(database_url=database_url, signing_key_file=folder / "key")
    with TestClient(create_app(settings)) as client:
        log = client.app.state.register.log  # type: ignore[attr-defined]
        seeds.load(log, seeds.read("article"), lambda _done, _of: None)
        yield client


def also(client: TestClient, document: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a GET in the other media types of its operation."""
    method, _, operation = place_of(document, example["operation"])
    offered = operation["responses"]["200"]["content"] if method == "get" and "accept" not in example else {}
    others = [media_type for media_type in offered if media_type not in (JSON, "text/event-stream")]
    found = {one: answered(client, document, {**example, "accept": one}) for one in others if JSON in offered}
    return {one: given["body"] for one, given in found.items() if "body" in given}


def answered(client: TestClient, document: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """The answer that an example is given, as the document can show it: without its body, where that is no text."""
    method, path, operation = place_of(document, example["operation"])
    parameters = dict(example.get("parameters", {}))
    for name in [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]:
        path = path.replace(f"{{{name}}}", str(parameters.pop(name)))
    body = example.get("body")
    headers = {"Content-Type": example.get("media_type", JSON)} if body is not None else {}
    headers |= {"Accept": example["accept"]} if "accept" in example else {}
    content = body if body is None or isinstance(body, str) else json.dumps(body)
    answer = client.request(method, path, params=parameters, content=content, headers=headers)
    media_type = answer.headers["content-type"].partition(";")[0]
    given = {"status": answer.status_code, "media_type": media_type}
    if media_type == SCHEMA:
        # Generators follow a reference wherever it stands, also in an example.
        whole = {name: part for name, part in answer.json().items() if "$ref" not in json.dumps(part)}
        return given | {"body": whole}
    if media_type.endswith("json") and media_type != NDJSON:
        return given | {"body": answer.json()}
    return given if media_type in BINARY else given | {"body": answer.text}


def place_of(document: Mapping[str, Any], name: str) -> tuple[str, str, dict[str, Any]]:
    """The method, the path and the operation of an operationId."""
    found = [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation["operationId"] == name
    ]
    if not found:
        sys.exit(f"lodestone: openapi/{FILE} has an example of {name}, and there is no such operation")
    return found[0]


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same but for what differs at each run."""
    if isinstance(one, dict) and one.get("media_type") in SIGNED:
        return bool(one["media_type"] == other["media_type"] and one["status"] == other["status"])
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same(value, other[name]) for name, value in one.items() if name not in VOLATILE
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


if __name__ == "__main__":
    sys.exit(main())
