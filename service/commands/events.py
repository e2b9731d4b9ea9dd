"""`lodestone events`: the log, read and followed."""

import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from service.client import Client, Declined, Reply
from service.commands import show
from service.commands.target import AsJson, Key, Url, country_option, emit, register, status_of
from service.domain.catalogue import TYPES
from service.errors import Unavailable
from service.terminal import Exit, complain

app = typer.Typer()

MOST_AT_ONCE = 1_000
TITLES = ("Position", "Type", "Effective", "Stream", "Said by")


def types(incomplete: str) -> list[str]:
    """What a shell offers for --type."""
    return [name for name in sorted(TYPES) if name.startswith(incomplete)]


@app.command(rich_help_panel="Ask and record")
def events(
    *,
    stream: Annotated[str | None, typer.Option(help="Only this stream: license/some-slug.")] = None,
    type_: Annotated[str | None, typer.Option("--type", autocompletion=types, help="Only events of this type.")] = None,
    country: Annotated[str | None, country_option("Only events that name this country.")] = None,
    company: Annotated[str | None, typer.Option(help="Only events about this company: its stream or its id.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Only events of a later log position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=MOST_AT_ONCE, help="How many at most; while following, at once.")] = (
        100
    ),
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with those still to come, until Ctrl-C.")] = (
        False
    ),
    every_s: Annotated[
        float, typer.Option("--every", min=0.1, help="While following: how often to look, in seconds.")
    ] = 1.0,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show the events of the log in their order, oldest first. With --json: a page in each line."""
    if country and company:
        complain.print("lodestone: give --country or --company, not both.")
        raise typer.Exit(Exit.USAGE)
    asked = {"stream": stream, "type": type_, "country": country, "company": company, "limit": limit}
    with register(url, key, as_json=as_json) as client:
        if not follow:
            page(client.get("/v1/events", {**asked, "after": after}), limit, as_json=as_json)
            return
        try:
            for at, reply in enumerate(following(client, asked, after, every_s)):
                page(reply, None, as_json=as_json, header=at == 0)
        except KeyboardInterrupt:
            # It is how following ends, and no failure.
            return


def following(client: Client, asked: dict[str, Any], after: int, every_s: float) -> Iterator[Reply]:
    """Every page that holds something. A register that is away for a while is told of once, and asked again."""
    away = False
    while True:
        try:
            reply = client.get("/v1/events", {**asked, "after": after})
        except (Unavailable, Declined) as failed:
            if isinstance(failed, Declined) and status_of(failed) is not Exit.UNAVAILABLE:
                raise
            if not away:
                complain.print(f"lodestone: {failed} Trying again.")
            away = True
            time.sleep(max(every_s, (isinstance(failed, Declined) and failed.retry_after_s) or 0))
            continue
        away, found = False, reply.json()
        if found["events"]:
            yield reply
            after = found["next_after"]
        else:
            time.sleep(every_s)


def page(reply: Reply, limit: int | None, *, as_json: bool, header: bool = True) -> None:
    """One page; where a limit cut it off, how to go on."""
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    if found["events"]:
        show.table(TITLES, [cells(event) for event in found["events"]], heads=3, header=header)
    elif limit is not None:
        complain.print("No such event is recorded.")
    if limit is not None and len(found["events"]) == limit:
        complain.print(f"There may be more: --after {found['next_after']}")


def cells(event: dict[str, Any]) -> list[str]:
    return [str(event["position"]), event["type"], event["effective"] or "", event["stream"], said_by(event["source"])]


def said_by(source: dict[str, Any]) -> str:
    """Who says so, and at which tier."""
    speaker = source.get("speaker") or {}
    who = speaker.get("name") or speaker.get("office") or source.get("publisher") or source.get("title")
    tier = str(source.get("tier") or "").replace("_", " ")
    return ", ".join(part for part in (who, tier) if part)
