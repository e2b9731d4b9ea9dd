"""The README's curl lines, as a newcomer copies them, against a register with the seeds of their section."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service import seeds
from service.app import create_app
from service.log.progress import silent
from service.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n```json\n(.*?)```", re.DOTALL)
SEED_OF = {"Ask it something real": "all"}
"""The sections whose questions are asked of other seeds than the article."""


def examples(text: str) -> dict[str, list[tuple[str, str]]]:
    """By the seeds that they are asked of: each curl line, and what is shown of its answer."""
    found: dict[str, list[tuple[str, str]]] = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        seed = SEED_OF.get(section.partition("\n")[0].strip(), "article")
        found.setdefault(seed, []).extend(EXAMPLE.findall(section))
    return {seed: listed for seed, listed in found.items() if listed}


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


def test_a_section_is_asked_of_its_own_seeds() -> None:
    text = "# T\n## Five questions\n{0}## Ask it something real\n{0}{0}## Add to it\n{0}"
    shown = text.format("```sh\ncurl 'http://x'\n```\n```json\n{}\n```\n")
    assert {seed: len(listed) for seed, listed in examples(shown).items()} == {"article": 2, "all": 2}


def test_five_questions_and_an_addition_are_asked_of_the_article() -> None:
    assert len(examples(README)["article"]) == 6


def test_ten_questions_are_asked_of_everything() -> None:
    assert len(examples(README)["all"]) == 10


@pytest.mark.parametrize("seed", examples(README))
def test_every_answer_that_the_readme_shows_is_the_one_given(database_url: str, tmp_path: Path, seed: str) -> None:
    settings = Settings(database_url=database_url, signing_key_file=tmp_path / "key")
    with TestClient(create_app(settings)) as client:
        seeds.load(client.app.state.register.log, seeds.read(seed), silent)  # type: ignore[attr-defined]
        for line, shown in examples(README)[seed]:
            response = client.request(**request_of(line))
            assert response.is_success, response.text
            holds(json.loads(shown), response.json())


@pytest.mark.parametrize("path", re.findall(r"^\| `([\w/.]+)` \|", README, re.MULTILINE))
def test_every_place_that_the_readme_names_is_there(path: str) -> None:
    assert (Path(__file__).parents[1] / path).exists()
