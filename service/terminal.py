"""How commands speak: the answer to standard output, all else to standard error, a refusal in one sentence."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from service.errors import FieldError, LodestoneError, Unavailable
from service.log.note import NoteError
from service.settings import Settings

# Without markup: what is told may hold square brackets of its own.
say = Console(highlight=False, soft_wrap=True, markup=False)
complain = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


class Exit(IntEnum):
    """With which status a command ends. Shells and scripts rely on these numbers."""

    DONE = 0
    REFUSED = 1  # the register refuses it, or what was to be verified is not so
    USAGE = 2  # the command line itself, or a setting, cannot be read
    UNAVAILABLE = 3  # no register answers: no service, no database, too busy, or broken; or its port is in use
    NO_ACCESS = 4  # the service wants a key, or another one
    ROWS_UNREAD = 5  # some rows of a sheet could not be read; the others are answered


def settings_of(**given: Any) -> Settings:
    """The settings, from the environment and then from what the command was given. Exits where one cannot be read."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False):
            name = "LODESTONE_" + "_".join(str(part) for part in error["loc"]).upper()
            complain.print(f"lodestone: the setting {name} cannot be read: {error['msg']}")
        raise typer.Exit(Exit.USAGE) from invalid


@contextmanager
def telling(status: Exit = Exit.REFUSED) -> Iterator[None]:
    """What the register refuses is told in one sentence, with the fields at fault below, and without a traceback.

    `status` is what the command then ends with, unless nothing answered.
    """
    try:
        yield
    except (LodestoneError, NoteError) as refused:
        tell(str(refused), refused.errors if isinstance(refused, LodestoneError) else ())
        raise typer.Exit(Exit.UNAVAILABLE if isinstance(refused, Unavailable) else status) from refused


def tell(sentence: str, fields: Sequence[FieldError] = ()) -> None:
    complain.print(f"lodestone: {sentence}")
    for field in fields:
        complain.print(f"  {field.pointer or 'the whole'}: {field.detail}")


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, where a terminal is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=complain, transient=True, disable=not complain.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
