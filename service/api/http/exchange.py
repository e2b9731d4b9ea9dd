"""What one request and its answer have to do with each other, written by whoever knows it, read in `conventions`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from fastapi import Request

from service.api.http.sent_headers import SentHeaders
from service.log.read import Head
from service.projections.depends import Depends


def free(_requests: int) -> None:
    """Where nobody is counted."""


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    `sent` are the request's headers. `head` is the end of the log in the state that the answer is read from, `least`
    the position that this state has to hold at the least; `position` what the header of that name says where that is
    something else. `day` is the day that the answer is for. `floating` holds the answer's own words
    on what it knows, where that moves with the log; `open` says that the answer may still change for what was asked.
    `public_by` is the day by which its sources were public, where one was asked for; `depends` is what the answer
    depends on, where it may be kept for as long as nothing of that is touched.
    `charge` counts a costly request as so many more. It raises TooManyRequests.
    """

    path: str = ""
    query: str = ""
    traceparent: str | None = None
    sent: SentHeaders = field(default_factory=SentHeaders)
    media_type: str = "application/json"
    head: Head | None = None
    least: int = 0
    position: int | None = None
    day: date | None = None
    floating: bytes | None = None
    charge: Callable[[int], None] = free
    open: bool = False
    public_by: date | None = None
    depends: Depends | None = None


def exchange_of(request: Request) -> Exchange:
    # As `request.state` would find it, which wraps the whole of it first.
    exchange: Exchange = request.scope["state"]["exchange"]
    return exchange
