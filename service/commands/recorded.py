"""`lodestone event` and `history`: one event as it was recorded, and all that was recorded of one thing."""

import json
import re
from typing import Annotated, Any

import typer

from service.client import Client, Reply
from service.commands import show
from service.commands.events import MOST_AT_ONCE, said_by
from service.commands.target import AsJson, AsOf, Key, KnownAt, PublicBy, Url, emit, register
from service.errors import InvalidRequest
from service.terminal import complain

app = typer.Typer()

PLURALS = {
    "restriction": "restrictions",
    "license": "licenses",
    "company": "companies",
    "commodity": "commodities",
    "group": "groups",
    "milestone": "milestones",
    "note": "notes",
}
THING = re.compile(rf"({'|'.join(PLURALS)})/([a-z0-9-]{{1,100}})")
EVENT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TITLES = ("Position", "Type", "State", "Effective", "Said by")
EventNamed = Annotated[
    str, typer.Argument(metavar="EVENT", help="The event's id, or its log position as `lodestone events` shows it.")
]


@app.command(rich_help_panel="Ask and record")
def event(named: EventNamed, *, as_json: AsJson = False, url: Url = None, key: Key = None) -> None:
    """Show one event: what was recorded, who said it, and where it was published."""
    with register(url, key, as_json=as_json) as client:
        reply = event_named(client, named)
    if as_json:
        emit(reply.body)
    else:
        tell_event(reply.json())


def event_named(client: Client, named: str) -> Reply:
    """One event by its id or its log position. Raises InvalidRequest where neither is written."""
    if EVENT_ID.fullmatch(named):
        return client.get(f"/v1/events/{named}")
    if not (named.isascii() and named.isdecimal() and int(named) > 0):
        raise InvalidRequest(f"{named} is not an event id (a UUID) and not a log position (a number from 1).")
    found = client.get("/v1/events", {"after": int(named) - 1, "limit": 1}).json()["events"]
    if not found or found[0]["position"] != int(named):
        raise InvalidRequest(f"The log has not reached position {named}.")
    return client.get(f"/v1/events/{found[0]['id']}")


def tell_event(found: dict[str, Any]) -> None:
    source = found["source"] or {}
    show.sentence(f"{found['type']} of {found['stream']}", "bold")
    lines = {
        "Position": found["position"],
        "Id": found["id"],
        "Effective": found["effective"],
        "Recorded": f"{found['recorded_at']} by {found['actor']}",
        "Said by": said_by(source),
        "Published": source.get("published_at"),
        "Title": source.get("title"),
        "Source": source.get("url"),
        "Quote": source.get("quote"),
    }
    for title, value in lines.items():
        if value:
            show.sentence(f"{title}: {value}", indent=2)
    show.heading("Data")
    for line in json.dumps(found["data"], ensure_ascii=False, indent=2).splitlines():
        show.sentence(line)


@app.command(rich_help_panel="Ask and record")
def history(
    thing: Annotated[str, typer.Argument(help="Its stream: license/some-slug, restriction/…, company/…")],
    *,
    after: Annotated[int, typer.Option(min=0, help="Only events of a later log position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=MOST_AT_ONCE, help="How many events at most.")] = 100,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show what was recorded of one thing, oldest first, and its state after each event."""
    times = {"as_of": as_of, "known_at": known_at, "public_by": public_by}
    with register(url, key, as_json=as_json) as client:
        reply = client.get(history_path(thing), {**times, "after": after or None, "limit": limit})
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    show.table(TITLES, [_cells(entry) for entry in found["history"]], heads=3)
    if found["next_after"] is not None:
        complain.print(f"There is more: --after {found['next_after']}")


def history_path(thing: str) -> str:
    """Raises InvalidRequest for what is no stream of a thing with a history."""
    return f"{thing_path(thing)}/history"


def thing_path(thing: str) -> str:
    """Raises InvalidRequest for what is no stream of a thing."""
    named = THING.fullmatch(thing)
    if not named:
        raise InvalidRequest(f"{thing} names no thing. Write its kind and id: {'/…, '.join(PLURALS)}/….")
    return f"/v1/{PLURALS[named[1]]}/{named[2]}"


def _cells(entry: dict[str, Any]) -> list[Any]:
    event = entry["event"]
    state = show.word(entry["state"] or "retracted")
    return [str(entry["position"]), event["type"], state, event["effective"] or "", said_by(event["source"] or {})]
