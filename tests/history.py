"""What clients of a register sent and saw while it was disturbed, and whether that is one history.

Writers send an event again with the same id until it is acknowledged. Readers follow the log. Afterwards the whole log
is read once more, and everything is held against it. Pure: nothing here speaks to a register.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

KINDS = ("lost", "duplicate", "gap", "reorder", "moved", "phantom")


@dataclass(frozen=True, slots=True)
class Seen:
    """An event at its position, as a client was told."""

    position: int
    id: str


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    said: str


@dataclass
class History:
    """`acknowledged`: by writer, each in the order that it sent; the next one was sent after the one before it was
    acknowledged. `read`: by reader, the pages in the order that they came. `sent`: the id of everything ever sent.
    """

    acknowledged: dict[str, list[Seen]] = field(default_factory=dict)
    read: dict[str, list[list[Seen]]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    attempts: int = 0
    """How many requests writers sent, retries among them."""

    def acknowledgements(self) -> int:
        return sum(len(seen) for seen in self.acknowledged.values())

    def faults(self, log: Sequence[Seen]) -> list[Fault]:
        """All that contradicts the log, as it was read at the end from its beginning."""
        place = {one.id: one.position for one in log}
        return [
            *_of_the_log(log),
            *(fault for seen in self.acknowledged.values() for fault in _of_a_writer(seen, place)),
            *(fault for pages in self.read.values() for fault in _of_a_reader(pages, place)),
            *(Fault("phantom", f"{one.id} was sent by nobody") for one in log if one.id not in self.sent),
        ]


def counted(faults: Sequence[Fault]) -> Mapping[str, int]:
    """How many there are of each kind."""
    found = Counter(fault.kind for fault in faults)
    return {kind: found[kind] for kind in KINDS}


def _of_the_log(log: Sequence[Seen]) -> Iterator[Fault]:
    for expected, one in enumerate(log, 1):
        if one.position != expected:
            yield Fault("gap", f"position {expected} is missing, {one.position} comes in its place")
            break
    for id_, count in Counter(one.id for one in log).items():
        if count > 1:
            yield Fault("duplicate", f"{id_} is recorded {count} times")


def _of_a_writer(seen: Sequence[Seen], place: Mapping[str, int]) -> Iterator[Fault]:
    last = 0
    for one in seen:
        if one.id not in place:
            yield Fault("lost", f"{one.id} was acknowledged at {one.position}")
        elif place[one.id] != one.position:
            yield Fault("moved", f"{one.id} was acknowledged at {one.position} and is at {place[one.id]}")
        if one.position <= last:
            yield Fault("reorder", f"{one.id} was sent after position {last} was told, and is at {one.position}")
        last = max(last, one.position)


def _of_a_reader(pages: Sequence[Sequence[Seen]], place: Mapping[str, int]) -> Iterator[Fault]:
    last = 0
    for one in (one for page in pages for one in page):
        if one.position <= last:
            yield Fault("reorder", f"position {one.position} was read after {last}")
        elif one.position > last + 1:
            yield Fault("gap", f"position {one.position} was read right after {last}")
        if one.id not in place:
            yield Fault("phantom", f"{one.id} was read at {one.position}, and is not in the log")
        elif place[one.id] != one.position:
            yield Fault("moved", f"{one.id} was read at {one.position} and is at {place[one.id]}")
        last = max(last, one.position)
