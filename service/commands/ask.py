"""`lodestone ask`: determinations, one by options, or many from a file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from service.client import Client
from service.commands import answers, show
from service.commands import question as asked_by
from service.commands.target import AsJson, AsOf, Key, KnownAt, PublicBy, Url, country_option, emit, register
from service.errors import InvalidRequest
from service.terminal import Exit, complain, say, telling

app = typer.Typer()

GOODS, PARTIES, ABOUT = "The goods", "Who", "Which question"
A_PARTY = "A name, or company/…, or a party as JSON."
Text = str | None


def goods(says: str) -> Any:
    return typer.Option(rich_help_panel=GOODS, help=says)


def who(says: str) -> Any:
    return typer.Option(rich_help_panel=PARTIES, help=says)


Parameters = Annotated[
    list[str] | None,
    typer.Option(rich_help_panel=GOODS, metavar="NAME=VALUE", help="Such as dysprosium_percent=1.9; may be repeated."),
]
Others = Annotated[
    list[str] | None,
    typer.Option(
        rich_help_panel=PARTIES,
        metavar="ROLE:NAME[:COUNTRY]",
        help="Another party: consignee, purchaser or intermediary, such as consignee:Nordwall:DE; may be repeated.",
    ),
]


@app.command(rich_help_panel="Ask and record")
def ask(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Questions as JSON, JSON Lines or CSV; - for standard input.")
    ] = None,
    *,
    controller: Annotated[Text, country_option("Whose control; all on record where left out.", ABOUT)] = None,
    destination: Annotated[Text, country_option("Where the goods go.", ABOUT)] = None,
    final_destination: Annotated[Text, country_option("Where they are known to end up.", ABOUT)] = None,
    origin: Annotated[Text, country_option("Where the goods were made.", ABOUT)] = None,
    shipped_from: Annotated[Text, country_option("Where they leave from.", ABOUT)] = None,
    commodity: Annotated[Text, goods("A name such as rare_earth_magnets, or an HS code.")] = None,
    hs: Annotated[Text, goods("A customs code, 2 to 12 digits.")] = None,
    control_code: Annotated[Text, goods("Such as 1C902.")] = None,
    cas: Annotated[Text, goods("A CAS number.")] = None,
    description: Annotated[Text, goods("What the goods are.")] = None,
    parameter: Parameters = None,
    quantity: Annotated[Text, goods('With its unit: "45000 KGM" (UN/ECE Rec 20).')] = None,
    content_percent: Annotated[Text, goods("The share of controlled content, in percent of value.")] = None,
    exporter: Annotated[Text, who(A_PARTY)] = None,
    exporter_country: Annotated[Text, country_option("Its country.", PARTIES)] = None,
    end_user: Annotated[Text, who(A_PARTY)] = None,
    end_user_country: Annotated[Text, country_option("Its country.", PARTIES)] = None,
    party: Others = None,
    end_use: Annotated[Text, who("civil, military, or a named use.")] = None,
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
    body, media_type = asked(context.params)
    with register(url, key, as_json=as_json, naming=None if file else asked_by.option) as client:
        reply = client.post("/v1/determinations", body, media_type)
        if as_json or reply.headers.get("content-type", "").startswith("text/csv"):
            emit(reply.body)
        else:
            tell_answers(reply.json(), why=why)
            tell_unregistered(client, reply.json()["answers"])


def asked(options: dict[str, Any]) -> tuple[bytes, str]:
    """The body that asks what the options of the command say, and its media type. Exits where they cannot be read."""
    with telling(Exit.USAGE):
        question, file = asked_by.of_options(options), options["file"]
        if bool(question) == bool(file):
            raise InvalidRequest(
                "A file has its own questions: give options or a file, not both."
                if file
                else "Ask by options, such as --controller CN --destination IN --commodity gallium, or by a file."
            )
    more: dict[str, Any] = {"counterfactuals": True} if options["counterfactuals"] else {}
    more |= {"detail": "full"} if options["why"] else {}
    with telling():
        return asked_by.of_file(file, more) if file else asked_by.as_json(question | more)


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
                f"{answers.question(one)} · {one['as_of']}",
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
            answers.understood(one)
            say.print()
            answers.outcome(one)
            answers.details(one, why=why)
    say.print()
    answers.footing(found[-1].get("recorded_through"), body["notice"])


def tell_unregistered(client: Client, found: list[dict[str, Any]]) -> None:
    """Companies that were named by a stream that is not on record, with those that are spelled alike."""
    matched = [one for answer in found for one in answer["question"].get("matched", ()) if one["how"] == "company"]
    for stream in dict.fromkeys(one["company"] for one in matched if one["name"] == one["company"]):
        name = stream.removeprefix("company/").replace("-", " ")
        alike = client.get("/v1/companies", {"q": name, "limit": asked_by.MOST_ALIKE}).json()["companies"]
        meant = " or ".join(f"company/{one['id']} ({show.clean(one['name'])})" for one in alike)
        complain.print(f"lodestone: {stream} is not on record{f'; did you mean {meant}?' if meant else '.'}")
