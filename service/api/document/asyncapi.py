"""The AsyncAPI 3 document: the feed and the webhooks, with the schemas of the OpenAPI document."""

from typing import Any

from service import __version__
from service.api.document import shapes, words

WEBHOOKS = {
    "answer.changed": ("answerChanged", "AnswerChangedMessage", "A watched answer changed."),
    "event.recorded": ("eventRecorded", "EventRecordedMessage", "An event was recorded that a watch waits for."),
}
"""By the type of the message: the operation, the shape, and what it tells."""
TAG = "webhooks"
TAKEN = "Any status from 200 to 299 takes the message; anything else has it sent again."
SIGNED = "Signed as Standard Webhooks asks: webhook-id, webhook-timestamp, webhook-signature."


def webhooks() -> dict[str, Any]:
    """The webhooks of the OpenAPI document, under a tag of their own: generators would put them into a client."""
    return {
        name: {
            "post": {
                "operationId": operation,
                "tags": [TAG],
                "summary": said.rstrip("."),
                "description": f"{said} {SIGNED}",
                "security": [],
                "requestBody": {
                    "description": said,
                    "required": True,
                    "content": {"application/json": {"schema": shapes.ref(model)}},
                },
                "responses": {"2XX": {"description": TAKEN}},
            }
        }
        for name, (operation, model, said) in WEBHOOKS.items()
    }


def document(openapi: dict[str, Any]) -> dict[str, Any]:
    """The whole document. Its schemas are those that the messages lead to."""
    messages = {"event": ("EventRead", "An event, as it is recorded.")}
    messages |= {name.replace(".", "_"): (model, said) for name, (_, model, said) in WEBHOOKS.items()}
    made = {
        "asyncapi": "3.0.0",
        "info": {
            "title": words.TITLE,
            "version": __version__,
            "description": "What the register says by itself: the feed of events, and what watches tell.",
            "license": {"name": words.LICENSE["name"]},
        },
        "defaultContentType": "application/json",
        "channels": {
            "feed": {
                "address": "/v1/feed",
                "title": "Feed of events",
                "description": "Server-sent events: the log position as id, the event as data.",
                "messages": {"event": {"$ref": "#/components/messages/event"}},
            },
            "webhook": {
                "address": None,
                "title": "Webhook of a watch",
                "description": f"The address that a watch names. {SIGNED}",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages if name != "event"},
            },
        },
        "operations": {
            "sendEvent": _sends("feed", ["event"], "Sends each event once, in the order of the log."),
            "tellWatch": _sends("webhook", [name for name in messages if name != "event"], TAKEN),
        },
        "components": {
            "messages": {
                name: {"name": name, "summary": said, "payload": shapes.ref(model)}
                for name, (model, said) in messages.items()
            }
        },
    }
    made["components"]["schemas"] = _schemas(made, openapi["components"]["schemas"])  # type: ignore[index]
    return made


def _sends(channel: str, messages: list[str], said: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": said,
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _schemas(made: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Those that are led to. A discriminator of OpenAPI is an object, which AsyncAPI does not know: `oneOf` tells."""
    used = shapes.reached({"paths": made["components"]["messages"], "components": {"schemas": schemas}})
    return {name: _plain(schemas[name]) for name in sorted(used)}


def _plain(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _plain(part) for name, part in schema.items() if name != "discriminator"}
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema
