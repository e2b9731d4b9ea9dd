"""Making, finding and removing watches: what the API and the command line do with them."""

import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Connection, Engine

from service.domain.base import Frozen, Line
from service.errors import FieldError, InvalidRequest, NotFound, TooManyWatches, WatchExists
from service.feeds import signing, store
from service.feeds.addresses import receivable
from service.feeds.answers import Noting, company_of
from service.feeds.asks import Ask
from service.feeds.days import Days
from service.feeds.evaluation import Evaluation
from service.feeds.signing import Seal, SealBroken, Secret
from service.feeds.watch import Watch
from service.log import read
from service.log.database import reading, writing
from service.projections.budget import within

FIRST_MS = 10_000
"""How long the first answer of a watch may keep a core busy."""

Url = Annotated[
    str,
    StringConstraints(min_length=8, max_length=2_000, pattern=r"^https?://[^\s]+$"),
    AfterValidator(receivable),
]


class Receiver(Frozen):
    """Who is told of changes."""

    url: Annotated[Url, Field(description="The address that changes are posted to, signed (Standard Webhooks).")]


class WatchPosted(Frozen):
    """A watch as it is asked for."""

    id: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,100}$")] | None,
        Field(description="Your own name for it, which makes the request safe to repeat; a UUID where left out."),
    ] = None
    title: Annotated[Line | None, Field(description="What people call it.")] = None
    ask: Ask
    webhook: Annotated[Receiver | None, Field(description="Who is told of changes; without one they are listed.")] = (
        None
    )


def made(connection: Connection, posted: WatchPosted, actor: str, on: date, at: datetime) -> Watch:
    """The watch with its first answer, from the end of the log. Nothing is written. Raises InvalidRequest, and TooBroad
    where the answer takes too long to ask for it again and again."""
    position = read.read_head(connection).position
    known = Noting(connection, position)
    if posted.ask.company_status and company_of(posted.ask.company_status, known) is None:
        fault = FieldError("/ask/company_status/company", "a company on record")
        raise InvalidRequest("The company is not on record.", [fault])
    with within(FIRST_MS):
        answer, next_day = Evaluation(connection, Days(), lambda: at).first(posted.ask, position, on)
    return Watch(
        id=posted.id or str(uuid.uuid4()),
        title=posted.title,
        ask=posted.ask,
        webhook=posted.webhook.url if posted.webhook else None,
        paused=False,
        actor=actor,
        made_at=at,
        position=position,
        day=on,
        caught_up=False,
        answer=answer,
        next_day=next_day,
    )


def repeated(connection: Connection, posted: WatchPosted) -> Watch | None:
    """The watch that was made by the same request before; None where there is none of this id.

    Raises WatchExists where another watch has the id.
    """
    found = store.one(connection, posted.id) if posted.id else None
    if found is None:
        return None
    url = posted.webhook.url if posted.webhook else None
    if (found.title, store.ask_text(found.ask), found.webhook) != (posted.title, store.ask_text(posted.ask), url):
        raise WatchExists("Another watch has this id.", [FieldError("/id", "an id of its own")])
    return found


def add(connection: Connection, watch: Watch, secrets: str | None, most: int) -> None:
    """Writes a new watch. Raises TooManyWatches."""
    if store.count(connection) >= most:
        raise TooManyWatches(f"There are {most} watches, and there may be no more.")
    store.add(connection, watch, secrets)


def rotate(connection: Connection, watch: Watch, at: datetime, seal: Seal) -> Secret:
    """A new secret; the one before is signed with for another day. Raises InvalidRequest without a webhook."""
    receiver_of(watch)
    held = signing.rotated(_secrets_of(connection, watch.id, seal), at)
    store.keep_secrets(connection, watch.id, seal.closed(held))
    return held[0]


def _secrets_of(connection: Connection, watch: str, seal: Seal) -> list[Secret]:
    """Those that can be opened: that a key is lost must not keep anybody from a new secret."""
    try:
        return seal.opened(store.secrets_of(connection, watch))
    except SealBroken:
        return []


def seal_plain(engine: Engine, seal: Seal) -> None:
    """Seals what an earlier version kept as it is. Does nothing in a register without a key."""
    with reading(engine) as connection:
        plain = store.plain_secrets(connection)
    for watch, text in plain if seal.closes else ():
        with writing(engine) as connection:
            store.seal_secrets(connection, watch, text, seal.closed(seal.opened(text)))


def receiver_of(watch: Watch) -> str:
    """Raises InvalidRequest."""
    if watch.webhook is None:
        raise InvalidRequest("The watch has no webhook.", [FieldError("id", "a watch with a webhook")])
    return watch.webhook


def existing(connection: Connection, watch: str) -> Watch:
    """Raises NotFound."""
    found = store.one(connection, watch)
    if found is None:
        raise NotFound("No watch has this id.")
    return found
