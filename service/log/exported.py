"""An export while it is read: every line is checked before what it says is believed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.domain.claims import REDACTED
from service.domain.event import RecordedEvent
from service.errors import InvalidRequest, Refused, Tampered
from service.log.canonical import canonical, encode, read_back, scalar, text_of
from service.log.checkpoint import Checkpoint, checkpoint_of
from service.log.entry import LARGEST_METADATA, NO_REMARKS, Entry, check_text
from service.log.instants import instant_text
from service.log.note import VerifierKey
from service.log.progress import Progress, silent
from service.log.replay import Replay, readable

FORMAT = "lodestone-log"
VERSION = 1

# A list of events ends at either number: a million small ones pass quickly, and a few large ones fit into memory.
TOGETHER = 1_000
BYTES_TOGETHER = 8_000_000

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _First(_Line):
    format: Literal["lodestone-log"]
    version: Literal[1]
    epoch: Count
    size: Annotated[int, Field(ge=0)]


class _Last(_Line):
    """It repeats what the first line says, so that neither can be changed alone."""

    epoch: int
    size: int
    root: Hash
    checkpoint: str | None


class _Event(_Line):
    position: int
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    stream: str
    version: Count
    type: str
    schema_version: Count
    effective: str | None
    recorded_at: str
    actor: str
    metadata: dict[str, Any]
    data: dict[str, Any]
    source: dict[str, Any]
    hash: Hash
    payload_digest: Hash
    salt: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")] | None


Line = TypeVar("Line", bound=_Line)


def line_of(value: Any) -> bytes:
    return encode(value) + b"\n"


class Export:
    """An export while it is read. `epoch` and `size` are what its first line says; `note` is its signed checkpoint,
    known when all is read, and None where it bears none."""

    def __init__(self, lines: Iterable[bytes], kept: Sequence[Checkpoint] = ()) -> None:
        """Reads the first line. Raises InvalidRequest where it is not that of an export."""
        self._lines = iter(lines)
        try:
            first = _parsed(_First, next(self._lines, b""))
        except (ValueError, RecursionError) as unread:
            raise InvalidRequest(f"The file is not an export of a log in version {VERSION} of its format.") from unread
        self.epoch, self.size = first.epoch, first.size
        self.note: str | None = None
        self._replay = Replay(kept)

    @property
    def root(self) -> bytes:
        """The root of what was read so far."""
        return self._replay.root

    def batches(self) -> Iterator[list[Entry]]:
        """All the events in lists, each checked before it is given, and the last list only when the last line fits.

        Raises Tampered, which names the first bad position.
        """
        batch: list[Entry] = []
        size_bytes = 0
        while self._replay.position < self.size:
            if len(batch) >= TOGETHER or size_bytes >= BYTES_TOGETHER:
                yield batch
                batch, size_bytes = [], 0
            line = self._next_line()
            batch.append(self._entry(line))
            size_bytes += len(line)
        self._end()
        if batch:
            yield batch

    def verified(self, key: VerifierKey | None = None, progress: Progress = silent) -> Checkpoint:
        """Reads all, and checks the signature of its checkpoint by a key. Raises Tampered, NoteError."""
        for _ in self.batches():
            progress(self._replay.position, self.size)
        found = Checkpoint(self.size, self.root)
        if key is not None and self.note is not None and checkpoint_of(self.note, key) != found:
            raise Tampered("The checkpoint in the export does not match its events.")
        return found

    def _next_line(self) -> bytes:
        line = next(self._lines, b"")
        if not line.endswith(b"\n"):
            at = self._replay.position + 1
            raise Tampered(f"The file is cut off at position {at}; it should hold {self.size} events.", at)
        return line

    def _entry(self, line: bytes) -> Entry:
        with readable(self._replay.position + 1):
            entry = _read(line)
            self._replay.take(entry)
        return entry

    def _end(self) -> None:
        try:
            last = _parsed(_Last, self._next_line())
        except (ValueError, RecursionError) as unread:
            raise Tampered(f"The last line of the file, after position {self.size}, cannot be read.") from unread
        if (last.epoch, last.size, last.root) != (self.epoch, self.size, self._replay.root.hex()):
            raise Tampered(f"The file's last line is not that of the {self.size} events before it.")
        if next(self._lines, b""):
            raise Tampered(f"Something follows the last line, after position {self.size}.", self.size + 1)
        self._replay.end()
        self.note = last.checkpoint


def _parsed(shape: type[Line], line: bytes) -> Line:
    """Raises ValueError for anything but the one way of writing what the line says."""
    value = read_back(line.decode())
    found = shape.model_validate(value)
    if line_of(value) != line:
        raise ValueError("the line is not in its canonical form")
    if not line.isascii():
        # Written as it would be, and in ASCII, it holds no key and no character that has no canonical form.
        _look_at_each_part(value)
    return found


def _look_at_each_part(value: Any) -> None:
    try:
        canonical(value)
    except Refused as refused:
        raise ValueError(refused.detail) from refused


def _read(line: bytes) -> Entry:
    """An entry from a line. Raises ValueError, Refused, for what is not in its canonical form, or no log could hold."""
    value = read_back(line.decode())
    found = vars(_Event.model_validate(value))
    data, source = text_of(found["data"]), text_of(found["source"])
    metadata = text_of(found["metadata"]) if found["metadata"] else NO_REMARKS.decode()
    if _line(found, data, metadata, source).encode() != line:
        raise ValueError("the line is not in its canonical form")
    if not line.isascii():
        _look_at_each_part(value)
    for field in ("stream", "type", "effective", "actor"):
        check_text(field, found[field])
    if len(metadata.encode()) > LARGEST_METADATA:
        raise ValueError("the metadata is too large")
    salt, digest = found["salt"], found["payload_digest"]
    return Entry(
        event=RecordedEvent(**{**found, "recorded_at": _instant(found["recorded_at"])}),
        salt=None if salt is None else bytes.fromhex(salt),
        payload=_payload(found, data, source),
        metadata=metadata,
        digest=bytes.fromhex(digest),
    )


def _line(found: Mapping[str, Any], data: str, metadata: str, source: str) -> str:
    """The one way of writing a line, from its parts: each is encoded once, for this and for the payload."""
    return (
        f'{{"actor":{scalar(found["actor"])},"data":{data},"effective":{scalar(found["effective"])},'
        f'"hash":"{found["hash"]}","id":"{found["id"]}","metadata":{metadata},'
        f'"payload_digest":"{found["payload_digest"]}","position":{found["position"]},'
        f'"recorded_at":{scalar(found["recorded_at"])},"salt":{scalar(found["salt"])},'
        f'"schema_version":{found["schema_version"]},"source":{source},"stream":{scalar(found["stream"])},'
        f'"type":{scalar(found["type"])},"version":{found["version"]}}}\n'
    )


def _payload(found: Mapping[str, Any], data: str, source: str) -> str | None:
    if found["salt"] is not None:
        return f'{{"data":{data},"source":{source}}}'
    if (found["data"], found["source"]) != (REDACTED, REDACTED):
        raise ValueError("only a redacted event has no salt")
    return None


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if instant_text(found) != text:
        raise ValueError("an instant is in UTC, with six digits after the point")
    return found
