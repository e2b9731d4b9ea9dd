"""What is told stands in the OpenAPI document, as webhooks, and in the AsyncAPI document, beside the feed."""

import json
from typing import Any, get_args

from jsonschema_rs import Draft202012Validator

from service.api.document.asyncapi import WEBHOOKS, document
from service.api.watch_shapes import Message
from service.app import create_app
from service.settings import Settings
from tests.answers import facts
from tests.client import TestClient
from tests.document import DOCUMENT
from tests.feeds.watched import TO_INDIA

ASYNCAPI = document(DOCUMENT)


def test_every_message_stands_in_both_documents():
    (union, _) = get_args(Message)
    shapes = {model.__name__ for model in get_args(union)}
    assert {model for _, model, _ in WEBHOOKS.values()} == shapes
    assert set(DOCUMENT["webhooks"]) == set(WEBHOOKS)
    assert [one["post"]["tags"] for one in DOCUMENT["webhooks"].values()] == [["webhooks"]] * len(WEBHOOKS)
    told = {one["payload"]["$ref"].rpartition("/")[2] for one in ASYNCAPI["components"]["messages"].values()}
    assert told == shapes | {"EventRead"}


def test_the_async_document_has_every_schema_that_it_leads_to_and_no_others():
    text = json.dumps(ASYNCAPI)
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == set(ASYNCAPI["components"]["schemas"])


def test_what_is_told_and_fed_fits_its_schema(sqlite_url: str):
    with TestClient(create_app(Settings(database_url=sqlite_url))) as client:
        for name, ask in (("answer", {"determination": TO_INDIA}), ("events", {"events": {}})):
            assert client.post("/v1/watches", json={"id": name, "ask": ask}).status_code == 201
        client.post("/v1/events", json=facts.announced("magnets"))
        client.app.state.evaluator.run()  # type: ignore[attr-defined]  # the application's own
        for watch, message in (("answer", "answer_changed"), ("events", "event_recorded")):
            (told,) = client.get(f"/v1/watches/{watch}/changes").json()["changes"]
            fits(told, message)
        fits(client.get("/v1/events").json()["events"][0], "event")


def fits(value: Any, message: str) -> None:
    schema = {**ASYNCAPI["components"]["messages"][message]["payload"], "components": ASYNCAPI["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []
