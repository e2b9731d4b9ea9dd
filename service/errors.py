"""Every refusal the register can give.

LodestoneError
├── Refused                        the request is at fault; nothing was stored
│   ├── MalformedRequest      400  not JSON, a duplicate key, a number out of range
│   ├── Unauthorized          401  no access key, or none of this register
│   ├── Forbidden             403  the access key is of a narrower scope
│   ├── NotFound              404
│   ├── MethodNotAllowed      405
│   ├── NotAcceptable         406  no media type that Accept allows is written here
│   ├── RequestTimeout        408  a head or a body that did not arrive in time
│   ├── PreconditionFailed    412  If-Match or If-None-Match does not hold
│   │   └── PositionNotReached     the log does not hold the position of Min-Position
│   ├── BodyTooLarge          413
│   ├── UriTooLong            414  a path or a query over its limit
│   ├── UnsupportedMediaType  415
│   ├── InvalidRequest        422  a field that cannot be read, named by a JSON pointer
│   │   ├── KeyReused         422  an Idempotency-Key that was used for another request
│   │   ├── PositionAhead     422  a log position that the log has not reached
│   │   └── TooBroad          422  an answer that takes more work than the limit
│   ├── HeadersTooLarge       431
│   ├── TooManyRequests       429  more requests than the limit for one caller
│   └── Conflict              409  well formed, but it makes no sense as a record
│       ├── VersionConflict        the stream is not at the expected version
│       ├── IdConflict             the id is taken by another content
│       ├── PartlyRecorded         a batch that mixes recorded and new ids
│       ├── NothingToActOn         an act on a thing that nobody recorded
│       ├── AlreadyRegistered      a second registration of one company
│       ├── ExtensionShortens      an extension to an earlier day than the one before it
│       ├── NoSuchLine             a use of a line that the license does not have
│       ├── ConditionFailed        something that the request rests on was recorded meanwhile
│       ├── RequestRunning         the same request has not been answered yet
│       ├── UnknownEvent           a correction of an event that is not in its stream
│       ├── WatchExists            the id is taken by another watch
│       └── TooManyWatches         there are as many watches as there may be
├── Unavailable               503  the database cannot be reached, is locked or full; nothing was stored
│   ├── OutcomeUnknown             the database was lost during the commit
│   ├── TooManyConnections         more connections than the limit
│   └── TookTooLong                a statement worked longer than the limit
└── Tampered                  500  the log in the database is not the one that was appended
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One field at fault: `pointer` is a JSON pointer (RFC 6901) into the request's body, or a parameter's name."""

    pointer: str
    detail: str


class LodestoneError(Exception):
    """An error inside the register. Its own log says where it happened. You can send an event with an id again."""

    # The root. The docstring of each class is published: it is the page of its problem type, and speaks to clients.
    status: ClassVar[int] = 500
    """An HTTP status code."""
    problem: ClassVar[str] = "internal"
    """The last segment of the problem type's URI."""
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.at: int | None = None
        """Which event of a batch is at fault, counted from 0, where that is known."""
        self.retry_after_s: int | None = None
        """After how many seconds the same request may be sent again, where waiting can help."""


class Refused(LodestoneError):
    """The request is at fault. Nothing was stored."""

    status = 400
    problem = "refused"
    title = "The request was refused"


class MalformedRequest(Refused):
    """The body is not valid JSON, or contains a value that cannot be stored: a duplicate key, a float, NaN, an integer
    beyond ±(2^53-1), a NUL character, a lone surrogate. Nothing was stored."""

    problem = "malformed-request"
    title = "The request cannot be read"


class Unauthorized(Refused):
    """The access key is missing or not valid. Send it in the header Authorization: Bearer, a space, and the key."""

    status = 401
    problem = "unauthorized"
    title = "An access key is needed"

    def __init__(self, detail: str, *, sent: bool = False) -> None:
        super().__init__(detail)
        self.sent = sent
        """Whether a key was sent, in vain."""


class Forbidden(Refused):
    """The access key is valid, but its scope is too small for this request. Scopes are read, write and admin."""

    status = 403
    problem = "forbidden"
    title = "The access key does not allow this"

    def __init__(self, detail: str, scope: str) -> None:
        super().__init__(detail)
        self.scope = scope


class NotFound(Refused):
    """Nothing is recorded under this name, or nothing was recorded up to the log position of the request."""

    status = 404
    problem = "not-found"
    title = "Not found"


class MethodNotAllowed(Refused):
    """The resource exists, but does not support this method. The Allow header lists the methods."""

    status = 405
    problem = "method-not-allowed"
    title = "Method not allowed"


class NotAcceptable(Refused):
    """This resource is not available in any media type of the Accept header. The detail lists those that are."""

    status = 406
    problem = "not-acceptable"
    title = "No media type in Accept is available"


class PreconditionFailed(Refused):
    """If-Match or If-None-Match does not match the stream. Read the stream again, and then decide."""

    status = 412
    problem = "precondition-failed"
    title = "The stream is not in the expected state"


class PositionNotReached(PreconditionFailed):
    """The log did not reach the position of Min-Position in time. Send the request again after the seconds of
    Retry-After."""

    problem = "position-not-reached"
    title = "The log has not reached the position of Min-Position"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors)
        self.retry_after_s = 1


class RequestTimeout(Refused):
    """The request did not arrive in time. Send it again, faster; the limits are settings."""

    status = 408
    problem = "request-timeout"
    title = "The request did not arrive in time"


class BodyTooLarge(Refused):
    """The body is larger than the limit, which is a setting. Split a batch into smaller ones."""

    status = 413
    problem = "body-too-large"
    title = "The body is too large"


class UriTooLong(Refused):
    """The path or the query is longer than the limit, which is a setting. Ask long questions in a body."""

    status = 414
    problem = "uri-too-long"
    title = "The address is too long"


class HeadersTooLarge(Refused):
    """There are too many headers, or they have too many bytes. Both limits are settings."""

    status = 431
    problem = "headers-too-large"
    title = "The headers are too large"


class UnsupportedMediaType(Refused):
    """The Content-Type of the body is not supported. The detail lists those that are: application/json everywhere;
    some resources also take CloudEvents or CSV."""

    status = 415
    problem = "unsupported-media-type"
    title = "The media type of the body is not supported"


class InvalidRequest(Refused):
    """A field, parameter or header is invalid. Each error says which one, and what it must be. Nothing was stored."""

    status = 422
    problem = "invalid-request"
    title = "A field is invalid"


class KeyReused(InvalidRequest):
    """This Idempotency-Key was used before, with a different request. Use a new key for each new request."""

    problem = "key-reused"
    title = "The idempotency key belongs to another request"


class PositionAhead(InvalidRequest):
    """The request names a log position after the end of the log. Nothing is recorded there yet."""

    problem = "position-ahead"
    title = "The log has not reached this position"


class TooBroad(InvalidRequest):
    """The answer rests on more records than one answer may look at. The limit of its work is a setting. Ask for less:
    name goods, a controlling country or a company."""

    problem = "too-broad"
    title = "The question is too broad"


class TooManyRequests(Refused):
    """You sent more requests than allowed. Send the request again after the seconds of Retry-After."""

    status = 429
    problem = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Conflict(Refused):
    """The request is valid, but contradicts what is recorded. Nothing was stored."""

    status = 409
    problem = "conflict"
    title = "The request contradicts what is recorded"


class VersionConflict(Conflict):
    """Somebody else wrote to the stream first. Read the stream again, and then decide."""

    problem = "version-conflict"
    title = "The stream is not at the expected version"


class IdConflict(Conflict):
    """An event with this id is recorded with different content. To retry, send exactly the same content. For a new
    event, use a new id."""

    problem = "id-conflict"
    title = "The id belongs to an event with different content"


class PartlyRecorded(Conflict):
    """A batch is recorded as a whole. Some events of this one are recorded already, and some are not. Send
    only the new ones."""

    problem = "partly-recorded"
    title = "The batch mixes recorded and new events"


class NothingToActOn(Conflict):
    """The event changes a thing that is not recorded: a restriction, license, milestone or company. Record it first."""

    problem = "nothing-to-act-on"
    title = "The event acts on a thing that nobody recorded"


class NoSuchLine(Conflict):
    """The event uses a line that the license does not have. Check the line number, or correct the license first."""

    problem = "no-such-line"
    title = "The license has no such line"


class AlreadyRegistered(Conflict):
    """A company is registered once. Add more names and numbers with company.identified."""

    problem = "already-registered"
    title = "The company is registered already"


class ExtensionShortens(Conflict):
    """An extension makes a restriction, or its suspension, last longer. To end it earlier, correct or amend it."""

    problem = "extension-shortens"
    title = "The extension ends earlier than what it extends"


class ConditionFailed(Conflict):
    """An event that matches the condition was recorded meanwhile. Read it, and then decide."""

    problem = "condition-failed"
    title = "The append condition does not hold"


class RequestRunning(Conflict):
    """A request with the same Idempotency-Key is still running. Send the request again a moment later."""

    problem = "request-running"
    title = "The same request is still running"


class UnknownEvent(Conflict):
    """A correction, retraction or repeat must be in the same stream as the event that it names."""

    problem = "unknown-event"
    title = "The event is not in this stream"


class WatchExists(Conflict):
    """Another watch has this id. To retry, send exactly the same request. For a new watch, use a new id."""

    problem = "watch-exists"
    title = "The id belongs to another watch"


class TooManyWatches(Conflict):
    """There are as many watches as the setting allows. Remove one that nobody needs."""

    problem = "too-many-watches"
    title = "There are too many watches"


class Unavailable(LodestoneError):
    """The database cannot be reached, is locked, full or read-only, or the register has too much to do. Send the same
    request again after the seconds of Retry-After; events with their ids, which makes that safe."""

    status = 503
    problem = "unavailable"
    title = "The register is not available now"

    def __init__(self, detail: str, errors: Sequence[FieldError] = (), *, cause: str = "") -> None:
        super().__init__(detail, errors)
        self.retry_after_s = 1
        self.lasting = False
        """Whether it stays until somebody does something about the database."""
        self.cause = cause
        """What it came of, in words for the log and for commands: it may name hosts, roles and files."""

    def __str__(self) -> str:
        return f"{self.detail} ({self.cause})" if self.cause else self.detail


class OutcomeUnknown(Unavailable):
    """The database was lost, or its standby was, while it committed: the events may or may not be stored. Send the same
    request again, with the same ids: it is recorded once."""

    problem = "outcome-unknown"
    title = "Whether it was recorded is not known"


class TooManyConnections(Unavailable):
    """The service has as many connections open as it takes. Send the request again after the seconds of Retry-After."""

    problem = "too-many-connections"
    title = "The service has too many connections"


class TookTooLong(Unavailable):
    """One database statement took longer than the limit, which is a setting. Nothing was stored. Ask for less: a
    smaller page, fewer questions."""

    problem = "took-too-long"
    title = "The answer took too long"


class Tampered(LodestoneError):
    """The stored log differs from what was recorded: an event was changed, removed, added or moved afterwards. The
    detail says what was found, and at which position if one event is at fault."""

    problem = "tampered"
    title = "The log was changed"

    def __init__(self, detail: str, position: int | None = None) -> None:
        super().__init__(detail)
        self.position = position
        """The first bad one; None where no single event is at fault."""


@contextmanager
def at_event(index: int) -> Iterator[None]:
    """A refusal of one event of a batch says which one, counted from 0."""
    try:
        yield
    except Refused as refusal:
        refusal.at = index
        raise
