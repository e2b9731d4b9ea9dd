"""`lodestone follow`: the feed of a service, or the log of a local register as it grows."""

import json
import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from service.client import Client, Declined
from service.commands import show
from service.commands.events import TITLES, cells, following, types
from service.commands.target import AsJson, Key, Url, country_option, emit, register, status_of
from service.errors import Unavailable
from service.terminal import Exit, complain

app = typer.Typer()

AT_ONCE = 1_000
EVERY_S = 1.0
AGAIN_S = 2.0


@app.command(rich_help_panel="Ask and record")
def follow(
    *,
    after: Annotated[
        int | None, typer.Option(min=0, help="Begin after this log position; with what comes next where left out.")
    ] = None,
    stream: Annotated[str | None, typer.Option(help="Only this stream: license/some-slug.")] = None,
    type_: Annotated[str | None, typer.Option("--type", autocompletion=types, help="Only events of this type.")] = None,
    country: Annotated[str | None, country_option("Only events about this country.")] = None,
    company: Annotated[str | None, typer.Option(help="Only events about this company: its stream or its id.")] = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Print events as they are recorded, until Ctrl-C. With --json: an event in each line."""
    asked = {"stream": stream, "type": type_, "country": country, "company": company}
    with register(url, key, as_json=as_json) as client:
        try:
            print_from(client, asked, end_of(client) if after is None else after, as_json=as_json)
        except KeyboardInterrupt:
            # It is how following ends, and no failure.
            return


def end_of(client: Client) -> int:
    """Where the log ends now."""
    return int(client.get("/v1/events", {"limit": 1}).headers["position"])


def print_from(client: Client, asked: dict[str, str | None], after: int, *, as_json: bool) -> None:
    if not as_json:
        complain.print(f"Following from position {after}; Ctrl-C ends it.")
    header = True
    for event in fed(client, asked, after) if client.remote else looked_for(client, asked, after):
        if as_json:
            emit(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())
        else:
            show.table(TITLES, [cells(event)], heads=3, header=header)
            header = False


def fed(client: Client, asked: dict[str, str | None], after: int) -> Iterator[dict[str, Any]]:
    """The feed of a service; connected again where it ends, from the last event on. Raises Declined."""
    away = False
    while True:
        try:
            for event in client.feed(asked, after):
                away, after = False, event["position"]
                yield event
        except (Unavailable, Declined) as failed:
            if isinstance(failed, Declined) and status_of(failed) is not Exit.UNAVAILABLE:
                raise
            if not away:
                complain.print(f"lodestone: {failed} Trying again.")
            away = True
        time.sleep(AGAIN_S)


def looked_for(client: Client, asked: dict[str, str | None], after: int) -> Iterator[dict[str, Any]]:
    """The log of a local register, looked at once a second."""
    for reply in following(client, {**asked, "limit": AT_ONCE}, after, EVERY_S):
        yield from reply.json()["events"]
