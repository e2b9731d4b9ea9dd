"""The command line: what serves, and what is in `commands`."""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from service import key_commands, seeds, setting_commands
from service.api.access import loopback
from service.app import create_app, open_register
from service.commands import ask, calendar, events, log, post, status
from service.log.database import engine_for, migrate
from service.logs import log_in_lines
from service.projections.rebuild import rebuild as rebuild_all
from service.projections.rebuild import stands_at_head
from service.seeds.check import check as seeds_found
from service.settings import Settings
from service.terminal import bar, complain, say, settings_of, telling

HELP = """A register of export restrictions, trade licenses and the diplomacy around them.

Commands that ask or record work on the database of LODESTONE_DATABASE_URL, or on the service of --url (LODESTONE_URL).
They end with 0; 1: refused, or not so; 2: the command line cannot be read; 3: nothing answers; 4: no access.
"""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=HELP)
db_app = typer.Typer(no_args_is_help=True, help="The database.")
seeds_app = typer.Typer(no_args_is_help=True, help="Events that come with the register.")
app.add_typer(db_app, name="db")
app.add_typer(seeds_app, name="seeds")
for group in (status, ask, calendar, events, post):
    app.add_typer(group.app, rich_help_panel="Ask and record")
app.add_typer(log.app)
app.add_typer(key_commands.app, name="keys")
app.add_typer(setting_commands.app)
db_app.add_typer(log.db_app)


class SeedName(StrEnum):
    ALL = "all"
    ARTICLE = "article"
    CORPUS = "corpus"
    NONE = "none"


Host = Annotated[str | None, typer.Option(help="The address to listen on; LODESTONE_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on; LODESTONE_PORT.")]


def refuse_to_expose(settings: Settings) -> None:
    """Exits where the register would be open to others, and nobody could hold a key for it."""
    if settings.access_key is None and not loopback(settings.host) and not key_commands.any_usable(settings):
        complain.print(
            f"lodestone: {settings.host} is not a loopback address, and there is no access key. "
            "Make one with `lodestone keys create`, set LODESTONE_ACCESS_KEY, or listen on 127.0.0.1."
        )
        raise typer.Exit(2)


class Server(uvicorn.Server):
    """Says what to open once it listens, which is when the port is known."""

    def __init__(self, config: uvicorn.Config, welcome: Callable[[str], None]) -> None:
        super().__init__(config)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            self._welcome(f"http://{host}:{port}")


def run_server(settings: Settings, welcome: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what is open and ends the process with status 0."""
    lines = log_in_lines()
    config = uvicorn.Config(
        create_app(settings, log_requests=settings.log_requests),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_timeout_s,
    )
    # uvicorn raises the signal again once it has stopped; to stop when asked to is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    try:
        Server(config, welcome).run()
    finally:
        lines.close()
    # Everything is closed. To take itself apart, and to wait for threads that nobody needs any more, the interpreter
    # takes a second or more on a busy machine.
    sys.stdout.flush()
    os._exit(0)


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the register. Its database has been migrated (`lodestone db upgrade`)."""
    settings = settings_of(host=host, port=port)
    refuse_to_expose(settings)
    with telling():
        run_server(settings, lambda url: say.print(f"Lodestone listens on {url}"))


@app.command()
def run(
    port: Port = None,
    seed: Annotated[SeedName, typer.Option(help="What to load first.")] = SeedName.ALL,
    host: Host = None,
) -> None:
    """Migrate, load the seeds, serve: a register to try, in one command."""
    settings = settings_of(host=host, port=port)
    refuse_to_expose(settings)
    with telling():
        upgrade(settings)
        key_commands.key_made(settings.signing_key_file, "localhost/lodestone")
        load_seeds(settings, seed)
        run_server(settings, lambda url: welcome(url, seed))


def upgrade(settings: Settings) -> None:
    migrate(settings.database_url)
    engine = engine_for(settings.database_url)
    try:
        if not stands_at_head(engine):
            with bar("Rebuilding the read models") as progress:
                rebuild_all(engine, progress)
    finally:
        engine.dispose()


ABOUT_THE_ARTICLE = ("/v1/countries/IN/status?commodity=rare_earth_magnets&as_of=2025-10-31",)
ABOUT_THE_CORPUS = ("/v1/countries/US/status?controller=CN&commodity=gallium", "/v1/calendar")
QUESTIONS = {
    SeedName.ALL: ABOUT_THE_CORPUS,
    SeedName.ARTICLE: ABOUT_THE_ARTICLE,
    SeedName.CORPUS: ABOUT_THE_CORPUS,
    SeedName.NONE: ("/v1/events",),
}
"""What a newcomer may ask first, of what was loaded."""


def welcome(url: str, seed: SeedName) -> None:
    say.print(f"\nLodestone listens on {url}\n")
    say.print(f"  open   {url}/docs")
    for question in QUESTIONS[seed]:
        say.print(f"  ask    curl '{url}{question}'")
    say.print("\nStop it with Ctrl-C.\n")


def load_seeds(settings: Settings, name: SeedName) -> None:
    found = seeds.read(name)
    if not found:
        if name is not SeedName.NONE:
            complain.print(f"lodestone: this version comes with no {name}; nothing was loaded.")
        return
    register = open_register(settings)
    try:
        with bar("Loading the seeds") as progress:
            loaded = seeds.load(register.log, found, progress)
    finally:
        register.log.close()
        register.engine.dispose()
    say.print(f"Seeds ({name}): {loaded.total} events, {loaded.new} of them new.")
    for first, reason in loaded.conflicting[:1]:
        complain.print(
            f"lodestone: {len(loaded.conflicting)} of them go against what this register holds, which stands; "
            f"the first is {first.place}: {reason}"
        )


@seeds_app.command("load")
def seeds_load(name: Annotated[SeedName, typer.Argument(help="Which seeds.")] = SeedName.ALL) -> None:
    """Record the seeds' events. What is recorded already stays as it is."""
    with telling():
        load_seeds(settings_of(), name)


@seeds_app.command("check")
def seeds_check(
    folder: Annotated[Path | None, typer.Argument(help="Seeds elsewhere: article.jsonl and corpus/*.jsonl.")] = None,
    remarks: Annotated[bool, typer.Option("--remarks", help="Show what is worth a look, too.")] = False,
) -> None:
    """Hold the seeds against the rules that they keep, without a database. Fails where a line is at fault."""
    with telling():
        total, found = seeds_found(folder)
        faults = [finding for finding in found if finding.fault]
        for finding in found if remarks else faults:
            complain.print(f"{'' if finding.fault else 'remark: '}{finding}")
        say.print(f"Seeds: {total} events, {len(faults)} faults, {len(found) - len(faults)} remarks.")
    if faults:
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's tables to the newest version, and the read models to the log."""
    with telling():
        upgrade(settings_of())


@app.command()
def rebuild() -> None:
    """Drop the read models and make them again from the log."""
    with telling():
        engine = engine_for(settings_of().database_url)
        try:
            with bar("Rebuilding") as progress:
                through = rebuild_all(engine, progress)
        finally:
            engine.dispose()
        say.print(f"The read models are rebuilt up to log position {through}.")


@app.command()
def openapi(
    write: Annotated[bool, typer.Option("--write", help="Write openapi/openapi.json.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where openapi/openapi.json is another.")] = False,
) -> None:
    """Print the OpenAPI document, write it, or compare it with the committed one."""
    made = json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    file = Path("openapi/openapi.json")
    if write:
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    elif check:
        if not file.exists() or file.read_text(encoding="utf-8") != made:
            complain.print("lodestone: openapi/openapi.json is not what the code gives; run make openapi.")
            raise typer.Exit(1)
    else:
        typer.echo(made, nl=False)
