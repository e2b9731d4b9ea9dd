"""Every refusal the register can give.

LodestoneError
├── Refused                        the request is at fault; nothing was stored
│   ├── MalformedRequest      400  not JSON, a duplicate key, a number out of range
│   ├── Unauthorized          401  no access key, or none of this register
│   ├── Forbidden             403  the access key is of a narrower scope
│   ├── NotFound              404
│   ├── MethodNotAllowed      405
│   ├── NotAcceptable         406  no media type that Accept allows is written here
│   ├── PreconditionFailed    412  If-Match or If-None-Match does not hold
│   │   └── PositionNotReached     the log does not hold the position of Min-Position
│   ├── BodyTooLarge          413
│   ├── UriTooLong            414  a path or a query over its limit
│   ├── UnsupportedMediaType  415
│   ├── InvalidRequest        422  a field that cannot be read, named by a JSON pointer
│   │   ├── KeyReused         422  an Idempotency-Key that was used for another request
│   │   └── PositionAhead     422  a log position that the log has not reached
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
│       └── UnknownEvent           a correction of an event that is not in its stream
├── Unavailable               503  the database cannot be reached, is locked or full; nothing was stored
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
    """A fault of the register itself; its log tells where it happened. An event with an id may be sent again."""

    # The root. The docstring of each class is published: it is the page of its problem type, and speaks to clients.
    status: ClassVar[int] = 500
    """An HTTP status code."""
    problem: ClassVar[str] = "internal"
    """The last segment of the problem type's URI."""
    title: ClassVar[str] = "Something went wrong inside the register"

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
    """The body is no JSON, or JSON that cannot be kept as it is: a duplicate key, a float, NaN, an integer beyond
    ±(2^53-1), a NUL, a lone surrogate. Nothing was stored."""

    problem = "malformed-request"
    title = "The request cannot be read"


class Unauthorized(Refused):
    """The register asks for an access key, and none was sent, or none that opens it. It is sent in a header:
    Authorization: Bearer, a blank, and the key."""

    status = 401
    problem = "unauthorized"
    title = "An access key is needed"

    def __init__(self, detail: str, *, sent: bool = False) -> None:
        super().__init__(detail)
        self.sent = sent
        """Whether a key was sent, in vain."""


class Forbidden(Refused):
    """The access key is valid, and of a narrower scope than this asks for: read, write, admin."""

    status = 403
    problem = "forbidden"
    title = "The access key does not open this"

    def __init__(self, detail: str, scope: str) -> None:
        super().__init__(detail)
        self.scope = scope


class NotFound(Refused):
    """Nothing is recorded under this name, or nothing was up to the log position asked about."""

    status = 404
    problem = "not-found"
    title = "There is nothing here"


class MethodNotAllowed(Refused):
    """The resource is there, and this is not what can be done with it. The Allow header says what can."""

    status = 405
    problem = "method-not-allowed"
    title = "The method is not one of this resource"


class NotAcceptable(Refused):
    """None of the media types that the Accept header allows is one that this resource is written in. The detail names
    those that are."""

    status = 406
    problem = "not-acceptable"
    title = "There is no representation that the Accept header allows"


class PreconditionFailed(Refused):
    """The stream is not as If-Match or If-None-Match says. Read it again, and decide again."""

    status = 412
    problem = "precondition-failed"
    title = "The stream is not as the request's header says"


class PositionNotReached(PreconditionFailed):
    """Min-Position asked for a log that holds this position, and the log did not reach it within the time that a
    request waits. Send the request again a moment later."""

    problem = "position-not-reached"
    title = "The log has not reached the position of Min-Position"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors)
        self.retry_after_s = 1


class BodyTooLarge(Refused):
    """The body is over the limit, which is a setting. Split a batch into several."""

    status = 413
    problem = "body-too-large"
    title = "The body is over the limit"


class UriTooLong(Refused):
    """The path or the query is over the limit, which is a setting. What is long is asked in a body."""

    status = 414
    problem = "uri-too-long"
    title = "The address asked for is over the limit"


class HeadersTooLarge(Refused):
    """There are more headers than the limit, or they hold more bytes. Both are settings."""

    status = 431
    problem = "headers-too-large"
    title = "The headers are over the limit"


class UnsupportedMediaType(Refused):
    """The Content-Type is none that is read here. The detail names those that are: application/json everywhere, and
    some resources read CloudEvents or CSV too."""

    status = 415
    problem = "unsupported-media-type"
    title = "The body's media type is not one that is read here"


class InvalidRequest(Refused):
    """A field or parameter cannot be read. Each is named with what it should be. Nothing was stored."""

    status = 422
    problem = "invalid-request"
    title = "A field cannot be read"


class KeyReused(InvalidRequest):
    """An Idempotency-Key names one request. This one is another than the one first sent with the key."""

    problem = "key-reused"
    title = "The idempotency key belongs to another request"


class PositionAhead(InvalidRequest):
    """A log position past the head was asked about. Nothing is known of it yet."""

    problem = "position-ahead"
    title = "The log has not reached this position"


class TooManyRequests(Refused):
    """There were more requests than one caller may send in this time. Retry-After says when there may be more."""

    status = 429
    problem = "too-many-requests"
    title = "There were too many requests"

    def __init__(self, detail: str, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Conflict(Refused):
    """Well formed, but it makes no sense as a record. Nothing was stored."""

    status = 409
    problem = "conflict"
    title = "The request contradicts what is recorded"


class VersionConflict(Conflict):
    """Somebody else wrote to the stream first. Read it again, and decide again."""

    problem = "version-conflict"
    title = "The stream is not at the expected version"


class IdConflict(Conflict):
    """An event with this id is recorded, with another content. A retry sends the very same content."""

    problem = "id-conflict"
    title = "The id belongs to an event with another content"


class PartlyRecorded(Conflict):
    """A batch is recorded as a whole. This one holds events that are recorded and events that are not."""

    problem = "partly-recorded"
    title = "The batch mixes recorded and new events"


class NothingToActOn(Conflict):
    """An act needs a thing that somebody recorded: a restriction, a license, a milestone, a company."""

    problem = "nothing-to-act-on"
    title = "The event acts on a thing that nobody recorded"


class NoSuchLine(Conflict):
    """A license was used on a line that it does not have. Nothing is known of what would have been drawn on."""

    problem = "no-such-line"
    title = "The license has no such line"


class AlreadyRegistered(Conflict):
    """A company is registered once. More names and numbers are added by company.identified."""

    problem = "already-registered"
    title = "The company is registered already"


class ExtensionShortens(Conflict):
    """An extension makes a restriction, or its suspension, last longer. To end it earlier, correct or amend it."""

    problem = "extension-shortens"
    title = "The extension ends earlier than what it extends"


class ConditionFailed(Conflict):
    """An event that the request must not have missed was recorded meanwhile. Read it, and decide again."""

    problem = "condition-failed"
    title = "The append condition does not hold"


class RequestRunning(Conflict):
    """A request with the same Idempotency-Key has not been answered yet. Send it again a moment later."""

    problem = "request-running"
    title = "The same request is still running"


class UnknownEvent(Conflict):
    """A correction, retraction or repeat stands in the stream of the event that it speaks of."""

    problem = "unknown-event"
    title = "The event spoken of is not in this stream"


class Unavailable(LodestoneError):
    """The database cannot be reached, is locked or full. Nothing was stored; the same request may be sent again."""

    status = 503
    problem = "unavailable"
    title = "The register cannot answer at the moment"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors)
        self.retry_after_s = 1


class TookTooLong(Unavailable):
    """The database worked on one statement for longer than the limit, which is a setting, and was stopped. Nothing was
    stored. Ask for less: a smaller page, fewer questions."""

    problem = "took-too-long"
    title = "The answer takes longer than it may"


class Tampered(LodestoneError):
    """What is stored is not what was appended: an event, its place in the log, or the log's head was changed, removed
    or put in afterwards. The detail says what was found, and at which position where one event is at fault."""

    problem = "tampered"
    title = "The log is not the one that was appended"

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
