"""Links: which values of an answer lead on to which operations."""

from typing import Any

Operations = dict[str, dict[str, Any]]


def add(paths: dict[str, Operations]) -> None:
    """From each list to its members, and from what was posted to what was recorded."""
    for path, operations in paths.items():
        found = dict(_of_a_list(path, paths)) if "get" in operations else {}
        if operations.get("post", {}).get("operationId") == "postEvents":
            _put(operations["post"], "201", _of_events("$response.body#/events/0"))
        if operations.get("get", {}).get("operationId") == "listEvents":
            after = {"after": "$response.body#/next_after"}
            found = _of_events("$response.body#/events/0") | {
                "nextPage": {"operationId": "listEvents", "parameters": after, "description": "The events that follow."}
            }
        if found:
            _put(operations["get"], "200", found)


def _put(operation: dict[str, Any], status: str, links: dict[str, Any]) -> None:
    operation["responses"][status]["links"] = links


def _of_events(event: str) -> dict[str, Any]:
    event_id = {"id": f"{event}/id"}
    return {
        "event": {"operationId": "getEvent", "parameters": event_id, "description": "The first of them by its id."},
        "proof": {"operationId": "getEventProof", "parameters": event_id, "description": "That it is in the log."},
        "stream": {
            "operationId": "listEvents",
            "parameters": {"stream": f"{event}/stream"},
            "description": "All of its stream.",
        },
    }


def _of_a_list(path: str, paths: dict[str, Operations]) -> list[tuple[str, dict[str, Any]]]:
    plural = path.rpartition("/")[2]
    found = []
    for other, operations in paths.items():
        member, _, rest = other.removeprefix(f"{path}/").partition("/")
        if other.startswith(f"{path}/{{") and "get" in operations and "{" not in rest:
            name = member.strip("{}")
            operation = operations["get"]
            parameters = {name: f"$response.body#/{plural}/0/{name}"}
            about = {"description": operation["summary"], "operationId": operation["operationId"]}
            found.append((rest or "one", about | {"parameters": parameters}))
    return found
