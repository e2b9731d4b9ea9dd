"""The tutorial's steps, one after the other, on an empty register."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.test_readme import EXAMPLE, holds, request_of

TUTORIAL = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
STEPS = EXAMPLE.findall(TUTORIAL)


def test_every_step_of_the_tutorial_gives_what_it_shows(sqlite_url: str, tmp_path: Path) -> None:
    assert len(STEPS) == TUTORIAL.count("```sh") == 10
    settings = Settings(database_url=sqlite_url, signing_key_file=tmp_path / "key")
    with TestClient(create_app(settings)) as client:
        for line, shown in STEPS:
            response = client.request(**request_of(line))
            assert response.is_success, response.text
            holds(json.loads(shown), response.json())
