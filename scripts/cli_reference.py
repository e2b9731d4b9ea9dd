"""Writes what every --help says into docs/cli.md; with --check it fails where the page says something else."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from typer import Typer
from typer.testing import CliRunner

from service.cli import COMMANDS, app, loaded

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
START = "<!-- What follows is made by make cli-reference. -->\n"
# As wide wherever it is made, and without the color that some environments ask for.
PLAIN = {"COLUMNS": "110", "NO_COLOR": "1"}
STYLED = re.compile(r"\x1b\[[0-9;]*m")


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    made = text.partition(START)[0] + START + reference(app)
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif text != made:
        sys.exit("lodestone: docs/cli.md is not what --help says; run make cli-reference.")


def reference(commands: Typer) -> str:
    titles = {" ".join(["lodestone", *path]): said(commands, path) for path in paths()}
    return "".join(f"\n### {title}\n\n```text\n{text}\n```\n" for title, text in titles.items())


def paths() -> Iterator[list[str]]:
    """The words that lead to each command and group, the whole first."""
    yield []
    for name in sorted(COMMANDS):
        yield [name]
        yield from ([name, below] for below in sorted(getattr(loaded(name), "commands", {})))


def said(commands: Typer, path: list[str]) -> str:
    outcome = CliRunner().invoke(commands, [*path, "--help"], env=PLAIN, prog_name="lodestone")
    return "\n".join(line.rstrip() for line in STYLED.sub("", outcome.output).splitlines()).strip()


if __name__ == "__main__":
    main()
