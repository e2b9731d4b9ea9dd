"""`lodestone serve`, `run` and `openapi`: what starts the service, and what it publishes about itself."""

import errno
import gc
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from fastapi import FastAPI

from service.api.http.access import loopback
from service.api.http.protocol import Bounds, protocol
from service.app import create_app
from service.commands import keys
from service.commands.seeding import SeedName, load_seeds
from service.commands.tables import upgrade
from service.errors import Unavailable
from service.log import database
from service.log.database import missing_file
from service.logs import log_in_lines
from service.projections.rebuild import unfit
from service.settings import Settings
from service.terminal import complain, say, settings_of, telling

SWITCH_S = 0.0005
"""How long a thread that works on an answer keeps the interpreter from the event loop, which asks for it anew for each
connection that it reads from. At Python's own 5 ms the loop would fall behind by seconds where all places are taken."""
GARBAGE = (10_000, 20, 20)
"""After how many new objects the interpreter looks for those that only hold each other. A request makes some hundreds,
and nearly all of them end with it: at Python's own 700, a look comes with each second request."""
DATABASE_TIMEOUT_S, DATABASE_PAUSE_S = 60, 1
"""How long a database that is to be migrated is waited for."""

app = typer.Typer()

Host = Annotated[str | None, typer.Option(help="The address to listen on; LODESTONE_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on; LODESTONE_PORT.")]


def refuse_to_expose(settings: Settings) -> None:
    """Exits where the register would be open to others, and nobody could hold a key for it."""
    if settings.access_key is None and not loopback(settings.host) and not keys.any_usable(settings):
        complain.print(
            f"lodestone: {settings.host} is not a loopback address, and there is no access key. "
            "Make one with `lodestone keys create`, set LODESTONE_ACCESS_KEY, or listen on 127.0.0.1."
        )
        raise typer.Exit(2)


def refuse_unfit(settings: Settings) -> None:
    """Raises Unavailable where the database is none that can be served, with what to do about it. One that is away for
    now is waited for: /health/ready tells when it is there."""
    if file := missing_file(settings.database_url):
        raise Unavailable(f"There is no database in {file}: run `lodestone db upgrade`.")
    try:
        with database.opened(settings.database_url) as engine, database.reading(engine) as connection:
            said = unfit(connection)
    except Unavailable as failed:
        if failed.lasting:
            raise
        return
    if said:
        raise Unavailable(said)


class Server(uvicorn.Server):
    """Says what to open once it listens, which is when the port is known."""

    def __init__(self, config: uvicorn.Config, welcome: Callable[[str], None], leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._welcome = welcome
        self._leaving = leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            # All that was made so far stays: no look for garbage goes through it again, for a quarter of a second.
            gc.collect()
            gc.freeze()
            self._welcome(f"http://{host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before open requests are waited for: a feed has no end of its own.
        self._leaving()
        await super().shutdown(sockets)


def doors(settings: Settings) -> list[socket.socket]:
    """The port, bound on each address of the host, where nobody is let in yet. Raises Unavailable.

    This comes before anything else, so that a port in use costs no time and leaves no trace.
    """
    opened: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            door = socket.socket(family, kind, protocol)
            opened.append(door)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            door.bind(address)
    except OSError as failed:
        for door in opened:
            door.close()
        raise cannot_listen(settings.host, settings.port, failed) from failed
    return opened


def listen(settings: Settings, opened: list[socket.socket]) -> None:
    """Raises Unavailable: two that start at once may both have bound the port, and only one of them can listen.

    The event loop would not tell.
    """
    try:
        for door in opened:
            door.listen()
    except OSError as failed:
        raise cannot_listen(settings.host, settings.port, failed) from failed


def cannot_listen(host: str, port: int, failed: OSError) -> Unavailable:
    if failed.errno == errno.EADDRINUSE:
        return Unavailable(
            f"Port {port} of {host} is in use: stop what listens there, or give another with --port, which is PORT "
            f"where make starts it (make run PORT={port + 1 if port < 65535 else 8000})."
        )
    return Unavailable(
        f"Port {port} of {host} cannot be listened on ({failed.strerror}): give another with --port, which is PORT "
        "where make starts it, or another address with --host."
    )


def stop_speaking(served: FastAPI) -> None:
    """Ends the feeds. They are there once the service has started."""
    served.state.growth.stop()


def bounds_of(settings: Settings) -> Bounds:
    return Bounds(
        settings.head_timeout_s,
        settings.body_timeout_s,
        settings.read_timeout_s,
        # The first line, and all headers, each with what stands between them.
        head_bytes=2 * settings.max_query_bytes + settings.max_header_bytes + 4 * settings.max_headers + 1_000,
        connections=settings.max_connections,
    )


def run_server(settings: Settings, opened: list[socket.socket], welcome: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what is open and ends the process with status 0."""
    listen(settings, opened)
    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(*GARBAGE)
    lines = log_in_lines()
    served = create_app(settings, request_log=lines if settings.log_requests else None, speaks=True)
    config = uvicorn.Config(
        served,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=protocol(bounds_of(settings)),
        ws="none",
        timeout_keep_alive=settings.idle_timeout_s,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_timeout_s,
    )
    # uvicorn raises the signal again once it has stopped; to stop when asked to is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server = Server(config, welcome, lambda: stop_speaking(served))
    # A terminal that was closed ends it as SIGTERM does, unless it was started by nohup.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, server.handle_exit)
    try:
        server.run(opened)
    finally:
        lines.close()
    # Everything is closed. To take itself apart, and to wait for threads that nobody needs any more, the interpreter
    # takes a second or more on a busy machine.
    sys.stdout.flush()
    os._exit(0)


def prepare(settings: Settings) -> None:
    """Migrates the database, once it answers, and makes the signing key where there is none. Of several processes that
    start at once one migrates, and the others wait for it. Raises Unavailable."""
    deadline = time.monotonic() + DATABASE_TIMEOUT_S
    while True:
        try:
            upgrade(settings)
            break
        except Unavailable as failed:
            if failed.lasting or not failed.cause or time.monotonic() > deadline:
                raise
        time.sleep(DATABASE_PAUSE_S)
    keys.key_made(settings.signing_key_file, "localhost/lodestone")


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    upgrade_first: Annotated[
        bool,
        typer.Option(
            "--upgrade", help="First migrate the database, and make a signing key where there is none: for containers."
        ),
    ] = False,
) -> None:
    """Serve the register. First migrate its database (`lodestone db upgrade` or --upgrade)."""
    settings = settings_of(host=host, port=port)
    with telling():
        if upgrade_first:
            prepare(settings)
        refuse_to_expose(settings)
        opened = doors(settings)
        refuse_unfit(settings)
        run_server(settings, opened, lambda url: say.print(f"Lodestone listens on {url}"))


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
        opened = doors(settings)
        upgrade(settings)
        keys.key_made(settings.signing_key_file, "localhost/lodestone")
        load_seeds(settings, seed)
        run_server(settings, opened, lambda url: welcome(url, seed))


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


def _in_order(value: Any) -> Any:
    """The members of each object by name, but of several media types JSON first: a generator of clients may take the
    first one that it can read."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (name != "application/json", name))
        return {name: _in_order(value[name]) for name in names}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


@app.command()
def openapi(
    write: Annotated[bool, typer.Option("--write", help="Write openapi/openapi.json.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where openapi/openapi.json is another.")] = False,
) -> None:
    """Print the OpenAPI document, write it, or compare it with the committed one."""
    made = json.dumps(_in_order(create_app(Settings()).openapi()), indent=2, ensure_ascii=False) + "\n"
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
