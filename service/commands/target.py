"""Which register a command asks, and how it tells what was refused: the same for each command that asks the API."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import structlog
import typer

from service.client import Client, Declined, Target, opened
from service.domain.countries import code_of, name_of, names, spelled_alike
from service.errors import FieldError
from service.terminal import Exit, settings_of, tell, telling

PANEL = "Which register"

Url = Annotated[
    str | None,
    typer.Option(
        envvar="LODESTONE_URL",
        show_envvar=False,
        rich_help_panel=PANEL,
        help="Ask the service at this address; without it, the local database. [LODESTONE_URL]",
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        envvar="LODESTONE_KEY",
        show_envvar=False,
        rich_help_panel=PANEL,
        help="The service's key. Better in the environment: other users of a machine see options. [LODESTONE_KEY]",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly what the API answers.")]
AsOf = Annotated[str | None, typer.Option(help="The day in the world, YYYY-MM-DD; today where left out.")]
PublicBy = Annotated[str | None, typer.Option(help="Only what was published by the end of this day, YYYY-MM-DD.")]
KnownAt = Annotated[
    str | None, typer.Option(help="What was known: a log position, or an instant such as 2025-10-31T12:00:00Z.")
]


def country_codes(incomplete: str) -> list[tuple[str, str]]:
    """What a shell offers for a country."""
    return [(code, name) for code, name in sorted(names().items()) if code.startswith(incomplete.upper())]


def country(text: str | None) -> str | None:
    """A country's code, from its code or its name. What looks like a code stays as it is: the API knows them best.

    Raises BadParameter, with the names that are spelled alike.
    """
    if not text or (found := code_of(text)):
        return found if text else text
    if len(text) == 2:
        return text.upper()
    raise typer.BadParameter(f"no country is called {text}{or_else(spelled_alike(text))}")


def or_else(codes: Sequence[str]) -> str:
    """A question with the countries that may be meant; nothing where there is none."""
    named = [f"{name_of(code)} ({code})" for code in codes]
    return f"; did you mean {', '.join(named[:-1])}{' or ' if named[1:] else ''}{named[-1]}?" if named else ""


def country_option(says: str, panel: str | None = None) -> Any:
    """An option that takes a country, by its code or its name."""
    return typer.Option(autocompletion=country_codes, callback=country, rich_help_panel=panel, help=says)


@contextmanager
def register(
    url: str | None, key: str | None, *, as_json: bool = False, naming: Callable[[str], str] | None = None
) -> Iterator[Client]:
    """The register that is meant. What it declines is told in a sentence with the fields at fault, and ends the
    command; with --json, the problem itself is printed too. `naming` says how a person calls a field."""
    log_to_standard_error()
    with telling(Exit.USAGE):
        target = Target(url or None, key)
    with telling():
        try:
            with opened(target, settings_of()) as client:
                yield client
        except Declined as declined:
            if as_json:
                emit(declined.body)
            decline(target, declined, naming or option)
            raise typer.Exit(status_of(declined)) from declined


def log_to_standard_error() -> None:
    """What a register in this process logs must not stand among its answers."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def decline(target: Target, declined: Declined, naming: Callable[[str], str]) -> None:
    tell(str(declined), [FieldError(naming(field.pointer), field.detail) for field in declined.fields])
    if declined.status == 401:
        tell("Set LODESTONE_KEY to a key of this service.")
    if declined.status == 503 and target.url is None:
        tell("`lodestone db upgrade` makes its tables where they are missing or old.")


def status_of(declined: Declined) -> Exit:
    if declined.status in (401, 403):
        return Exit.NO_ACCESS
    return Exit.UNAVAILABLE if declined.status >= 500 or declined.status == 429 else Exit.REFUSED


def option(pointer: str) -> str:
    """A parameter of a query under the name of its option. A pointer into a body stays as it is."""
    return pointer if not pointer or pointer.startswith("/") else f"--{pointer.replace('_', '-')}"


def emit(body: bytes) -> None:
    """Writes what the API answered, byte for byte, and ends the line."""
    sys.stdout.flush()
    sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")
    sys.stdout.buffer.flush()
