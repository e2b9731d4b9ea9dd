"""The README's commands, as a newcomer copies them, against a register with all seeds."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from scripts import readme_answers
from service.app import create_app
from service.log.database import migrate
from service.settings import Settings
from tests.client import TestClient

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n```json\n(.*?)```", re.DOTALL)


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
            made["url"] = re.sub(r"^http://127\.0\.0\.1:[0-9]+", "", word)
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


def test_the_readme_asks_three_questions_and_one_over_http() -> None:
    assert (len(readme_answers.EXAMPLE.findall(README)), len(EXAMPLE.findall(README))) == (3, 1)


@pytest.fixture(scope="module")
def corpus_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database as `make run` makes it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('readme') / 'all.db'}"
    migrate(url)
    readme_answers.load(url)
    return url


def test_each_command_prints_the_whole_answer_that_the_readme_shows(corpus_url: str) -> None:
    """Where they differ: python -m scripts.readme_answers writes them anew."""
    assert readme_answers.written(README, corpus_url) == README


def test_the_answer_over_http_is_the_one_given(corpus_url: str, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(database_url=corpus_url, signing_key_file=tmp_path / "key"))) as client:
        for line, shown in EXAMPLE.findall(README):
            response = client.request(**request_of(line))
            assert response.is_success, response.text
            holds(json.loads(shown), response.json())


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_that_a_page_links_is_there(page: Path) -> None:
    linked = re.findall(r"\]\(([\w/.-]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8"))
    assert not [path for path in linked if not (page.parent / path).exists()]
