"""`lodestone watch`: standing questions, and what changed of their answers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands import show
from service.commands.files import content
from service.commands.question import commodity_of
from service.commands.target import AsJson, Key, Url, country_option, emit, register
from service.errors import InvalidRequest
from service.register import strict_json
from service.terminal import Exit, complain, say, telling

app = typer.Typer(no_args_is_help=True, help="Standing questions: be told when an answer changes.")

MOST = 1_000
Name = Annotated[str, typer.Argument(help="The id of the watch.")]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")]


@app.command()
def add(
    name: Name,
    question: Annotated[
        Path | None, typer.Option(help="A question as JSON, as `lodestone ask` takes it; - for standard input.")
    ] = None,
    country: Annotated[str | None, country_option("Watch this country's status.")] = None,
    company: Annotated[str | None, typer.Option(help="Watch the status of this company: its stream or its id.")] = None,
    event_type: Annotated[str | None, typer.Option(help="Be told of events of this type; `any` for all.")] = None,
    *,
    commodity: Annotated[str | None, typer.Option(help="Of a status: only these goods, by name or HS code.")] = None,
    controller: Annotated[str | None, country_option("Of a country's status: only this country's control.")] = None,
    title: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    webhook: Annotated[str | None, typer.Option(help="The address that changes are posted to.")] = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Watch the answer to a question, a status, or events. Safe to repeat."""
    with telling(Exit.USAGE):
        ask = _ask(question, country, company, event_type)
        _narrow(ask, commodity, controller)
    body = {"id": name, "ask": ask, "title": title, "webhook": {"url": webhook} if webhook else None}
    sent = json.dumps({field: value for field, value in body.items() if value is not None}).encode()
    with register(url, key, as_json=as_json) as client:
        reply = client.post("/v1/watches", sent)
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    _tell(found)
    for secret in found["secrets"]:
        complain.print("Messages are signed with this secret. Keep it:")
        say.print(secret)


def _ask(question: Path | None, country: str | None, company: str | None, event_type: str | None) -> dict[str, Any]:
    """Raises InvalidRequest."""
    asks: dict[str, Any] = {}
    if question:
        asks["determination"] = strict_json.loads(content(question))
    if country:
        asks["country_status"] = {"country": country}
    if company:
        asks["company_status"] = {"company": f"company/{company.removeprefix('company/')}"}
    if event_type:
        asks["events"] = {} if event_type == "any" else {"type": event_type}
    if len(asks) != 1:
        raise InvalidRequest("Give one of --question, --country, --company, --event-type.")
    return asks


def _narrow(ask: dict[str, Any], commodity: str | None, controller: str | None) -> None:
    """Raises InvalidRequest."""
    status = ask.get("country_status") or ask.get("company_status")
    if (commodity or controller) and status is None:
        raise InvalidRequest("--commodity and --controller narrow the status of a country or a company.")
    if status is not None:
        status |= commodity_of(commodity, {}, []) | ({"controller": controller} if controller else {})


@app.command("list")
def list_(
    *,
    limit: Limit = 100,
    after: Annotated[str | None, typer.Option(help="Only those with a later id.")] = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List the watches, in the order of their ids."""
    with register(url, key, as_json=as_json) as client:
        reply = client.get("/v1/watches", {"limit": limit, "after": after})
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    rows = [[one["id"], str(one["changes"]), one["next_day"] or "", one["headline"]] for one in found["watches"]]
    if rows:
        show.table(("Id", "Changes", "Next day", "Answer"), rows, heads=1)
    else:
        complain.print("Nothing is watched.")
    if found["next_after"]:
        complain.print(f"There may be more: --after {found['next_after']}")


@app.command("show")
def show_(name: Name, as_json: AsJson = False, url: Url = None, key: Key = None) -> None:
    """Show a watch with its answer."""
    with register(url, key, as_json=as_json) as client:
        reply = client.get(f"/v1/watches/{name}")
    if as_json:
        emit(reply.body)
    else:
        _tell(reply.json())


def _tell(watch: dict[str, Any]) -> None:
    show.sentence(f"{watch['id']}: {watch['headline'] or 'events'}")
    if watch["next_day"]:
        show.sentence(
            f"It is looked at again on {watch['next_day']}: what it rests on names that day or the day before.",
            indent=2,
        )
    if watch["webhook"]:
        paused = " (paused)" if watch["paused"] else ""
        show.sentence(f"Changes are posted to {watch['webhook']}{paused}.", indent=2)


@app.command()
def changes(
    name: Name,
    *,
    limit: Limit = 100,
    after: Annotated[int, typer.Option(min=0, help="Only changes of a higher number.")] = 0,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show what changed of an answer, oldest first."""
    with register(url, key, as_json=as_json) as client:
        reply = client.get(f"/v1/watches/{name}/changes", {"limit": limit, "after": after})
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    if not found["changes"]:
        complain.print("Nothing changed.")
    for one in found["changes"]:
        _tell_change(one["data"])
    if found["next_after"]:
        complain.print(f"There may be more: --after {found['next_after']}")


def _tell_change(data: dict[str, Any]) -> None:
    because = data["because"]
    cause = f"event {', '.join(because['events'])}" if because["events"] else f"the day {because['day']}"
    if "event" in data:
        show.sentence(f"{data['number']}. {data['event']['type']} in {data['event']['stream']} ({cause})")
        return
    show.sentence(f"{data['number']}. {data['as_of']}, by {cause}: {', '.join(data['fields'])}")
    show.sentence(f"before: {data['headline']['before']}", indent=3)
    show.sentence(f"now: {data['headline']['after']}", indent=3)


@app.command()
def remove(name: Name, url: Url = None, key: Key = None) -> None:
    """Remove a watch with all that was told of it."""
    with register(url, key) as client:
        client.delete(f"/v1/watches/{name}")
    complain.print(f"{name} is removed.")


@app.command()
def ping(name: Name, as_json: AsJson = False, url: Url = None, key: Key = None) -> None:
    """Send the receiver of a watch a message to try it out. Ends with 1 where it does not take it."""
    with register(url, key, as_json=as_json) as client:
        reply = client.post(f"/v1/watches/{name}/ping", b"{}")
    found = reply.json()
    if as_json:
        emit(reply.body)
    elif found["problem"] is None:
        say.print(f"The receiver took it (status {found['status']}, {found['took_ms']} ms).")
    else:
        complain.print(f"lodestone: The receiver did not take it: {found['problem']}.")
    if found["problem"] is not None:
        raise typer.Exit(Exit.REFUSED)
