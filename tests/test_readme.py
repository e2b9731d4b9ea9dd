"""The README's curl lines, as a newcomer copies them, against a register with the article in it."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import seeds
from service.app import create_app
from service.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)```\n```json\n(.*?)```", README, re.DOTALL)


def request_of(line: str) -> dict[str, Any]:
    """What curl would send."""
    words = iter(shlex.split(line)[1:])
    made: dict[str, Any] = {"method": "GET", "headers": {}}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            made["headers"][name] = value
        elif word == "-d":
            made |= {"method": "POST", "content": next(words)}
        else:
            made["url"] = word.removeprefix("http://127.0.0.1:8000")
    return made


def holds(part: Any, whole: Any, where: str = "") -> None:
    """Everything that the README shows stands in the answer, at the same place."""
    if isinstance(part, dict):
        for name, value in part.items():
            assert name in whole, f"{where}/{name}"
            holds(value, whole[name], f"{where}/{name}")
    elif isinstance(part, list):
        assert len(part) <= len(whole) and (part or not whole), where
        for index, value in enumerate(part):
            holds(value, whole[index], f"{where}/{index}")
    else:
        assert whole == part, where


def test_every_answer_that_the_readme_shows_is_the_one_given(database_url: str, tmp_path: Path) -> None:
    assert len(EXAMPLES) == 6
    settings = Settings(database_url=database_url, signing_key_file=tmp_path / "key")
    with TestClient(create_app(settings)) as client:
        for file in seeds.files("article"):
            seeds.load(client.app.state.register.log, file, lambda _done, _of: None)  # type: ignore[attr-defined]
        for line, shown in EXAMPLES:
            response = client.request(**request_of(line))
            assert response.is_success, response.text
            holds(json.loads(shown), response.json())


@pytest.mark.parametrize("path", re.findall(r"^\| `([\w/.]+)` \|", README, re.MULTILINE))
def test_every_place_that_the_readme_names_is_there(path: str) -> None:
    assert (Path(__file__).parents[1] / path).exists()
