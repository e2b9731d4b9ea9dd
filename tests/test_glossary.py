"""The glossary has every word that an answer can use."""

from pathlib import Path
from typing import get_args

import pytest

from service.domain.answer import Control, Covered, Standing
from service.domain.license.on_day import State
from service.domain.parties import How
from service.domain.restriction.events import RestrictionKind
from service.domain.restriction.quota import QuotaState
from service.domain.restriction.schedule import PHASES
from service.domain.sources import Tier

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
CAUSES = ROOT / "docs" / "how-an-answer-follows.md"
WORDS = [
    *(
        word
        for words in (Control, Standing, Covered, State, How, RestrictionKind, QuotaState)
        for word in get_args(words)
    ),
    *PHASES,
    *Tier,
]


@pytest.mark.parametrize("word", dict.fromkeys(WORDS))
def test_every_word_of_an_answer_is_explained(word: str) -> None:
    assert f"`{word}`" in GLOSSARY


def test_every_cause_of_a_standing_is_explained() -> None:
    rows = [
        line
        for line in CAUSES.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| `possible`", "| `none`"))
    ]
    causes = {word for row in rows for word in row.rpartition(" | ")[2].split("`")[1::2]}
    assert causes >= {"class_member", "barred", "expired"}
    assert not {cause for cause in causes if f"`{cause}`" not in GLOSSARY}
