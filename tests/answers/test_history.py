"""The history of a thing, a page at a time."""

import pytest

from service.api import things
from tests.answers.facts import JAY, Register, fact, granted


def test_the_pages_of_a_history_are_the_whole_of_it(register: Register):
    register.record(granted("l", JAY))
    register.record(*(fact("license/l", "license.suspended", {"reason": str(number)}) for number in range(4)))
    whole = register.get("/v1/licenses/l/history")
    assert (len(whole["history"]), whole["next_after"]) == (5, None)
    pages: list[list[object]] = []
    after: int | None = 0
    while after is not None:
        page = register.get("/v1/licenses/l/history", after=after, limit=2)
        pages.append(page["history"])
        after = page["next_after"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [entry for page in pages for entry in page] == whole["history"]


def test_a_page_behind_many_events_is_shorter_and_none_is_left_out(register: Register, monkeypatch: pytest.MonkeyPatch):
    register.record(granted("l", JAY))
    register.record(*(fact("license/l", "license.suspended", {"reason": str(number)}) for number in range(4)))
    # The states of the first three events take 1 + 2 + 3 records; each of the others is a page of its own.
    monkeypatch.setattr(things, "MOST_FOLDED", 6)
    pages = list[list[int]]()
    after: int | None = 0
    while after is not None:
        page = register.get("/v1/licenses/l/history", after=after)
        pages.append([entry["position"] for entry in page["history"]])
        after = page["next_after"]
    assert pages == [[1, 2, 3], [4], [5]]


def test_a_page_of_a_history_knows_no_more_than_it_is_asked_to(register: Register):
    register.record(granted("l", JAY), fact("license/l", "license.revoked", {}, effective="2025-05-01"))
    page = register.get("/v1/licenses/l/history", known_at=1, limit=1)
    assert ([entry["position"] for entry in page["history"]], page["next_after"]) == ([1], None)


def test_a_history_after_its_end_is_an_empty_page(register: Register):
    register.record(granted("l", JAY))
    assert register.get("/v1/licenses/l/history", after=1)["history"] == []
