"""The tutorial's steps, one after the other, on an empty register."""

import json
import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from service.app import create_app
from service.cli import app
from service.settings import Settings
from tests.client import TestClient
from tests.test_readme import EXAMPLE, holds, request_of

TUTORIAL = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
STEPS = EXAMPLE.findall(TUTORIAL)


TYPED = re.findall(r"```sh\nlodestone (.*?)```\n```text\n(.*?)```", TUTORIAL, re.DOTALL)


def test_every_step_of_the_tutorial_gives_what_it_shows(sqlite_url: str, tmp_path: Path) -> None:
    assert len(STEPS) + len(TYPED) == TUTORIAL.count("```sh") == 13
    settings = Settings(database_url=sqlite_url, signing_key_file=tmp_path / "key")
    with TestClient(create_app(settings)) as client:
        for line, shown in STEPS:
            response = client.request(**request_of(line))
            assert response.is_success, response.text
            holds(json.loads(shown), response.json())
    for typed, shown in TYPED:
        line, _, sent = typed.partition(" <<'EOF'\n")
        done = CliRunner().invoke(
            app, shlex.split(line), input=sent.removesuffix("EOF\n"), env={"LODESTONE_DATABASE_URL": sqlite_url}
        )
        wanted = ".*".join(re.escape(part) for part in shown.rstrip().split("…"))
        assert re.fullmatch(wanted, done.output.rstrip(), re.DOTALL), f"{line}\n{done.output}"
