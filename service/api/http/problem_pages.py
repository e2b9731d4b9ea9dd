"""What a problem's page says beyond its meaning: what to do, and a request that is refused so, with its answer."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = "problems.json"
SAME_AGAIN = "Send the same request again after the seconds of Retry-After."
READ_FIRST = "Read the stream again, decide again, and send the request with its new version."
REMEDIES = {
    "internal": "Send the request again. If it fails again, tell the operator the X-Request-Id of the response.",
    "refused": "Read the detail of the response: it says what is wrong.",
    "malformed-request": "Check the body with a JSON tool. Write decimals as strings and send each field once.",
    "unauthorized": "Ask the operator for an access key, and send it as Authorization: Bearer <key>.",
    "forbidden": "Ask the operator for a key with the scope that the detail names.",
    "not-found": "Check the spelling of the id. A list, such as /v1/licenses, shows what is recorded.",
    "method-not-allowed": "Use one of the methods in the Allow header.",
    "not-acceptable": "Ask for one of the media types that the detail lists, or leave the Accept header out.",
    "precondition-failed": READ_FIRST,
    "position-not-reached": SAME_AGAIN,
    "body-too-large": "Send fewer events or questions in one request. `lodestone screen` splits a sheet by itself.",
    "uri-too-long": "Use fewer or shorter parameters, or ask by POST /v1/determinations.",
    "unsupported-media-type": "Set the Content-Type header to one of the media types that the detail lists.",
    "invalid-request": "Correct each field in `errors`. Its pointer says where it is, and its detail what it must be.",
    "key-reused": "Send the request with a new Idempotency-Key.",
    "position-ahead": "Use a position that the register has reached: the Position header of each response says it.",
    "too-many-requests": f"{SAME_AGAIN} Put several questions into one request.",
    "headers-too-large": "Send fewer or shorter headers.",
    "conflict": "Read what is recorded, and decide again.",
    "version-conflict": READ_FIRST,
    "id-conflict": "For a new event, use a new id. To repeat the first one, send exactly the same content.",
    "partly-recorded": "Leave out the events that are recorded, and send the others.",
    "nothing-to-act-on": "Record the thing first, for example with restriction.announced or license.granted.",
    "no-such-line": "Use a line number of the license, or correct the license first.",
    "already-registered": "Use the company that is registered. Add names and numbers with company.identified.",
    "extension-shortens": "To end it earlier, record an amendment, or correct the event that was wrong.",
    "condition-failed": "Read the events after your position, decide again, and send a new condition.",
    "request-running": "Wait a moment, and send the same request with the same Idempotency-Key.",
    "unknown-event": "Send the correction to the stream of the event that it names. `GET /v1/events/{id}` shows it.",
    "unavailable": SAME_AGAIN,
    "outcome-unknown": "Send the same request again, with the same ids: what was recorded is not recorded twice.",
    "took-too-long": "Ask for less: a smaller page, fewer questions, or one controlling country.",
    "tampered": "Stop writing. `lodestone verify` says where the log differs; restore it from a backup.",
    "request-timeout": "Send the whole request sooner: check the connection, or send a smaller body.",
    "too-broad": "Ask for less at once: one controlling country, one kind of goods, or a smaller page.",
    "watch-exists": "Use the watch that exists, or give the new one another id.",
    "too-many-watches": "Delete a watch that is not needed any more.",
    "too-many-connections": "Close connections that are not needed, and connect again a little later.",
}


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By the problem: a request, and the problem that it was answered with. None where none came along."""
    package = Path(__file__).parents[2]
    for folder in (package / "_openapi", package.parent / "openapi"):
        if (folder / FILE).is_file():
            kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return {example["problem"]: example for example in kept}
    return {}


def remedy(problem: str) -> str:
    return REMEDIES.get(problem, REMEDIES["refused"])


def example_text(problem: str) -> str | None:
    """The example as text: the request, and its answer."""
    example = examples().get(problem)
    if example is None:
        return None
    request = example["request"]
    headers = "".join(f"{name}: {value}\n" for name, value in request.get("headers", {}).items())
    body = request.get("body")
    sent = body if body is None or isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = json.dumps(example["answer"], indent=2, ensure_ascii=False)
    parts = [f"{request['method']} {request['path']}\n{headers}", *([f"{sent}\n"] if sent else []), f"{answer}\n"]
    return "\n".join(parts)
