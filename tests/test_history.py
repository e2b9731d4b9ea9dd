"""The checker of histories tells each kind of fault, and nothing of a history without one."""

import pytest

from tests.history import KINDS, Fault, History, Seen, counted

LOG = [Seen(1, "a"), Seen(2, "b"), Seen(3, "c"), Seen(4, "d")]


def history() -> History:
    return History(
        acknowledged={"one": [LOG[0], LOG[2]], "other": [LOG[1]]},
        read={"reader": [[LOG[0], LOG[1]], [], [LOG[2], LOG[3]]]},
        sent={"a", "b", "c", "d"},
    )


def test_a_history_without_a_fault_has_none():
    """`d` was sent and never acknowledged, and may be there."""
    assert history().faults(LOG) == []
    assert counted([]) == dict.fromkeys(KINDS, 0)


def test_what_was_sent_and_never_acknowledged_may_be_missing():
    found = history()
    found.read["reader"].pop()
    assert found.faults(LOG[:3]) == []


@pytest.mark.parametrize(
    ("kind", "log"),
    [
        ("lost", [Seen(1, "a"), Seen(2, "b"), Seen(3, "d")]),
        ("duplicate", [*LOG, Seen(5, "a")]),
        ("gap", [*LOG[:3], Seen(5, "d")]),
        ("gap", [LOG[1], LOG[0], *LOG[2:]]),
        ("moved", [Seen(1, "b"), Seen(2, "a"), *LOG[2:]]),
        ("phantom", LOG[:3]),
        ("phantom", [*LOG, Seen(5, "of nobody")]),
    ],
)
def test_a_log_that_contradicts_what_clients_saw_is_told_by_kind(kind: str, log: list[Seen]):
    assert counted(history().faults(log))[kind] >= 1


@pytest.mark.parametrize(
    ("kind", "pages"),
    [
        ("gap", [[LOG[0], LOG[2]]]),
        ("gap", [[LOG[0]], [LOG[2]]]),
        ("reorder", [[LOG[0], LOG[1]], [LOG[1]]]),
        ("reorder", [[LOG[0], LOG[1], LOG[0]]]),
        ("moved", [[Seen(1, "b")]]),
    ],
)
def test_a_reader_that_saw_another_order_is_told(kind: str, pages: list[list[Seen]]):
    found = history()
    found.read = {"reader": pages}
    assert kind in {fault.kind for fault in found.faults(LOG)}


def test_a_writer_whose_later_event_comes_earlier_is_told():
    found = history()
    found.acknowledged["one"] = [LOG[2], LOG[0]]
    assert found.faults(LOG) == [Fault("reorder", "a was sent after position 3 was told, and is at 1")]
