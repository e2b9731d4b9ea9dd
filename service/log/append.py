"""Appending: the only way into the log.

Requests of all threads go to one writer thread, which commits as many as wait together in one transaction. Each is
decided by itself; a refused one leaves no trace in the others. There are no savepoints: nothing is written before all
of the group is decided.
"""

import queue
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, insert, update

from service import errors
from service.domain.event import ProposedEvent, RecordedEvent
from service.log import merkle, read
from service.log.database import writing
from service.log.entry import Entry, Prepared, Salt, check_text, event_row, payload_row, prepare_batch
from service.log.group import Appended, Clock, Decide, Group, Known
from service.log.instants import microseconds, now
from service.log.tables import events, head, nodes, payloads

__all__ = ["Appended", "Clock", "Decide", "Log", "Project", "Salt"]

Project = Callable[[Connection, Sequence[RecordedEvent]], None]

# A group ends at either number. More would not be faster, and would let the first of a group wait for the last.
GROUP_REQUESTS = 256
GROUP_EVENTS = 2_000


@dataclass(frozen=True, slots=True)
class _Request:
    batch: Sequence[Prepared]
    actor: str
    answer: "Future[Appended]" = field(default_factory=Future)


class Log:
    """Appends to the log of one database. Safe to share between threads; several processes may append at once.

    `decide` looks at each event under the lock and raises a Refused; `project` is given the accepted ones on the
    appending connection, inside the transaction. Both must be quick: everyone who appends waits for them. Readers
    need no Log.
    """

    def __init__(
        self,
        engine: Engine,
        decide: Decide,
        project: Project,
        *,
        clock: Clock = now,
        salt: Salt = lambda: secrets.token_bytes(16),
        queue_size: int = 1_000,
    ) -> None:
        self._engine = engine
        self._decide = decide
        self._project = project
        self._clock = clock
        self._salt = salt
        # None tells the writer that nothing follows.
        self._queue: queue.Queue[_Request | None] = queue.Queue(queue_size)
        self._writer = threading.Thread(target=self._write, name="log-writer", daemon=True)
        self._closed = False
        # Held while a request is queued, so that none can follow the None.
        self._door = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def append(self, events: Sequence[ProposedEvent], actor: str) -> Appended:
        """Records all of the events or none; returns when they are committed.

        Raises a Refused where they are at fault, and Unavailable where the database or the queue cannot take them.
        """
        return self.submit(events, actor).result()

    def submit(self, events: Sequence[ProposedEvent], actor: str) -> "Future[Appended]":
        """As `append`, without waiting. The future cannot be cancelled: a client that hangs up undoes no commit.

        Raises at once what needs no look into the log: InvalidRequest, IdConflict within the batch, Unavailable.
        """
        check_text("actor", actor)
        request = _Request(prepare_batch(events, self._salt), actor)
        request.answer.set_running_or_notify_cancel()
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
        return request.answer

    def close(self) -> None:
        """Finishes what is queued, and takes nothing more."""
        with self._door:
            if not self._closed and self._writer.ident is not None:
                self._queue.put(None)
            self._closed = True
        if self._writer.ident is not None:
            self._writer.join()

    def _write(self) -> None:
        open_ = True
        while open_:
            requests, open_ = self._next_group()
            if requests:
                self._serve(requests)

    def _next_group(self) -> tuple[list[_Request], bool]:
        """Waits for one request and takes what else is there; False when the log was closed."""
        requests: list[_Request] = []
        size = 0
        while len(requests) < GROUP_REQUESTS and size < GROUP_EVENTS:
            try:
                request = self._queue.get(block=not requests)
            except queue.Empty:
                break
            if request is None:
                return requests, False
            requests.append(request)
            size += len(request.batch)
        return requests, True

    def _serve(self, requests: Sequence[_Request]) -> None:
        try:
            outcomes = self._commit(requests)
        except Exception as error:
            self._serve_singly(requests, error)
            return
        for request, outcome in zip(requests, outcomes, strict=True):
            _answer(request, outcome)

    def _serve_singly(self, requests: Sequence[_Request], cause: Exception) -> None:
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
                _answer(request, self._commit([request])[0])
            except errors.Unavailable as error:
                # The first failure is the one that knows whether a commit was under way.
                unavailable = cause if isinstance(cause, errors.Unavailable) else error
                request.answer.set_exception(unavailable)
            except Exception as error:
                request.answer.set_exception(error)

    def _commit(self, requests: Sequence[_Request]) -> list[Appended | errors.Refused]:
        with writing(self._engine) as connection:
            before = read.locked_head(connection)
            group = Group(before, _known(connection, requests), self._decide, self._clock)
            outcomes = [_outcome(group, request) for request in requests]
            if group.accepted:
                _store(connection, before, group.accepted)
                self._project(connection, [entry.event for entry in group.accepted])
        return outcomes


def _known(connection: Connection, requests: Sequence[_Request]) -> Known:
    batches = [prepared for request in requests for prepared in request.batch]
    refers_to = {prepared.refers_to for prepared in batches if prepared.refers_to}
    return Known(
        versions=read.versions(connection, sorted({prepared.proposed.stream for prepared in batches})),
        # Also the ids made here: where a commit failed unseen, they are how a second try finds its events.
        entries=read.entries_by_id(connection, [prepared.id for prepared in batches]),
        refs=read.refs_by_id(connection, sorted(refers_to)),
    )


def _outcome(group: Group, request: _Request) -> Appended | errors.Refused:
    try:
        return group.take(request.batch, request.actor)
    except errors.Refused as refusal:
        return refusal


def _answer(request: _Request, outcome: Appended | errors.Refused) -> None:
    if isinstance(outcome, Appended):
        request.answer.set_result(outcome)
    else:
        request.answer.set_exception(outcome)


def _store(connection: Connection, before: read.Head, entries: Sequence[Entry]) -> None:
    connection.execute(insert(events), [event_row(entry) for entry in entries])
    connection.execute(insert(payloads), [payload_row(entry) for entry in entries])
    leaves = [bytes.fromhex(entry.event.hash) for entry in entries]
    peaks, completed = merkle.extend(before.peaks, before.position, leaves)
    if completed:
        rows = [{"level": node.level, "index": node.at, "hash": hash_} for node, hash_ in completed]
        connection.execute(insert(nodes), rows)
    last = entries[-1].event
    connection.execute(
        update(head).values(
            position=last.position,
            recorded_at=microseconds(last.recorded_at),
            root=merkle.fold(peaks),
            peaks=b"".join(peaks),
        )
    )
