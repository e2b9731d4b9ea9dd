"""Appending: the only way into the log.

Requests of all threads go to one writer thread, which commits as many as wait together in one transaction. Each is
decided by itself; a refused one leaves no trace in the others. There are no savepoints: nothing is written before all
of the group is decided.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select, update

from service import errors
from service.domain.event import ProposedEvent, RecordedEvent
from service.log import about, merkle, read
from service.log.chance import random_16
from service.log.conditions import Condition, Subjects, first_match
from service.log.database import writing
from service.log.dialect import Insert, Rows, Update, write
from service.log.entry import Entry, Salt, check_text, event_row, prepare_batch
from service.log.group import Appended, Clock, Decide, Group, Known, Wanted
from service.log.instants import microseconds, now
from service.log.requests import RequestKey, outcomes_of
from service.log.requests import store as store_outcomes
from service.log.tables import events, nodes, payloads
from service.log.tables import head as heads

__all__ = ["Appended", "Clock", "Decide", "Log", "Observe", "Project", "Request", "Salt"]

Project = Callable[[Connection, Sequence[RecordedEvent]], None]
Observe = Callable[[Sequence[ProposedEvent], "Future[Appended]"], None]
"""Is told of each append, in the thread and context that asked for it. It must be quick, and raise nothing."""

_EVENTS, _PAYLOADS, _NODES = Insert(events), Insert(payloads), Insert(nodes)
_EMPTY = {"salt": None, "payload": None}
_MOVE_HEAD = Update("UPDATE head SET position = ?, recorded_at = ?, root = ?, peaks = ? WHERE one = 1")

_FENCE = update(heads).values(epoch=heads.c.epoch)

# A group ends at either number. More would not be faster, and would let the first of a group wait for the last.
GROUP_REQUESTS = 256
GROUP_EVENTS = 2_000
GATHERED_S = 0.001
"""How long a group waits for the next request of clients that were just answered together: without it the first of them
is a group of its own, and all others wait for its commit."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be recorded, prepared as far as that needs no lock; and what becomes of it."""

    wanted: Wanted
    answer: "Future[Appended]" = field(default_factory=Future)

    @property
    def events(self) -> list[ProposedEvent]:
        return [prepared.proposed for prepared in self.wanted.batch]


def _tell_nobody(_events: Sequence[ProposedEvent], _answer: "Future[Appended]") -> None:
    return


class Log:
    """Appends to the log of one database. Safe to share between threads; several processes may append at once.

    `decide` looks at each event under the lock and raises a Refused; `project` is given the accepted ones on the
    appending connection, inside the transaction. Both must be quick: everyone who appends waits for them. Readers
    need no Log. An engine of its own (`own_engine`) is disposed of when the log is closed.
    """

    def __init__(
        self,
        engine: Engine,
        decide: Decide,
        project: Project,
        *,
        subjects: Subjects = about.about_nothing,
        clock: Clock = now,
        salt: Salt = random_16,
        queue_size: int = 1_000,
    ) -> None:
        self._engine = engine
        self._decide = decide
        self._project = project
        self._subjects = subjects
        self._clock = clock
        self._salt = salt
        # None tells the writer that nothing follows.
        self._queue: queue.Queue[Request | None] = queue.Queue(queue_size)
        self.observe: Observe = _tell_nobody
        self._writer = threading.Thread(target=self._write, name="log-writer", daemon=True)
        self._closed = False
        self._refusing = ""
        self._answered = 0
        # Held while a request is queued, so that none can follow the None.
        self._door = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def append(
        self,
        events: Sequence[ProposedEvent],
        actor: str,
        *,
        condition: Condition | None = None,
        key: RequestKey | None = None,
    ) -> Appended:
        """Records all of the events or none; returns when they are committed.

        Under a `condition` only where it holds; under a `key`, sent again, the first outcome is given again.
        Raises a Refused where they are at fault, and Unavailable where the database or the queue cannot take them.
        """
        return self.submit(events, actor, condition=condition, key=key).result()

    def submit(
        self,
        events: Sequence[ProposedEvent],
        actor: str,
        *,
        condition: Condition | None = None,
        key: RequestKey | None = None,
    ) -> "Future[Appended]":
        """As `append`, without waiting. The future cannot be cancelled: a client that hangs up undoes no commit.

        Raises at once what needs no look into the log: InvalidRequest, IdConflict within the batch, Unavailable.
        """
        request = self.prepared(events, actor, condition, key)
        self._queue_one(request)
        self.observe(events, request.answer)
        return request.answer

    def prepared(
        self,
        events: Sequence[ProposedEvent],
        actor: str,
        condition: Condition | None = None,
        key: RequestKey | None = None,
    ) -> Request:
        """Raises what needs no look into the log: InvalidRequest, IdConflict within the batch."""
        check_text("actor", actor)
        request = Request(Wanted(prepare_batch(events, self._salt), actor, condition, key))
        request.answer.set_running_or_notify_cancel()
        return request

    def take(self, requests: Sequence[Request]) -> None:
        """Queues prepared requests, in their order. One that there is no place for is answered Unavailable."""
        for request in requests:
            try:
                self._queue_one(request)
            except errors.Unavailable as refused:
                request.answer.set_exception(refused)

    def _queue_one(self, request: Request) -> None:
        with self._door:
            if self._closed:
                raise errors.Unavailable("The log is closed.")
            # Started late: a thread does not survive a fork, and a Log may be made before one.
            if self._writer.ident is None:
                self._writer.start()
            try:
                self._queue.put_nowait(request)
            except queue.Full:
                raise errors.Unavailable(f"{self._queue.maxsize} requests are waiting to be recorded.") from None

    @property
    def waiting(self) -> int:
        """How many requests wait to be recorded."""
        return self._queue.qsize()

    @property
    def refusing(self) -> str:
        """Why nothing could be recorded when it was last tried; blank where it could."""
        return self._refusing

    @property
    def kept(self) -> int | None:
        """The position of the last checkpoint that is kept outside the database; None where none is kept."""
        return None

    @property
    def engine(self) -> Engine:
        return self._engine

    def close(self, timeout_s: float | None = None) -> None:
        """Finishes what is queued, and takes nothing more.

        What is not committed within `timeout_s` is given up: nobody was told that it was recorded, and it may be.
        """
        with self._door:
            if not self._closed and self._writer.ident is not None:
                # Where the queue is full the writer ends at the next look; it is a daemon.
                with suppress(queue.Full):
                    self._queue.put(None, timeout=timeout_s)
            self._closed = True
        if self._writer.ident is not None:
            self._writer.join(timeout_s)

    def _write(self) -> None:
        open_ = True
        while open_:
            requests, open_ = self._next_group()
            if requests:
                self._serve(requests)

    def _next_group(self) -> tuple[list[Request], bool]:
        """Waits for one request and takes what else is there, or comes at once; False when the log was closed.

        Whoever was answered last may have a next request: as many as were answered together are waited for.
        """
        requests: list[Request] = []
        size = 0
        while len(requests) < GROUP_REQUESTS and size < GROUP_EVENTS:
            coming = len(requests) < self._answered
            try:
                request = self._queue.get(block=not requests or coming, timeout=GATHERED_S if requests else None)
            except queue.Empty:
                break
            if request is None:
                return requests, False
            requests.append(request)
            size += len(request.wanted.batch)
        return requests, True

    def _serve(self, requests: Sequence[Request]) -> None:
        try:
            outcomes = self._commit(requests)
        except Exception as error:
            self._serve_singly(requests, error)
            return
        self._refusing = ""
        self._answered = len(requests)
        for request, outcome in zip(requests, outcomes, strict=True):
            _answer(request, outcome)

    def _serve_singly(self, requests: Sequence[Request], cause: Exception) -> None:
        """After a failure: nobody shall suffer for another's request, or for a connection that had gone stale.

        Where the commit itself failed unseen, the ids tell that it had not. Once the database is unavailable for one
        request it is for the rest: trying each would let them all wait as long as the first.
        """
        unavailable: errors.Unavailable | None = None
        for request in requests:
            if unavailable is not None:
                request.answer.set_exception(unavailable)
                continue
            try:
                _answer(request, self._commit([request], again=True)[0])
                self._refusing = ""
            except errors.Unavailable as error:
                # The first failure is the one that knows whether a commit was under way.
                unavailable = cause if isinstance(cause, errors.Unavailable) else error
                self._refusing = unavailable.detail
                request.answer.set_exception(unavailable)
            except Exception as error:
                request.answer.set_exception(error)

    def _commit(self, requests: Sequence[Request], *, again: bool = False) -> list[Appended | errors.Refused]:
        with writing(self._engine) as connection:
            before = read.locked_head(connection)
            known = _known(connection, [request.wanted for request in requests], again)
            group = Group(before, known, self._decide, self._clock, self._subjects)
            outcomes = [_outcome(group, request) for request in requests]
            store_outcomes(connection, group.answered)
            if group.accepted:
                store_entries(connection, before, group.accepted, group.about)
                _redact(connection, requests, outcomes, self._subjects)
                self._project(connection, [entry.event for entry in group.accepted])
            elif any(isinstance(outcome, Appended) for outcome in outcomes):
                # What is confirmed again may not have reached the standby yet. The commit of any write waits for all
                # that was written before it; that of a transaction which wrote nothing waits for nothing.
                connection.execute(_FENCE)
        return outcomes


def _known(connection: Connection, requests: Sequence[Wanted], again: bool) -> Known:
    batches = [prepared for request in requests for prepared in request.batch]
    outcomes = outcomes_of(connection, [request.key for request in requests if request.key])
    positions = {position for outcome in outcomes.values() for position in outcome.positions}
    conditions = {request.condition for request in requests if request.condition}
    # On a second try also the ids made here: where a commit failed unseen, they are how its events are found.
    ids = [prepared.id for prepared in batches if again or prepared.proposed.id is not None]
    refers_to = {prepared.refers_to for prepared in batches if prepared.refers_to}
    streams = sorted({prepared.proposed.stream for prepared in batches})
    so_far = about.so_far(connection, streams)
    return Known(
        versions=so_far.versions,
        about=so_far.about,
        entries=read.entries_by_id(connection, ids),
        refs=read.refs_by_id(connection, sorted(refers_to)),
        matches={condition: first_match(connection, condition) for condition in conditions},
        outcomes=outcomes,
        events={event.position: event for event in _at(connection, positions)},
        earlier=lambda stream, types: read.stream_events(connection, stream, types),
    )


def _at(connection: Connection, positions: set[int]) -> list[RecordedEvent]:
    return read.page(connection, limit=len(positions), positions=sorted(positions)) if positions else []


def _outcome(group: Group, request: Request) -> Appended | errors.Refused:
    try:
        return group.take(request.wanted)
    except errors.Refused as refusal:
        return refusal


def _answer(request: Request, outcome: Appended | errors.Refused) -> None:
    if isinstance(outcome, Appended):
        request.answer.set_result(outcome)
    else:
        request.answer.set_exception(outcome)


def store_entries(connection: Connection, before: read.Head, entries: Sequence[Entry], named: about.About) -> None:
    """Writes entries that follow the head, with what they are about, and moves the head past them."""
    leaves = [bytes.fromhex(entry.event.hash) for entry in entries]
    peaks, completed = merkle.extend(before.peaks, before.position, leaves)
    rows: Rows = [
        (_EVENTS, [event_row(entry) for entry in entries]),
        (_PAYLOADS, [(entry.event.position, entry.salt, entry.payload) for entry in entries]),
        (_NODES, [(node.level, node.at, hash_) for node, hash_ in completed]),
        about.rows_of(named),
    ]
    last = entries[-1].event
    moved = (last.position, microseconds(last.recorded_at), merkle.fold(peaks), b"".join(peaks))
    write(connection, rows, _MOVE_HEAD, moved)


def _redact(
    connection: Connection,
    requests: Sequence[Request],
    outcomes: Sequence[Appended | errors.Refused],
    subjects_of: Subjects,
) -> None:
    """Removes the payloads that accepted events redact, and what else was kept of what they said."""
    for request, outcome in zip(requests, outcomes, strict=True):
        if isinstance(outcome, Appended) and not outcome.repeated:
            for prepared in request.wanted.batch:
                if prepared.proposed.redacts:
                    target = select(events.c.position).where(events.c.id == prepared.refers_to).scalar_subquery()
                    connection.execute(update(payloads).where(payloads.c.position == target).values(_EMPTY))
                    about.index_again(connection, prepared.proposed.stream, subjects_of)
