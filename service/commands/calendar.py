"""`lodestone calendar`: what changes by a date alone."""

from typing import Annotated

import typer

from service.commands import answers, show
from service.commands.target import AsJson, Key, KnownAt, PublicBy, Url, country_option, emit, register

app = typer.Typer()


@app.command(rich_help_panel="Ask and record")
def calendar(
    *,
    from_: Annotated[
        str | None, typer.Option("--from", help="The first day, YYYY-MM-DD; today where left out.")
    ] = None,
    through: Annotated[
        str | None, typer.Option(help="The last day; five years after the first where left out.")
    ] = None,
    country: Annotated[str | None, country_option("Only what this country controls.")] = None,
    commodity: Annotated[str | None, typer.Option(help="Only what may be about these goods: a name or a code.")] = None,
    company: Annotated[str | None, typer.Option(help="Only what names this company: its id.")] = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show what starts, ends, lapses or expires by itself within a window of days."""
    about = {"country": country, "commodity": commodity, "company": company}
    asked = {"from": from_, "through": through, **about, "known_at": known_at, "public_by": public_by}
    with register(url, key, as_json=as_json) as client:
        reply = client.get("/v1/calendar", asked)
        if as_json:
            emit(reply.body)
            return
        found = reply.json()
    days = f"from {found['from']} through {found['through']}"
    if not found["entries"]:
        show.sentence(f"Nothing on record changes by itself {days}.")
        return
    show.sentence(f"What changes by itself {days}", "bold")
    show.table(
        ("Day", "Country", "What", "About"),
        [
            (
                answers.day(one),
                answers.country(one["controller"]),
                f"{one['what'].replace('_', ' ')}{'' if one['confirmed'] else ' (unconfirmed)'}",
                f"{show.clean(one['title'])} ({one['about']})",
            )
            for one in found["entries"]
        ],
        heads=3,
    )
