"""docs/cli.md says what the commands do: its examples are run, and its reference is what --help says."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from scripts import cli_reference

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```\n```text\n(.*?)```", PAGE.partition("## Reference")[0], re.DOTALL)


def pattern(shown: str) -> str:
    """What is shown, with anything where it is cut."""
    return ".*".join(re.escape(part) for part in shown.split("…"))


def test_every_example_of_the_page_prints_what_the_page_shows(
    lodestone_command: Path, sqlite_article: str, tmp_path: Path
):
    assert len(EXAMPLES) == 6
    shutil.copyfile(sqlite_article.removeprefix("sqlite:///"), tmp_path / "lodestone.db")
    env = {**os.environ, "PATH": f"{lodestone_command.parent}:{os.environ['PATH']}"}
    env["LODESTONE_DATABASE_URL"] = f"sqlite:///{tmp_path / 'lodestone.db'}"
    for typed, shown in EXAMPLES:
        done = subprocess.run(typed, shell=True, env=env, capture_output=True, text=True, timeout=60, check=False)
        printed = done.stdout + done.stderr
        assert re.fullmatch(pattern(shown), printed, re.DOTALL), f"{typed}\n{printed}"


@pytest.mark.parametrize("changed", [False, True])
def test_the_reference_is_what_help_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: bool):
    prose, start, made = PAGE.partition("## Reference")
    said = made.replace("--as-of", "--as-off", 1) if changed else made
    (tmp_path / "cli.md").write_text(prose + start + said, encoding="utf-8")
    monkeypatch.setattr(cli_reference, "PAGE", tmp_path / "cli.md")
    monkeypatch.setattr(sys, "argv", ["cli_reference", "--check"])
    with pytest.raises(SystemExit, match="make cli-reference") if changed else nullcontext():
        cli_reference.main()
