"""The page for those who add to the corpus: its example is held against the check, its table against the catalogue."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

from service.domain import catalogue
from service.domain.sources import Tier
from service.seeds.check import check

PAGE = (Path(__file__).parents[2] / "docs" / "corpus.md").read_text(encoding="utf-8")
EXAMPLE = [line for block in re.findall(r"```jsonl\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def checked(where: Path, lines: list[str]) -> list[str]:
    (where / "corpus").mkdir(exist_ok=True)
    (where / "corpus" / "ch-helium.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [finding.asked for finding in check(where)[1]]


def test_the_example_keeps_every_rule(tmp_path: Path):
    assert len(EXAMPLE) == 8
    assert checked(tmp_path, EXAMPLE) == []


def test_the_contradiction_in_the_example_has_to_be_marked(tmp_path: Path):
    unmarked = [line.replace(', "metadata": {"contradicts": true}', "") for line in EXAMPLE]
    assert unmarked != EXAMPLE
    assert checked(tmp_path, unmarked) == ["what a higher tier sets aside is declared with metadata.contradicts"]


def test_the_ids_of_the_example_are_made_as_the_page_says():
    counted: dict[str, int] = {}
    for event in map(json.loads, EXAMPLE):
        counted[event["stream"]] = number = counted.get(event["stream"], 0) + 1
        assert event["id"] == str(uuid.uuid5(uuid.NAMESPACE_URL, f"{event['stream']} {number}"))


def named(cell: str) -> set[str]:
    """The event types of a cell; a name without its noun has that of the name before it."""
    found, noun = set(), ""
    for word in re.findall(r"`([a-z_.]+)`", cell):
        noun = word.partition(".")[0] if "." in word else noun
        found.add(word if "." in word else f"{noun}.{word}")
    return found


def rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_table_names_every_event_that_may_be_posted():
    told = {type_ for row in rows("Which event for which news") for type_ in named(row[1])}
    assert told - {"restriction.superseded_by"} == set(catalogue.POSTED)


def test_the_table_names_every_tier_from_the_highest_to_the_lowest():
    assert [row[1].strip("`") for row in rows("Whose word it is")] == [tier.value for tier in Tier]


def test_what_the_page_writes_for_vague_counts_and_parties_is_json():
    shown: list[Any] = [
        json.loads(text.replace("…", '""')) for text in re.findall(r"`(\{[^`]*\})`", PAGE.split("## What is vague")[1])
    ]
    assert len(shown) >= 5
