"""`lodestone ask`: determinations, one by options, or many from a file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands import answers, show
from service.commands.question import commodity_of, of_file, of_options, option, others_of, party_of, quantity_of
from service.commands.target import AsJson, AsOf, Key, KnownAt, PublicBy, Url, country_option, emit, register
from service.terminal import Exit, say, tell, telling

app = typer.Typer()

GOODS, PARTIES, ABOUT = "The goods", "Who", "Which question"


def goods(says: str) -> Any:
    return typer.Option(rich_help_panel=GOODS, help=says)


def party(says: str) -> Any:
    return typer.Option(rich_help_panel=PARTIES, help=f"{says} A name, or company/…, or a party as JSON.")


@app.command(rich_help_panel="Ask and record")
def ask(
    file: Annotated[
        Path | None, typer.Argument(help="Questions as JSON, JSON Lines or CSV; - for standard input.")
    ] = None,
    *,
    controller: Annotated[str | None, country_option("Whose control; all on record where left out.", ABOUT)] = None,
    destination: Annotated[str | None, country_option("Where the goods go.", ABOUT)] = None,
    final_destination: Annotated[str | None, country_option("Where they are known to end up.", ABOUT)] = None,
    origin: Annotated[str | None, country_option("Where the goods were made.", ABOUT)] = None,
    shipped_from: Annotated[str | None, country_option("Where they leave from.", ABOUT)] = None,
    commodity: Annotated[str | None, goods("A name such as rare_earth_magnets, or an HS code.")] = None,
    hs: Annotated[str | None, goods("A customs code, 2 to 12 digits.")] = None,
    control_code: Annotated[str | None, goods("Such as 1C902.")] = None,
    cas: Annotated[str | None, goods("A CAS number.")] = None,
    description: Annotated[str | None, goods("What the goods are.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            rich_help_panel=GOODS, metavar="NAME=VALUE", help="Such as dysprosium_percent=1.9; may be given again."
        ),
    ] = None,
    quantity: Annotated[str | None, goods('With its unit: "45000 KGM" (UN/ECE Rec 20).')] = None,
    content_percent: Annotated[str | None, goods("The share of controlled content, in percent of value.")] = None,
    exporter: Annotated[
        str | None, typer.Option(rich_help_panel=PARTIES, help="A name, or company/…, or a party as JSON.")
    ] = None,
    exporter_country: Annotated[str | None, country_option("Its country.", PARTIES)] = None,
    end_user: Annotated[
        str | None, typer.Option(rich_help_panel=PARTIES, help="A name, or company/…, or a party as JSON.")
    ] = None,
    end_user_country: Annotated[str | None, country_option("Its country.", PARTIES)] = None,
    consignee: Annotated[str | None, party("Who receives the goods.")] = None,
    consignee_country: Annotated[str | None, country_option("Its country.", PARTIES)] = None,
    purchaser: Annotated[str | None, party("Who buys the goods.")] = None,
    purchaser_country: Annotated[str | None, country_option("Its country.", PARTIES)] = None,
    intermediary: Annotated[str | None, party("Who acts in between: a broker, a forwarder, a bank.")] = None,
    intermediary_country: Annotated[str | None, country_option("Its country.", PARTIES)] = None,
    end_use: Annotated[
        str | None, typer.Option(rich_help_panel=PARTIES, help="civil, military, or a named use.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    why: Annotated[bool, typer.Option("--why", help="Give the reasons, step by step, with every source.")] = False,
    counterfactuals: Annotated[
        bool, typer.Option("--counterfactuals", help="Say what would change the answer.")
    ] = False,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Ask whether something may go from here to there, for whom, on a day, as far as was known. Nothing is recorded.

    A sheet of questions (CSV) is answered by a sheet.
    """
    given = {
        "controller": controller,
        "destination": destination,
        "final_destination": final_destination,
        "origin": origin,
        "shipped_from": shipped_from,
        "content_percent": content_percent,
        "end_use": end_use,
        "as_of": as_of,
        "known_at": int(known_at) if known_at and known_at.isascii() and known_at.isdecimal() else known_at,
        "public_by": public_by,
    }
    codes = {"hs": hs, "control_code": control_code, "cas": cas, "description": description}
    with telling(Exit.USAGE):
        question = {name: value for name, value in given.items() if value is not None}
        question |= commodity_of(commodity, codes, parameter or [])
        question |= quantity_of(quantity)
        question |= party_of("exporter", exporter, exporter_country) | party_of("end_user", end_user, end_user_country)
        question |= others_of(
            {
                "consignee": (consignee, consignee_country),
                "purchaser": (purchaser, purchaser_country),
                "intermediary": (intermediary, intermediary_country),
            }
        )
        if not question and file is None:
            tell(
                "Ask by options, such as --controller CN --destination IN --commodity rare_earth_magnets, or of a file."
            )
            raise typer.Exit(Exit.USAGE)
        if question and file is not None:
            tell("A file holds its questions: give options or a file, not both.")
            raise typer.Exit(Exit.USAGE)
    with telling():
        more = ({"counterfactuals": True} if counterfactuals else {}) | ({"detail": "full"} if why else {})
        body, media_type = of_file(file, more) if file else of_options(question, more)
    with register(url, key, as_json=as_json, naming=None if file else option) as client:
        reply = client.post("/v1/determinations", body, media_type)
    if as_json or reply.headers.get("content-type", "").startswith("text/csv"):
        emit(reply.body)
    else:
        tell_answers(reply.json(), why=why)


def tell_answers(body: dict[str, Any], *, why: bool) -> None:
    """One in full; several as a table, and in full where the reasons are asked for."""
    found: list[dict[str, Any]] = body["answers"]
    if len(found) > 1:
        rows = [
            (
                str(at),
                show.word(one["control"]),
                show.word(one["standing"]),
                show.word(one["covered"] or ""),
                asked(one),
            )
            for at, one in enumerate(found, 1)
        ]
        show.table(("No.", "Control", "Standing", "Covered", "Question"), rows)
    if len(found) == 1 or why:
        for at, one in enumerate(found):
            if at or len(found) > 1:
                say.print()
            show.sentence(answers.question(one), "bold")
            show.sentence(f"{answers.knowledge(one)}.")
            say.print()
            answers.outcome(one)
            answers.details(one, why=why)
    say.print()
    answers.footing(found[-1].get("recorded_through"), body["notice"])


def asked(row: dict[str, Any]) -> str:
    return f"{answers.question(row)} · {row['as_of']}"
