"""`lodestone correct` and `retract`: what was recorded wrongly, and what changes by saying so."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service.client import Client, Declined, Reply
from service.commands import effects
from service.commands.files import content
from service.commands.post import named, recorded, tell_recorded
from service.commands.recorded import EventNamed, event_named
from service.commands.retracted import must_stand, said_already
from service.commands.target import AsJson, Key, Url, emit, register
from service.domain.sources import Tier
from service.errors import FieldError, InvalidRequest
from service.register import strict_json
from service.terminal import complain, telling

app = typer.Typer()

SOURCE = "Who says so; without these, the source of the event itself"
FIELDS = {
    "tier": "tier",
    "publisher": "publisher",
    "title": "title",
    "link": "url",
    "published": "published_at",
    "quote": "quote",
}
"""The fields of a source, by the options that give them."""


def source_option(says: str) -> Any:
    return typer.Option(rich_help_panel=SOURCE, help=says)


TierSaid = Annotated[Tier | None, source_option("How close the speaker stands to the act.")]
Publisher = Annotated[str | None, source_option("Who published it.")]
Title = Annotated[str | None, source_option("Its title.")]
Link = Annotated[str | None, source_option("Its address on the web.")]
Published = Annotated[str | None, source_option("The day it was published, YYYY-MM-DD.")]
Quote = Annotated[str | None, source_option("Its exact words.")]
Reason = Annotated[str | None, typer.Option(help="Why, in a sentence.")]
AsOf = Annotated[str | None, typer.Option(help="Show answers for this day, too. YYYY-MM-DD.")]


@app.command(rich_help_panel="Ask and record")
def correct(
    context: typer.Context,
    event: EventNamed,
    *,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Such as in_force.from=2026-07-01; null takes a field away."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The whole corrected data as JSON, in place of --set; - for standard input.")
    ] = None,
    effective: Annotated[str | None, typer.Option(help="The corrected day, YYYY-MM-DD.")] = None,
    reason: Reason = None,
    tier: TierSaid = None,
    publisher: Publisher = None,
    title: Title = None,
    link: Link = None,
    published: Published = None,
    quote: Quote = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Correct an event that was recorded wrongly, and show what changes.

    Nothing is deleted: the correction is an event of its own, and what was known before can still be asked for.
    """
    with register(url, key, as_json=as_json, naming=_called) as client:
        found = event_named(client, event).json()
        with telling():
            corrected = {"data": _corrected(found["data"], set_ or [], data), "effective": effective}
            if not (set_ or data or effective):
                raise InvalidRequest("Say what is corrected: --set, --data or --effective.")
            about = {name: value for name, value in {**corrected, "reason": reason}.items() if value is not None}
            body = _about(found, "record.corrected", about, context.params)
            must_stand(client, found, body)
        _record(client, body, _data(found, about), as_of, as_json=as_json)


@app.command(rich_help_panel="Ask and record")
def retract(
    context: typer.Context,
    event: EventNamed,
    *,
    reason: Reason = None,
    tier: TierSaid = None,
    publisher: Publisher = None,
    title: Title = None,
    link: Link = None,
    published: Published = None,
    quote: Quote = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Retract an event, so that it no longer counts, and show what changes.

    Nothing is deleted: the retraction is an event of its own, and can itself be retracted. Of what is already
    retracted, by a source of at least this rank, nothing more is recorded.
    """
    with register(url, key, as_json=as_json, naming=_called) as client:
        found = event_named(client, event).json()
        with telling():
            body = _about(found, "record.retracted", {"reason": reason} if reason else {}, context.params)
        if before := said_already(client, found, body):
            _tell_already(client, found, before, as_json=as_json)
        else:
            _record(client, body, _data(found, {}), as_of, as_json=as_json)


def _tell_already(client: Client, found: dict[str, Any], before: dict[str, Any], *, as_json: bool) -> None:
    by = f"event {before['position']} ({before['id']})"
    complain.print(f"Event {found['position']} is already retracted by {by}. Nothing is recorded.")
    if as_json:
        emit(client.get(f"/v1/events/{before['id']}").body)


def _data(found: dict[str, Any], about: dict[str, Any]) -> list[dict[str, Any]]:
    """What an event says, and what it says as corrected."""
    return [one for one in (found["data"], about.get("data")) if one]


def _record(
    client: Client, event: dict[str, Any], said: list[dict[str, Any]], as_of: str | None, *, as_json: bool
) -> None:
    reply: Reply = recorded(client, named([event], ["the event"]))
    if as_json:
        emit(reply.body)
        return
    tell_recorded([reply])
    try:
        effects.tell(client, event["stream"], said, reply.json()["events"][0]["position"], as_of)
    except Declined as declined:
        # It is recorded: what cannot be shown of it must not read as a failure of that.
        raise InvalidRequest(f"It is recorded. What it changed cannot be shown: {declined}") from declined


def _about(found: dict[str, Any], type_: str, data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    data = {"event": found["id"], **data}
    return {"stream": found["stream"], "type": type_, "data": data, "source": _source(found, options)}


def _source(found: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """The source that the options give, or else the one of the event. Raises InvalidRequest."""
    given = {field: str(options[name]) for name, field in FIELDS.items() if options[name] is not None}
    if given and "tier" not in given:
        raise InvalidRequest("Say how close the source stands to the act: --tier.", [FieldError("--tier", _tiers())])
    own = {name: value for name, value in (found["source"] or {}).items() if value is not None}
    if not given and "tier" not in own:
        raise InvalidRequest("The source of this event was removed: say who says so, by --tier and the others.")
    return given or own


def _tiers() -> str:
    return f"one of {', '.join(Tier)}"


def _corrected(data: Any, changes: list[str], file: Path | None) -> dict[str, Any] | None:
    """The corrected data; None where it stays. Raises InvalidRequest, MalformedRequest."""
    if file is not None and changes:
        raise InvalidRequest("Give the whole data by --data, or single fields by --set, not both.")
    if file is not None:
        return dict(strict_json.loads(content(file)))
    made = json.loads(json.dumps(data))
    for change in changes:
        path, equals, value = change.partition("=")
        if not (path and equals):
            raise InvalidRequest("A change cannot be read.", [FieldError("--set", "it is written FIELD=VALUE")])
        _put(made, path.split("."), value)
    return made if changes else None


def _put(data: Any, steps: list[str], text: str) -> None:
    """Puts a value at a path: fields by name, lines of a list by number from 0. Raises InvalidRequest."""
    for step in steps[:-1]:
        data = data.setdefault(step, {}) if isinstance(data, dict) else _within(data, step)
    last = steps[-1]
    if isinstance(data, list):
        data[data.index(_within(data, last))] = _value(text, _within(data, last))
    elif isinstance(data, dict) and text == "null":
        data.pop(last, None)
    elif isinstance(data, dict):
        data[last] = _value(text, data.get(last))
    else:
        raise InvalidRequest("There is no such field.", [FieldError("--set", ".".join(steps))])


def _within(data: Any, step: str) -> Any:
    if isinstance(data, list) and step.isdecimal() and int(step) < len(data):
        return data[int(step)]
    raise InvalidRequest("There is no such field.", [FieldError("--set", f"nothing is at {step}")])


def _value(text: str, before: Any) -> Any:
    """A text stays a text where one stood; else it is JSON where it can be read so."""
    if isinstance(before, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _called(pointer: str) -> str:
    """A place in the event, as the command line calls it."""
    field = pointer.removeprefix("/events/0").removeprefix("/data/data/").removeprefix("/data/")
    return field.strip("/").replace("/", ".") or "the event"
