"""`lodestone post`: events from a file into the log, safe to repeat."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from service.client import Client, Declined, Reply
from service.commands import show
from service.commands.files import content
from service.commands.target import AsJson, Key, Url, emit, register, status_of
from service.errors import FieldError, InvalidRequest, MalformedRequest, Unavailable
from service.register import strict_json
from service.terminal import Exit, bar, complain, tell, telling

app = typer.Typer()

TRIES = 4
LONGEST_WAIT_S = 10.0
NAMESPACE = uuid.UUID("6f0d4f5c-93a5-5c6b-9f0e-5b6f9f3c2d11")
"""For the ids of events that were given none: a UUID of version 5 over the event's content."""


@dataclass(frozen=True)
class Batch:
    """The events of one request. `where` says for each what a person calls it; `condition` is the batch's own."""

    events: list[dict[str, Any]]
    where: list[str]
    condition: Any = None

    def body(self) -> bytes:
        sent: dict[str, Any] = {"events": self.events}
        if self.condition is not None:
            sent["condition"] = self.condition
        return json.dumps(sent, ensure_ascii=False).encode()

    def called(self, pointer: str) -> str:
        """A pointer into the request, as a place in the file."""
        start, _, rest = pointer.removeprefix("/events/").partition("/")
        if not pointer.startswith("/events/") or not start.isdecimal() or int(start) >= len(self.where):
            return pointer
        return " ".join(part for part in (self.where[int(start)], f"/{rest}" if rest else "") if part) or "the event"


@app.command(rich_help_panel="Ask and record")
def post(
    file: Annotated[
        Path, typer.Argument(help='One event, {"events": […]} or a list as JSON, or JSON Lines; - for standard input.')
    ],
    each: Annotated[
        bool, typer.Option("--each", help="Record one by one: a refusal keeps what stands before it.")
    ] = False,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Record an event, or a batch: all of it or nothing.

    Safe to repeat: an event without an id gets one that follows from its content, so the same file sent again gives the
    first outcome again. What a register that is away did not answer is sent again by itself, with the same ids.
    """
    with telling():
        batch = read(content(file))
    batches = [Batch([one], [name]) for one, name in zip(batch.events, batch.where, strict=True)] if each else [batch]
    if each and batch.condition is not None:
        tell("A condition is for a batch as a whole: --each cannot keep it.")
        raise typer.Exit(Exit.USAGE)
    replies: list[Reply] = []

    def called(pointer: str) -> str:
        return batches[len(replies)].called(pointer)

    try:
        with register(url, key, as_json=as_json, naming=called) as client, bar("Recording") as progress:
            for one in batches:
                replies.append(recorded(client, one))
                progress(len(replies), len(batches))
                if as_json:
                    emit(replies[-1].body)
    finally:
        if replies and not as_json:
            tell_recorded(replies)
        if 0 < len(replies) < len(batches):
            complain.print(f"These are the first {len(replies)} of {len(batches)} events; the others are not recorded.")


def read(raw: bytes) -> Batch:
    """The events of a file, each with an id. Raises MalformedRequest, InvalidRequest."""
    try:
        found = strict_json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except MalformedRequest as malformed:
        lines = [(number, line) for number, line in enumerate(raw.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for _, line in lines):
            raise malformed from None
        return named([_line(number, line) for number, line in lines], [f"line {number}" for number, _ in lines])
    if isinstance(found, dict) and "events" not in found:
        return named([found], [""])
    others = [name for name in found if name not in ("events", "condition")] if isinstance(found, dict) else []
    events = found["events"] if isinstance(found, dict) else found
    if others or not isinstance(events, list) or not events:
        raise InvalidRequest("A file holds an event, a list of them, or events and at most a condition beside them.")
    condition = found.get("condition") if isinstance(found, dict) else None
    return named(events, [f"event {at}" for at in range(1, len(events) + 1)], condition)


def _line(number: int, line: bytes) -> Any:
    try:
        return strict_json.loads(line)
    except MalformedRequest as malformed:
        faults = [FieldError(f"line {number} {fault.pointer}", fault.detail) for fault in malformed.errors]
        raise MalformedRequest(f"Line {number}: {malformed.detail}", faults) from malformed


def named(events: list[Any], where: list[str], condition: Any = None) -> Batch:
    """Each event with an id. Two of the same content in one file are two events."""
    named, seen = [], Counter[str]()
    for event, place in zip(events, where, strict=True):
        if not isinstance(event, dict):
            raise InvalidRequest("An event is a JSON object.", [FieldError(place, "must be an object")])
        if event.get("id") is None:
            without = {name: value for name, value in event.items() if name != "id"}
            text = _text(without)
            seen[text] += 1
            named.append({"id": str(uuid.uuid5(NAMESPACE, f"{seen[text]}:{text}")), **without})
        else:
            named.append(event)
    return Batch(named, where, condition)


def _text(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def recorded(client: Client, batch: Batch) -> Reply:
    """The answer to a batch."""
    return patiently(lambda: client.post("/v1/events", batch.body()))


def patiently(sent: Callable[[], Reply], tries: int = TRIES) -> Reply:
    """The answer. Where the register is away or too busy, the same is sent again, a few times."""
    for attempt in range(1, tries):
        try:
            return sent()
        except (Unavailable, Declined) as failed:
            if isinstance(failed, Declined) and status_of(failed) is not Exit.UNAVAILABLE:
                raise
            asked = failed.retry_after_s if isinstance(failed, Declined) else None
            wait_s = min(asked if asked is not None else 0.25 * 2**attempt, LONGEST_WAIT_S)
            complain.print(f"lodestone: {failed} Sending it again.")
            time.sleep(wait_s)
    return sent()


def tell_recorded(replies: list[Reply]) -> None:
    events = [event for reply in replies for event in reply.json()["events"]]
    show.table(
        ("Position", "Type", "Version", "Stream"),
        [(str(one["position"]), one["type"], str(one["version"]), one["stream"]) for one in events],
        heads=2,
    )
    new = sum(len(reply.json()["events"]) for reply in replies if "idempotency-replayed" not in reply.headers)
    if not new:
        complain.print("All of it was recorded before; nothing is new.")
        return
    count = "1 event is" if new == 1 else f"{new} events are"
    complain.print(f"{count} recorded, up to log position {max(one['position'] for one in events)}.")
