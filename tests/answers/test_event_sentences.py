"""An event in one sentence, with its vague days in words."""

from contextlib import ExitStack
from datetime import date

import pytest

from service.domain.catalogue import TYPES
from service.log import read
from service.projections.seen import Seen
from service.register.event_sentence import Sentences
from service.register.titles import in_words
from service.seeds import files
from service.settings import Settings
from tests.answers.facts import JAY, DirectRegister, announced, corrected, granted, registered, retracted, suspended


def sentences(register: DirectRegister) -> list[str]:
    with register.register.reading() as connection:
        head = register.register.head.position
        told = Sentences(connection, Seen(head, None), date(2025, 7, 1))
        return [told.of(event) for event in read.page(connection, 0, head)]


@pytest.fixture
def register(sqlite_url: str) -> object:
    with ExitStack() as stack:
        yield DirectRegister(Settings(database_url=sqlite_url), stack)


def test_an_act_is_told_by_who_acts_and_by_what_it_is_called(register: DirectRegister):
    register.record(
        announced("a", said={"title": "The text"}),
        suspended("a", "2025-05-01", "[2025-11-09,2025-11-10]"),
        registered("jay", "Jay Ushin Ltd", "IN"),
        granted("l", destination="IN", end_users=[{"company": "company/jay"}]),
    )
    first, suspension, company, license_ = sentences(register)
    assert first.startswith("China announces ") and "licensing requirement, in force from 4 April 2025" in first
    assert suspension.startswith("China suspends ")
    assert suspension.endswith(" until 9 November 2025 or 10 November 2025")
    assert company == "Jay Ushin Ltd (India) is registered"
    assert license_.startswith("China grants an individual license for India (Jay Ushin Ltd")


def test_a_correction_and_a_retraction_name_what_they_are_about(register: DirectRegister):
    first, other = granted("l", destination="IN", end_users=[JAY]), announced("a")
    register.record(first, other, corrected(first, destination="DE"), retracted(other))
    assert [one.partition(":")[0] for one in sentences(register)[2:]] == [
        "Correction about the individual license of China for Germany",
        # Nothing is left that could have a title.
        "Retraction about restriction/a",
    ]


def test_every_event_of_the_seeds_has_a_sentence_of_its_own_words(register: DirectRegister):
    told = files.read("all")
    for start in range(0, len(told), 100):
        register.register.log.append([seed.event for seed in told[start : start + 100]], "tests")
    found = sentences(register)
    assert len(found) == len(told)
    for one in found:
        assert one and "{" not in one and "None" not in one.split()
        # No sentence falls back on the name of the event's type.
        assert not any(one.startswith(name) for name in TYPES)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("2025-04-04", "4 April 2025"),
        ("2025-04", "April 2025"),
        ("2025", "2025"),
        ("../2025-11-24", "some day up to 24 November 2025"),
        ("2025-11-24/..", "some day from 24 November 2025 on"),
        ("2025-04-21/2025-04-30", "some day from 21 April 2025 to 30 April 2025"),
        ("[2025-11-09,2025-11-10]", "9 November 2025 or 10 November 2025"),
        ("2025-10-30T12:00:00Z", "30 October 2025"),
        ("open", "an open end"),
        ("not a day", "not a day"),
    ],
)
def test_a_stated_day_is_read_back_in_words(stated: str, words: str):
    assert in_words(stated) == words
