"""`lodestone status`: what holds for a country or a company, on a day, as far as was known."""

import re
import sys
from typing import Annotated, Any

import typer

from service.client import Client, Declined
from service.commands import answers, show
from service.commands.target import (
    AsJson,
    AsOf,
    Key,
    KnownAt,
    PublicBy,
    Url,
    country_codes,
    country_option,
    emit,
    or_else,
    register,
)
from service.domain.company.names import normalized
from service.domain.countries import code_of, spelled_alike
from service.errors import InvalidRequest
from service.terminal import complain, say

app = typer.Typer()

COMPANY = re.compile(r"(?:company/)?([a-z0-9-]{1,100})")
MOST_SHOWN = 10
NO_CONTROL = "No recorded control applies in this role. (--role controller shows a country's own controls.)"
SENTENCES_FOR = 3
"""So many controls are told in sentences by themselves; of more, the table alone unless --why asks."""


@app.command(rich_help_panel="Ask and record")
def status(
    of: Annotated[
        str,
        typer.Argument(
            metavar="WHOSE",
            autocompletion=country_codes,
            help="A country (IN, India), or a company: its id (company/jay-ushin) or its name.",
        ),
    ],
    *,
    commodity: Annotated[
        str | None, typer.Option(help="A name such as rare_earth_magnets, or the digits of a customs code.")
    ] = None,
    controller: Annotated[str | None, country_option("Of a country: only this other country's control.")] = None,
    role: Annotated[
        str | None, typer.Option(help="Of a country: destination (the controls of others), or controller (its own).")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    public_by: PublicBy = None,
    why: Annotated[bool, typer.Option("--why", help="Give the reasons of each control, step by step.")] = False,
    context: Annotated[bool, typer.Option("--context", help="Show the milestones and notes, too.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show every control that bears on a country, or a company's standing under each, on a day."""
    times = {"as_of": as_of, "known_at": known_at, "public_by": public_by}
    detail = {"detail": "full" if why else None}
    with register(url, key, as_json=as_json) as client:
        code = None if "/" in of else code_of(of)
        if code:
            asked = {"commodity": commodity, "controller": controller, "role": role, **times, **detail}
            reply = client.get(f"/v1/countries/{code}/status", asked)
        else:
            if controller or role:
                raise InvalidRequest("--controller and --role go with a country.")
            company = company_named(client, of, times)
            reply = client.get(f"/v1/companies/{company['id']}/status", {"commodity": commodity, **times, **detail})
        if as_json:
            emit(reply.body)
        elif code:
            of_country(reply.json(), why=why, context=context)
        else:
            of_company(reply.json(), company, why=why)


def company_named(client: Client, text: str, times: dict[str, Any]) -> dict[str, Any]:
    """One company. A name that is merely alike identifies nobody, so the person chooses.

    Raises InvalidRequest where nothing is found, or where nobody is there to choose.
    """
    by_id = COMPANY.fullmatch(text)
    if by_id:
        try:
            return dict(client.get(f"/v1/companies/{by_id[1]}", times).json())
        except Declined as declined:
            if declined.status != 404 or text.startswith("company/"):
                raise
    found = client.get("/v1/companies", {"q": text, "limit": MOST_SHOWN, **times}).json()["companies"]
    same = [one for one in found if normalized(one["matched"] or "") == normalized(text)]
    if len(same) == 1:
        return dict(same[0])
    countries = or_else(spelled_alike(text))
    if not found or (countries and not same):
        raise InvalidRequest(f"No country and no company on record has this name{countries or '.'}")
    return chosen(same or found)


def chosen(companies: list[dict[str, Any]]) -> dict[str, Any]:
    """The one that a person picks. Raises InvalidRequest where no terminal is there to ask at."""
    complain.print("These companies have such a name:" if len(companies) > 1 else "This company has a name like it:")
    for number, one in enumerate(companies, 1):
        name = show.clean(one["name"])
        home = answers.country(one["country"])
        complain.print(f"  {number}. {name}, {home}: company/{one['id']}")
    if not (sys.stdin.isatty() and say.is_terminal):
        raise InvalidRequest("Say which one is meant by its id: lodestone status company/…")
    choice: int = typer.prompt("Which one", type=int, err=True)
    if not 1 <= choice <= len(companies):
        raise InvalidRequest(f"The choice is a number from 1 to {len(companies)}.")
    return companies[choice - 1]


def of_country(found: dict[str, Any], *, why: bool, context: bool) -> None:
    show.sentence(f"{answers.country(found['country'])} ({found['country']})", "bold")
    show.sentence(f"{answers.knowledge(found)}.")
    _rows(found, ("Control",), why=why, empty=NO_CONTROL)
    if context:
        _context(found)
    elif found["milestones"] or found["notes"]:
        say.print()
        beside = [_counted(len(found[name]), name.removesuffix("s")) for name in ("milestones", "notes") if found[name]]
        show.sentence(f"Beside this, moving no status: {' and '.join(beside)}. --context shows them.", "dim")


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def of_company(found: dict[str, Any], company: dict[str, Any], *, why: bool) -> None:
    show.sentence(f"{company['name']}, {answers.country(company['country'])} ({found['company']})", "bold")
    show.sentence(f"{answers.knowledge(found)}.")
    _rows(found, ("Standing", "Control"), why=why, empty="No control on record concerns this company.")


def _rows(found: dict[str, Any], words: tuple[str, ...], *, why: bool, empty: str) -> None:
    rows, notice = found.get("controls", found.get("standings", [])), found["notice"]
    say.print()
    if not rows:
        show.sentence(empty)
        return
    titles = ("Controller", "Commodity", *words, "Covered", "Licenses", "Next change")
    show.table(titles, [_row(row, words) for row in rows], heads=2)
    if why or len(rows) <= SENTENCES_FOR:
        for row in rows:
            show.heading(answers.question(row))
            answers.outcome(row)
            if why:
                answers.details(row, why=True)
    say.print()
    through = max((str(row["recorded_through"]) for row in rows if row["recorded_through"]), default=None)
    answers.footing(through, notice)


def _row(row: dict[str, Any], words: tuple[str, ...]) -> list[Any]:
    return [
        answers.country(row["controller"]) or "nobody on record",
        answers.commodity(row["commodity"]),
        *(show.word(row[name.lower()]) for name in words),
        show.word(row["covered"] or ""),
        answers.licenses(row["licenses"]),
        answers.change(row["next_change"]),
    ]


def _context(found: dict[str, Any]) -> None:
    if found["milestones"]:
        show.heading("Milestones")
        show.table(
            ("Day", "Kind", "State", "Title"),
            [
                (answers.day(one), one["kind"].replace("_", " "), one["state"].replace("_", " "), one["title"])
                for one in found["milestones"]
            ],
        )
    if found["notes"]:
        show.heading("Notes")
        show.table(("Kind", "Text"), [(one["kind"].replace("_", " "), one["text"]) for one in found["notes"]])
