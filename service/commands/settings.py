"""The command about settings: which there are, and the page that says so."""

from pathlib import Path
from typing import Annotated

import typer

from service.settings import reference
from service.terminal import complain

app = typer.Typer()
PAGE = Path("docs/settings.md")


@app.command()
def settings(
    write: Annotated[bool, typer.Option("--write", help=f"Write {PAGE}.")] = False,
    check: Annotated[bool, typer.Option("--check", help=f"Fail where {PAGE} says something else.")] = False,
) -> None:
    """Print the page of all settings, write it, or compare it with the committed one."""
    made = reference()
    if write:
        PAGE.write_text(made, encoding="utf-8")
    elif check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
            complain.print(f"lodestone: {PAGE} is not what the code gives; run lodestone settings --write.")
            raise typer.Exit(1)
    else:
        typer.echo(made, nl=False)
