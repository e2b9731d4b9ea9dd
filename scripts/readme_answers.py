"""Writes the answers that README.md shows, as the register gives them; with --check it fails where they differ."""

import re
import shlex
import sys
import tempfile
from pathlib import Path

from typer.testing import CliRunner

from service import seeds
from service.app import open_register
from service.cli import app
from service.log.database import migrate
from service.log.progress import silent
from service.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "README.md"
EXAMPLE = re.compile(r"(```sh\n(lodestone .*?)\n```\n```text\n)(.*?)(```)", re.DOTALL)
# Where the log ended, and when: it differs each time that the seeds are loaded.
MOMENT = re.compile(r", as known at log position [0-9]+ \([^)]*\)")
COLUMNS = {"COLUMNS": "110", "NO_COLOR": "1"}


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'readme.db'}"
        migrate(url)
        load(url)
        made = written(text, url)
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif text != made:
        sys.exit("lodestone: README.md shows other answers than the register; run python -m scripts.readme_answers.")


def load(url: str) -> None:
    """What `make run` loads."""
    register = open_register(Settings(database_url=url))
    with register.log:
        seeds.load(register.log, seeds.read("all"), silent)
    register.leave()


def written(text: str, url: str) -> str:
    """The page with each command's whole answer behind it."""

    def filled(example: re.Match[str]) -> str:
        return example[1] + answer(example[2], url) + example[4]

    return EXAMPLE.sub(filled, text)


def answer(command: str, url: str) -> str:
    """What a command prints, without the moment of loading. Raises ValueError where it fails."""
    outcome = CliRunner().invoke(app, shlex.split(command)[1:], env={"LODESTONE_DATABASE_URL": url, **COLUMNS})
    if outcome.exit_code != 0:
        raise ValueError(f"{command}: {outcome.output}")
    return MOMENT.sub("", outcome.output)


if __name__ == "__main__":
    main()
