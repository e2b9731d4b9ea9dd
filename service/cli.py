"""The command line: which commands there are. A command's module is imported when the command is run, so that the help
page and the version come at once."""

import os
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group_from_info
from typer.models import TyperInfo

from service import __version__

ASK = "Ask and record"
LOCAL = ("export", "import", "redact", "rebuild", "seeds", "db", "keys")
"""Commands that work on the database itself, wherever LODESTONE_URL points to."""

HELP = """A register of export restrictions, trade licenses and the diplomacy around them.

Commands that ask or record work on the database of LODESTONE_DATABASE_URL, or on the service of --url (LODESTONE_URL).

Exit codes: 0 success, 1 refused or not verified, 2 usage error, 3 no answer, 4 no access, 5 rows of a sheet unread.
"""


@dataclass(frozen=True)
class Listed:
    """A command as the help page lists it. `line` is the first paragraph of the command's own help.

    A group is its module's whole `app`; any other command is one of those in it.
    """

    module: str
    line: str
    panel: str | None = None
    group: bool = False


COMMANDS = {
    "status": Listed(
        "status", "Show every control that bears on a country, or a company's standing under each, on a day.", ASK
    ),
    "ask": Listed(
        "ask",
        "Ask whether something may go from here to there, for whom, on a day, as far as was known. "
        "Nothing is recorded.",
        ASK,
    ),
    "calendar": Listed("calendar", "Show what starts, ends, lapses or expires by itself within a window of days.", ASK),
    "events": Listed(
        "events",
        "Show the events of the log in their order, oldest first. With --json: a page in each line.",
        ASK,
    ),
    "follow": Listed(
        "follow", "Print events as they are recorded, until Ctrl-C. With --json: an event in each line.", ASK
    ),
    "watch": Listed("watch", "Standing questions: be told when an answer changes.", group=True),
    "event": Listed("recorded", "Show one event: what was recorded, who said it, and where it was published.", ASK),
    "history": Listed(
        "recorded", "Show what was recorded of one thing, oldest first, and its state after each event.", ASK
    ),
    "commodities": Listed(
        "finding", "Find goods by a name or a code, the closest first. What is found is a suggestion.", ASK
    ),
    "companies": Listed(
        "finding", "Find companies by a name, the closest first. A name that is alike identifies nobody.", ASK
    ),
    "proof": Listed("proofs", "Save an event and its proof in two files, which can be verified offline.", ASK),
    "evidence": Listed(
        "proofs", "Ask one question, and save the answer with all the events it rests on and their proofs.", ASK
    ),
    "mcp": Listed("mcp", "Serve the register as tools for an assistant (MCP), over standard input and output.", ASK),
    "post": Listed("post", "Record an event, or a batch: all of it or nothing.", ASK),
    "correct": Listed("mending", "Correct an event that was recorded wrongly, and show what changes.", ASK),
    "retract": Listed("mending", "Retract an event, so that it no longer counts, and show what changes.", ASK),
    "screen": Listed(
        "screening",
        "Answer a sheet of questions (CSV) of any length, row by row, and go on where it was interrupted.",
        ASK,
    ),
    "import-list": Listed(
        "lists",
        "Record an official list of parties. A newer edition adds, amends and takes off; the same one changes nothing.",
        ASK,
    ),
    "export": Listed(
        "log",
        "Write the whole log to a file that can be verified without a database, and imported into an empty one.",
    ),
    "import": Listed(
        "log",
        "Record the events of an export as they were, in a database that is empty, or was interrupted at this before.",
    ),
    "redact": Listed(
        "log", "Remove an event's data and source for good; an event that says who and why takes their place."
    ),
    "verify": Listed(
        "log", "Verify the log: every hash, the tree, its root, and the checkpoints that were kept elsewhere."
    ),
    "rebuild": Listed("tables", "Drop the read models and make them again from the log."),
    "settings": Listed("settings", "Print the page of all settings, write it, or compare it with the committed one."),
    "serve": Listed("serving", "Serve the register. First migrate its database (`lodestone db upgrade` or --upgrade)."),
    "run": Listed("serving", "Migrate, load the seeds, serve: a register to try, in one command."),
    "openapi": Listed("serving", "Print the OpenAPI document, write it, or compare it with the committed one."),
    "seeds": Listed("seeding", "Events that come with the register.", group=True),
    "db": Listed("db", "The database.", group=True),
    "keys": Listed("keys", "Access keys, and the key that checkpoints are signed with.", group=True),
}


class Commands(TyperGroup):
    """The table above as a group: its commands are only listed until one of them is chosen."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # typer keeps its types to itself
        name, chosen, rest = super().resolve_command(ctx, args)
        return name, loaded(chosen.name) if chosen and chosen.name else chosen, rest


def loaded(name: str) -> TyperCommand | TyperGroup:
    """The command itself, its module imported."""
    listed = COMMANDS[name]
    found = import_module(f"service.commands.{listed.module}").app
    group = get_group_from_info(
        TyperInfo(found), pretty_exceptions_short=True, rich_markup_mode="markdown", suggest_commands=True
    )
    chosen = group if listed.group else group.commands[name]
    chosen.name = name
    return chosen  # type: ignore[return-value]


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown")
for name, listed in COMMANDS.items():
    app.command(name, help=listed.line, rich_help_panel=listed.panel)(lambda: None)


def print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(help=HELP)
def lodestone(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  # Its callback answers.
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version, and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand in LOCAL and os.environ.get("LODESTONE_URL"):
        typer.echo("lodestone: this works on the database itself; the service of LODESTONE_URL is not asked.", err=True)
