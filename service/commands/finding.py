"""`lodestone commodities` and `companies`: what is on record by a name, to ask about it by its id."""

from typing import Annotated, Any

import typer

from service.commands import answers, show
from service.commands.target import AsJson, AsOf, Key, KnownAt, PublicBy, Url, country_option, emit, register
from service.terminal import complain

app = typer.Typer()

MOST = 1_000
CODES_SHOWN = 5
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")]
After = Annotated[str | None, typer.Option(help="Without a name: only those with a later id.")]


@app.command(rich_help_panel="Ask and record")
def commodities(
    name: Annotated[str | None, typer.Argument(help="A name, another word or a code; all without one.")] = None,
    *,
    limit: Limit = 20,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Find goods by a name or a code, the closest first. What is found is a suggestion."""
    times = {"as_of": as_of, "known_at": known_at, "public_by": public_by}
    with register(url, key, as_json=as_json) as client:
        reply = client.get("/v1/commodities", {"q": name, "limit": limit, "after": after, **times})
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    rows = [[one["name"], one["title"] or "", _codes(one["lines"])] for one in found["commodities"]]
    _tell(("Name", "Title", "Codes"), rows, "No goods on record have such a name or code.", found["next_after"])


@app.command(rich_help_panel="Ask and record")
def companies(
    name: Annotated[str | None, typer.Argument(help="A name in any script; all without one.")] = None,
    *,
    country: Annotated[str | None, country_option("Only companies of this country.")] = None,
    limit: Limit = 20,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Find companies by a name, the closest first. A name that is alike identifies nobody."""
    times = {"as_of": as_of, "known_at": known_at, "public_by": public_by}
    with register(url, key, as_json=as_json) as client:
        reply = client.get("/v1/companies", {"q": name, "country": country, "limit": limit, "after": after, **times})
    if as_json:
        emit(reply.body)
        return
    found = reply.json()
    rows = [_company(one) for one in found["companies"]]
    titles = ("Id", "Name", "Country", "Found by", "Score")
    _tell(titles, rows, "No company on record has such a name.", found["next_after"])


def _company(one: dict[str, Any]) -> list[str]:
    score = "" if one["score"] is None else str(one["score"])
    return [f"company/{one['id']}", one["name"], answers.country(one["country"]), one["matched"] or "", score]


def _codes(lines: list[dict[str, Any]]) -> str:
    """The codes of goods in a cell, and how many more there are."""
    codes = [str(line[kind]) for line in lines for kind in ("hs", "control_code", "cas") if line.get(kind)]
    more = f" and {len(codes) - CODES_SHOWN} more" if len(codes) > CODES_SHOWN else ""
    return ", ".join(codes[:CODES_SHOWN]) + more


def _tell(titles: tuple[str, ...], rows: list[list[str]], nothing: str, next_after: str | None) -> None:
    if rows:
        show.table(titles, rows, heads=2)
    else:
        complain.print(nothing)
    if next_after is not None:
        complain.print(f"There is more: --after {next_after}")
