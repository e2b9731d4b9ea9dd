"""What `make run` proposes to ask first: a question that the loaded seeds answer."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from service import seeds
from service.app import create_app
from service.cli import app
from service.commands.seeding import SeedName
from service.commands.serving import QUESTIONS
from service.log.progress import silent
from service.settings import Settings
from tests.client import TestClient


@pytest.mark.parametrize("name", [name for name in SeedName if name is not SeedName.NONE])
def test_the_first_questions_are_answered(sqlite_url: str, tmp_path: Path, name: SeedName):
    with TestClient(create_app(Settings(database_url=sqlite_url, signing_key_file=tmp_path / "key"))) as client:
        seeds.load(client.app.state.register.log, seeds.read(name), silent)  # type: ignore[attr-defined]
        for question in QUESTIONS[name]:
            response = client.get(question)
            assert response.is_success
            controls = [one["control"] for one in response.json().get("controls", [])]
            assert "no_data" not in controls
            assert controls or "entries" in response.json()


def test_loading_says_how_many_events_there_are_and_how_many_are_new(sqlite_url: str):
    total = len(seeds.read("all"))
    environment = {"LODESTONE_DATABASE_URL": sqlite_url}
    for new in (total, 0):
        said = CliRunner().invoke(app, ["seeds", "load", "all"], env=environment)
        assert (said.exit_code, said.stdout) == (0, f"Seeds (all): {total} events, {new} of them new.\n")
