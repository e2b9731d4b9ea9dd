"""How commands speak: the answer to standard output, all else to standard error, a refusal in one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from service.errors import LodestoneError
from service.log.note import NoteError
from service.settings import Settings

# Without markup: what is told may hold square brackets of its own.
say = Console(highlight=False, soft_wrap=True, markup=False)
complain = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def settings_of(**given: Any) -> Settings:
    """The settings, from the environment and then from what the command was given. Exits where one cannot be read."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False):
            name = "LODESTONE_" + "_".join(str(part) for part in error["loc"]).upper()
            complain.print(f"lodestone: the setting {name} cannot be read: {error['msg']}")
        raise typer.Exit(2) from invalid


@contextmanager
def telling() -> Iterator[None]:
    """What the register refuses is told in one sentence, without a traceback."""
    try:
        yield
    except (LodestoneError, NoteError) as refused:
        complain.print(f"lodestone: {refused}")
        raise typer.Exit(1) from refused


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, where a terminal is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=complain, transient=True, disable=not complain.is_terminal) as progress:
        task = progress.add_task(title)
        yield lambda done, of: progress.update(task, completed=done, total=of)
