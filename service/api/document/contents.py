"""What stands in a body that is not JSON: lines of JSON, a sheet, a file. Said from the shape that goes as JSON."""

from typing import Any

from service.api.document.shapes import REF
from service.api.http import media, sheet_columns, sheet_rows

EVENT_STREAM = "text/event-stream"
EVENTS = 'id: 7\ndata: {"position": 7, "type": "license.granted", "stream": "license/example"}\n\n'
"""Cut short: the stream of an example would never end."""
BINARY = {"type": "string", "format": "binary"}
FORMS: dict[str, dict[str, Any]] = {
    # Without a type: some read the whole stream as a text, and others each of its events as an object.
    EVENT_STREAM: {
        "description": "Server-sent events. The id of each is its log position, and its data is the event as JSON.",
    },
    "text/calendar": {"type": "string", "description": "A calendar file (iCalendar, RFC 5545), one entry a change."},
    media.PLAIN: {"type": "string", "description": "Text in the form of C2SP: a signed note, a proof or a key."},
    media.ZIP: BINARY
    | {"description": "A ZIP file: the answer, its events, their proofs, the checkpoint and the key."},
    "application/octet-stream": BINARY | {"description": "Hashes of the tree, 32 bytes each, one behind the other."},
    sheet_rows.MEDIA_TYPE: {"type": "string"},
}
BODIES = {
    "postEvents": "One event, or several that are recorded together or not at all.",
    "determine": "One question, several, or a sheet of them.",
    "getEvidence": "One question.",
}
SENT = f"A sheet in UTF-8. Its first line names the columns: {', '.join(sheet_columns.COLUMNS)}, and any of your own."
ANSWERED = f"The same sheet, with these columns behind its own: {', '.join(sheet_columns.ANSWERED)}."


def describe(operations: list[dict[str, Any]], schemas: dict[str, Any]) -> None:
    """Puts a schema with a description on each body that is not JSON."""
    for operation in operations:
        if "requestBody" in operation:
            operation["requestBody"]["description"] = BODIES.get(operation["operationId"], operation["summary"])
            _say(operation["requestBody"]["content"], SENT)
        for response in operation["responses"].values():
            content = response.get("content", {})
            item = _item(content.get(media.JSON, {}).get("schema", {}), schemas)
            _say(content, ANSWERED if item is None else _sheet_of(item, schemas), item)


def _say(content: dict[str, Any], sheet: str, item: str | None = None) -> None:
    for media_type, body in content.items():
        if media_type in FORMS:
            body["schema"] = {"description": sheet} | FORMS[media_type]
            if media_type == EVENT_STREAM:
                body["example"] = EVENTS
        elif media_type == media.NDJSON and item is not None:
            line = {"x-line-schema": {"$ref": REF.format(model=item)}}
            body["schema"] = {"type": "string", "description": f"One JSON object in each line: {item}."} | line


def _item(schema: dict[str, Any], schemas: dict[str, Any]) -> str | None:
    """What a page lists, by the name of its shape."""
    page = schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
    listed = [
        field["items"]["$ref"] for field in page.get("properties", {}).values() if "$ref" in field.get("items", {})
    ]
    return listed[0].rpartition("/")[2] if len(listed) == 1 else None


def _sheet_of(item: str, schemas: dict[str, Any]) -> str:
    forms = schemas[item].get("oneOf", [{"$ref": REF.format(model=item)}])
    columns = schemas[forms[0]["$ref"].rpartition("/")[2]]["properties"]
    return f"A sheet in UTF-8, one line for each {item}. Its first line names the columns: {', '.join(columns)}."
