"""`lodestone import-list`: a published list of parties into the log; a newer edition adds, amends and takes off."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from service.client import Client
from service.commands import show
from service.commands.files import content
from service.commands.post import Batch, recorded
from service.commands.target import Key, Url, country_option, register
from service.errors import InvalidRequest
from service.lists import screening, table
from service.lists.changes import Change, Held, Published, changes, held_of
from service.lists.entries import Edition, day
from service.lists.provisions import KINDS, Terms
from service.terminal import bar, complain, say, telling

app = typer.Typer()

AT_ONCE = 20
"""How many events are sent in one request: a listing can name a thousand parties."""
SHOWN = 3
"""How many names of a change the preview shows."""
PAGE = 1_000
GOODS = "items_subject_to_the_ear"
VERBS = {
    "restriction.announced": "add",
    "restriction.amended": "amend",
    "restriction.repealed": "take off",
}


class Format(StrEnum):
    SCREENING = "screening"
    TABLE = "csv"


READERS = {Format.SCREENING: screening.editions, Format.TABLE: table.editions}


class Kind(StrEnum):
    PROHIBITION = "prohibition"
    PRESUMPTION_OF_DENIAL = "presumption_of_denial"
    LICENSING = "licensing"
    CONDITIONAL = "conditional"
    NOTIFICATION = "notification"


@app.command("import-list", rich_help_panel="Ask and record")
def import_list(
    file: Annotated[Path, typer.Argument(help="The list as it is published; - for standard input.")],
    *,
    format_: Annotated[
        Format,
        typer.Option("--format", help="screening: the JSON of the US Consolidated Screening List; csv: a table."),
    ] = Format.SCREENING,
    only: Annotated[list[str] | None, typer.Option("--list", help="Only this list of the file, by its code.")] = None,
    controller: Annotated[str, country_option("Whose list it is.")] = "US",
    kind: Annotated[
        Kind | None, typer.Option(help="How it restricts. Known for the codes EL, MEU, UVL and DPL.")
    ] = None,
    commodity: Annotated[
        str, typer.Option(help="The name of the goods that it bears on.")
    ] = "items_subject_to_the_ear",
    as_of: Annotated[str | None, typer.Option(help="The day of the edition, where the file does not say it.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would change, and record nothing.")] = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Record an official list of parties. A newer edition adds, amends and takes off; the same one changes nothing.

    Parties of one notice and one period stand in one provision. A party without a country is described, and reaches
    only those who are described in the same words.
    """
    terms = Terms(controller, commodity, kind.value if kind else None)
    with telling():
        chosen = list(_chosen(READERS[format_](content(file)), only, as_of, terms))
    with register(url, key) as client:
        found: list[Change] = []
        for published in chosen:
            with telling():
                held = _held(client, published)
            made = changes(published, held)
            _tell(published, made, held)
            found += made
        if not preview:
            _record(client, found)


def _chosen(
    found: Sequence[Edition], only: Sequence[str] | None, as_of: str | None, terms: Terms
) -> Iterator[Published]:
    """The editions that are meant. Raises InvalidRequest."""
    asked = [code.upper() for code in only or ()]
    if missing := set(asked) - {edition.code for edition in found}:
        raise InvalidRequest(f"The file holds no list {min(missing)}, but {_codes(found)}.")
    for edition in found:
        if edition.code in asked or (not asked and (terms.kind or edition.code in KINDS)):
            of = day(as_of, "--as-of") or edition.day
            if of is None:
                raise InvalidRequest(f"The file does not say of which day {edition.code} is: say it with --as-of.")
            if not terms.kind and edition.code not in KINDS:
                raise InvalidRequest(f"How {edition.code} restricts is not known: say it with --kind.")
            yield Published(edition, terms, of)
        elif not asked:
            complain.print(
                f"{edition.code} is left out: how it restricts is not known (--list {edition.code} --kind …)."
            )


def _codes(found: Sequence[Edition]) -> str:
    return ", ".join(edition.code for edition in found) or "none"


def _held(client: Client, published: Published) -> dict[str, Held]:
    """What the register holds of a list, by stream. Raises InvalidRequest where that is of a newer edition."""
    begun = _pages(client, {"type": "restriction.announced", "country": published.terms.controller})
    streams = [event["stream"] for event in begun if event["metadata"].get("list") == published.name]
    held = {}
    for stream in streams:
        events = list(_pages(client, {"stream": stream}))
        ours = (event for event in events if event["metadata"].get("list") == published.name)
        newest = max(event["source"]["published_at"] for event in ours)
        if newest > published.day:
            held_is = f"The register holds the edition of {newest}, which is newer"
            raise InvalidRequest(f"{held_is} than that of {published.day}.")
        if state := held_of(events):
            held[stream] = state
    return held


def _pages(client: Client, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    after = 0
    while events := client.get("/v1/events", {**asked, "after": after, "limit": PAGE}).json()["events"]:
        yield from events
        after = events[-1]["position"]


def _tell(published: Published, made: Sequence[Change], held: Mapping[str, Held]) -> None:
    """What an edition changes: a line for each provision, then the sums."""
    if made:
        rows = [(VERBS[one.event["type"]], one.event["stream"], _some(one)) for one in made]
        show.table(("Change", "Provision", "Names"), rows, heads=2)
    added, removed = (sum(len(getattr(one, side)) for one in made) for side in ("added", "removed"))
    standing = sum(one.parties is not None for one in held.values())
    said = f"{added} names added, {removed} taken off" if made else "nothing changes"
    title = f"{published.edition.title}, edition of {published.day}"
    say.print(f"{title}: {said}; {standing} provisions were on record.")
    entries = published.edition.entries
    if without := sum(not entry.countries for entry in entries):
        complain.print(f"{without} of {len(entries)} entries state no country: they are described, not named.")


def _some(change: Change) -> str:
    names = [f"+ {name}" for name, _ in change.added] + [f"- {name}" for name, _ in change.removed]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _record(client: Client, made: Sequence[Change]) -> None:
    """Sends the events in order, some at once. What was interrupted goes on where it ended when it is run again."""
    events = [one.event for one in made]
    with bar("Recording the list") as progress:
        for at in range(0, len(events), AT_ONCE):
            some = events[at : at + AT_ONCE]
            recorded(client, Batch(some, [event["stream"] for event in some]))
            progress(at + len(some), len(events))
    if events:
        say.print(f"{len(events)} events are recorded.")
