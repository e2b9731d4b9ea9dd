"""The facts that the corpus is made from: each that was seen is told, or is an exception with a reason."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from service import seeds
from service.seeds import Seed
from service.seeds.facts import facts, told_in
from tests.seeds.made_up import line, write

FACTS = (("F", 147), ("N", 50))
"""Those that the corpus began with, and those of the second gathering."""
SEEN = 189
MOST_EXCEPTIONS = 12
LISTED = facts(seeds.folder())


@pytest.fixture(scope="module")
def corpus() -> Sequence[Seed]:
    return seeds.read("corpus")


def test_the_list_holds_all_facts_and_how_each_was_seen():
    assert list(LISTED.verified) == [f"{kind}{number:03}" for kind, last in FACTS for number in range(1, last + 1)]
    assert set(LISTED.verified.values()) == {"tool", "memory"}
    assert len(LISTED.seen) == SEEN


def test_every_seen_fact_is_told_or_excepted_and_none_is_both(corpus: Sequence[Seed]):
    told = told_in(corpus) & LISTED.seen
    excepted = set(LISTED.exceptions)
    assert told & excepted == set()
    assert told | excepted == LISTED.seen
    assert len(told) + len(excepted) == SEEN


def test_there_are_few_exceptions_and_each_has_its_reason():
    assert len(LISTED.exceptions) <= MOST_EXCEPTIONS
    assert all(reason.endswith(".") for reason in LISTED.exceptions.values())


def test_a_fact_from_memory_is_left_out_or_marked_or_was_seen_on_a_page_since(corpus: Sequence[Seed]):
    for seed in corpus:
        for id_ in told_in([seed]) - LISTED.seen:
            seen_since = LISTED.seen_since.get(id_)
            marked = seed.event.metadata.get("unverified") is True and seed.event.source["tier"] == "commentary"
            assert marked or (seen_since or "").startswith("https://"), f"{seed.place} tells of {id_}"


def test_what_was_seen_since_is_told_from_that_page(corpus: Sequence[Seed]):
    for id_, page in LISTED.seen_since.items():
        assert LISTED.verified[id_] == "memory"
        assert page in {seed.event.source.get("url") for seed in corpus if id_ in told_in([seed])}


def test_the_ids_told_are_those_in_the_metadata_without_the_article_s(tmp_path: Path):
    def note(slug: str, **metadata: str) -> dict[str, object]:
        data = {"kind": "market", "text": f"Prices rose, {slug}."}
        return line(f"note/{slug}", "note.recorded", data, metadata=metadata)

    write(tmp_path, a=[note("a", fact="F002 F003"), note("b", fact="A01 F003"), note("c", about="F004"), note("d")])
    assert told_in(seeds.read("corpus", tmp_path)) == {"F002", "F003"}


def test_the_list_can_be_read_in_a_diff():
    text = (seeds.folder() / "corpus" / "facts.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
