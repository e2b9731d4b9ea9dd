"""The last checkpoint of a log, kept in a file outside its database.

A backup that is put back holds less than the world was told, and goes on as another log: nothing inside the database
shows it. So a register that knows a later checkpoint than its database does refuses to append, until somebody accepts
the restored state. That raises the epoch on the head, which the checkpoint names too: a checkpoint of an earlier epoch
binds nobody any more.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, update

from service.domain.event import RecordedEvent
from service.errors import LodestoneError, Unavailable
from service.log import read, tree
from service.log.append import Decide, Log, Project
from service.log.checkpoint import Checkpoint, checkpoint_of, signed_checkpoint
from service.log.conditions import Subjects
from service.log.database import reading, writing
from service.log.note import NoteError, SigningKey, VerifierKey, opened, signed
from service.log.replacing import replacing
from service.log.tables import head

INTERVAL_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LastKnown:
    """A checkpoint, and the epoch that the log was in."""

    checkpoint: Checkpoint
    epoch: int


def load(file: Path, key: VerifierKey) -> LastKnown | None:
    """What the file holds; None where there is no file yet. Raises Unavailable where it is not signed by the key."""
    try:
        note = file.read_text(encoding="utf-8")
        checkpoint = checkpoint_of(note, key)
        return LastKnown(checkpoint, _epoch(opened(note, [key])))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, NoteError) as unread:
        raise Unavailable("The last known checkpoint cannot be read.", cause=f"{file}: {unread}") from unread


def _epoch(text: str) -> int:
    label, _, number = text.removesuffix("\n").rpartition("\n")[2].partition(" ")
    if label != "epoch" or not number.isdecimal():
        raise NoteError("Its last line names no epoch.")
    return int(number)


def store(file: Path, known: LastKnown, key: SigningKey) -> None:
    """Replaces the file at once or not at all. Raises Unavailable."""
    text = signed_checkpoint(known.checkpoint, key).partition("\n\n")[0]
    # The specification lets a checkpoint say more, in lines after its root.
    note = signed(f"{text}\nepoch {known.epoch}\n", key)
    with replacing(file) as unfinished:
        unfinished.write(note.encode())


def check(connection: Connection, known: LastKnown | None, position: int | None = None) -> None:
    """Raises Unavailable where the database is older than what is known of it, or holds another log.

    `position` is where the log stood before the transaction that asks; the head's where it is left out.
    """
    found = read.read_head(connection)
    if known is None or found.epoch > known.epoch:
        return
    size = known.checkpoint.size
    ends = found.position if position is None else position
    if ends < size or found.epoch < known.epoch:
        raise Unavailable(
            f"The database ends at log position {ends} of epoch {found.epoch}, and position {size} of epoch "
            f"{known.epoch} is known: an older state was put back. {_ACCEPT}"
        )
    if tree.root_at(connection, size) != known.checkpoint.root:
        raise Unavailable(f"The first {size} events of the database are not those known before. {_ACCEPT}")


_ACCEPT = "Nothing is recorded until the right state is put back, or `lodestone db accept-restore` accepts this one."


def advance(engine: Engine, file: Path, key: SigningKey) -> int:
    """Brings the file up to the log's head; returns its position.

    Raises Unavailable, with the file as it was, where `check` does.
    """
    known = load(file, key.verifier)
    with reading(engine) as connection:
        check(connection, known)
        found = read.read_head(connection)
    current = LastKnown(Checkpoint(found.position, found.root), found.epoch)
    if current != known:
        store(file, current, key)
    return found.position


def accept_restore(engine: Engine, known: LastKnown | None) -> int:
    """Raises the epoch above that of the database and of what was known; returns it."""
    with writing(engine) as connection:
        epoch = max(read.locked_head(connection).epoch, known.epoch if known else 0) + 1
        connection.execute(update(head).values(epoch=epoch))
    return epoch


def open_log(
    engine: Engine,
    decide: Decide,
    project: Project,
    *,
    subjects: Subjects,
    file: Path | None,
    key: SigningKey | None,
) -> Log:
    """A Log, watched where there is a file to keep its last checkpoint in.

    Raises Unavailable where the file or its key cannot be used. An older database is told, and can be read.
    """
    if file is None:
        return Log(engine, decide, project, subjects=subjects)
    if key is None:
        raise Unavailable(
            "The last checkpoint is kept signed, and there is no key: make one with `lodestone keys signing`."
        )
    return WatchedLog(engine, decide, project, subjects=subjects, file=file, key=key)


class WatchedLog(Log):
    """A Log that keeps its last checkpoint in a file, at most INTERVAL_S old and the newest when it is closed, and
    refuses to go on from an older state than the file tells of."""

    def __init__(
        self, engine: Engine, decide: Decide, project: Project, *, subjects: Subjects, file: Path, key: SigningKey
    ) -> None:
        super().__init__(engine, decide, self._checked, subjects=subjects)
        self._database = engine
        self._then = project
        self._file = file
        self._key = key
        # The log has reached it, and the file agrees; None: to be held against the file before anything is appended.
        self._sure_of: int | None = None
        self._kept = 0
        self._told = ""
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="log-last-checkpoint", daemon=True)
        if load(file, key.verifier) is None:
            # At the first start, what keeps the file from being written stops it.
            advance(engine, file, key)
        self._advance()

    def close(self, timeout_s: float | None = None) -> None:
        super().close(timeout_s)
        self._stop.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        self._advance()

    def _checked(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Inside the appending transaction, so that nothing changes between the check and the commit."""
        before = events[0].position - 1
        if self._sure_of is None or before < self._sure_of:
            check(connection, load(self._file, self._key.verifier), before)
        self._sure_of = max(before, self._sure_of or 0)
        self._then(connection, events)
        # Started late, as the log's writer is: a thread does not survive a fork.
        if self._keeper.ident is None:
            self._keeper.start()

    @property
    def refusing(self) -> str:
        return self._told or super().refusing

    @property
    def kept(self) -> int | None:
        return self._kept

    def _keep(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._advance()

    def _advance(self) -> None:
        try:
            self._sure_of = self._kept = advance(self._database, self._file, self._key)
            self._told = ""
        except LodestoneError as refused:
            self._sure_of = None
            if refused.detail != self._told:
                log.error("last_checkpoint_not_kept", detail=str(refused))
            self._told = refused.detail
