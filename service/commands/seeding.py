"""`lodestone seeds`: events that come with the register."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service import seeds
from service.app import open_register
from service.commands import show
from service.domain.countries import name_of
from service.seeds.check import check as seeds_found
from service.seeds.freshness import freshness
from service.settings import Settings
from service.terminal import Exit, bar, complain, say, settings_of, telling

app = typer.Typer(no_args_is_help=True, help="Events that come with the register.")


class SeedName(StrEnum):
    ALL = "all"
    ARTICLE = "article"
    CORPUS = "corpus"
    NONE = "none"


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
        register.close()
    say.print(f"Seeds ({name}): {loaded.total} events, {loaded.new} of them new.")
    for first, reason in loaded.conflicting[:1]:
        complain.print(
            f"lodestone: {len(loaded.conflicting)} of them go against what this register holds, which stands; "
            f"the first is {first.place}: {reason}"
        )


@app.command("load")
def seeds_load(name: Annotated[SeedName, typer.Argument(help="Which seeds.")] = SeedName.ALL) -> None:
    """Record the seeds' events. What is recorded already stays as it is."""
    with telling():
        load_seeds(settings_of(), name)


@app.command("check")
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
        raise typer.Exit(Exit.REFUSED)


@app.command("freshness")
def seeds_freshness(
    folder: Annotated[Path | None, typer.Argument(help="Seeds elsewhere: corpus/*.jsonl.")] = None,
) -> None:
    """Say of each controlling country what the corpus holds, and through which day its sources were looked at."""
    with telling():
        found = freshness(seeds.read("corpus", folder))
    show.table(
        ("Country", "Measures", "Licenses", "Newest source", "Checked through"),
        [
            (
                name_of(one.country),
                str(one.measures),
                str(one.licenses),
                str(one.newest or "-"),
                str(one.checked or "never"),
            )
            for one in found
        ],
        heads=1,
    )
