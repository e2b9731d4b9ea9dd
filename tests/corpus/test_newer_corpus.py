"""A register that has an older corpus and loads this one answers as a fresh one does."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from service import seeds
from service.seeds import Seed
from tests.answers.facts import Register
from tests.conftest import SeededFile
from tests.corpus.conftest import register_of
from tests.world.conftest import QUESTIONS

FIRST = json.loads(Path(__file__).with_name("first_corpus.json").read_text(encoding="utf-8"))
"""The files of the first corpus: how many lines each had, and the SHA-256 of these."""
ARTICLE = "article.jsonl"
EACH = 8
"""Of the questions about the world, each eighth is asked of both."""
APART = ("because", "sources", "position", "known_at", "question", "links")
"""What of an answer depends on the order of the log alone."""


def older(all_seeds: Sequence[Seed]) -> list[Seed]:
    """The lines of the article and of the first corpus."""
    return [seed for seed in all_seeds if seed.line <= FIRST.get(Path(seed.file).name, [0])[0] or seed.file == ARTICLE]


@pytest.fixture(scope="module")
def upgraded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    every = seeds.read("all")
    folder = tmp_path_factory.mktemp("upgraded")
    with register_of(sqlite_template, folder, older(every), every) as register:
        yield register


@pytest.fixture(scope="module")
def fresh(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with register_of(seeded_file("all"), tmp_path_factory.mktemp("fresh")) as register:
        yield register


def test_the_older_corpus_is_a_true_part_of_this_one():
    every = seeds.read("all")
    assert 400 < len(older(every)) < len(every)


@pytest.mark.parametrize("name", FIRST)
def test_no_line_of_the_first_corpus_was_rewritten(name: str):
    lines, digest = FIRST[name]
    held = (seeds.folder() / "corpus" / name).read_bytes().splitlines()[:lines]
    assert hashlib.sha256(b"\n".join(held)).hexdigest() == digest


def test_both_answer_alike(fresh: Register, upgraded: Register):
    every = [question["ask"] for question in QUESTIONS if "ask" in question and "known_before" not in question]
    asked = every[::EACH]
    for question, one, other in zip(asked, fresh.answers(*asked), upgraded.answers(*asked), strict=True):
        assert shown(one) == shown(other), question


def shown(answer: Any) -> Any:
    """The answer without what the order of the log decides, and lists in one order."""
    if isinstance(answer, dict):
        return {name: shown(value) for name, value in answer.items() if name not in APART}
    if isinstance(answer, list):
        return sorted(json.dumps(shown(one), sort_keys=True) for one in answer)
    return answer


def test_every_old_line_stands_unchanged_under_its_id(fresh: Register, upgraded: Register):
    assert contents(fresh) == contents(upgraded)


def contents(register: Register) -> dict[str, Any]:
    found: dict[str, Any] = {}
    after = 0
    while page := register.get("/v1/events", after=after, limit=1000)["events"]:
        found |= {event["id"]: [event["stream"], event["type"], event["data"], event["source"]] for event in page}
        after = page[-1]["position"]
    return found
