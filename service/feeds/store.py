"""Watches in the database."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.domain.parties import ON_RECORD
from service.feeds.answers import Answered
from service.feeds.asks import Ask
from service.feeds.signing import PLAIN
from service.feeds.tables import attempts, changes, keys, watches
from service.feeds.touching import EVERY_ANSWER
from service.feeds.watch import Change, Watch, written
from service.log.instants import instant_of, microseconds

AT_ONCE = 500
MOST_CHANGES = 1_000
"""How many changes of a watch are kept; the oldest go first."""
MOST_WAITING = 10_000
"""How many are kept of those that wait for a receiver that takes none."""


def add(connection: Connection, watch: Watch, secrets: str | None) -> None:
    connection.execute(
        insert(watches).values(
            id=watch.id,
            title=watch.title,
            ask=ask_text(watch.ask),
            webhook=watch.webhook,
            secrets=secrets,
            paused=watch.paused,
            actor=watch.actor,
            made_at=microseconds(watch.made_at),
            position=watch.position,
            **_standing(watch),
        )
    )
    _write_keys(connection, watch)


def ask_text(ask: Ask) -> str:
    return written(ask.model_dump(mode="json", by_alias=True, exclude_unset=True))


def _standing(watch: Watch) -> dict[str, Any]:
    """What evaluation changes."""
    return {
        "day": watch.day.isoformat(),
        "caught_up": watch.caught_up,
        "headline": watch.answer.headline,
        "says": written(watch.answer.says),
        "next_day": watch.next_day.isoformat() if watch.next_day else None,
        "changes": watch.changes,
    }


def _write_keys(connection: Connection, watch: Watch) -> None:
    connection.execute(delete(keys).where(keys.c.watch == watch.id))
    connection.execute(insert(keys), [{"key": key, "watch": watch.id} for key in sorted(watch.answer.keys)])


def settle(connection: Connection, before: Watch, after: Watch, told: Sequence[Change], now_us: int) -> None:
    """Writes what evaluation made of a watch. One that was removed meanwhile stays removed, and another that has its id
    now is left alone."""
    this = (watches.c.id == after.id, watches.c.made_at == microseconds(after.made_at))
    found = connection.execute(update(watches).where(*this).values(**_standing(after)))
    if not found.rowcount:
        return
    if after.answer.keys != before.answer.keys:
        _write_keys(connection, after)
    if told:
        state = "pending" if after.webhook else "none"
        connection.execute(insert(changes), [_change_row(one, state, now_us) for one in told])
        _forget(connection, after)


def _forget(connection: Connection, watch: Watch) -> None:
    settled = (changes.c.number <= watch.changes - MOST_CHANGES) & (changes.c.state != "pending")
    old = settled | (changes.c.number <= watch.changes - MOST_WAITING)
    connection.execute(delete(changes).where(changes.c.watch == watch.id, old))


def _change_row(one: Change, state: str, now_us: int) -> dict[str, Any]:
    return {
        "watch": one.watch,
        "number": one.number,
        "told": written(one.told),
        "made_at": microseconds(one.made_at),
        "state": state,
        "attempts": 0,
        "due_at": now_us,
    }


def secrets_of(connection: Connection, watch: str) -> str:
    found: str | None = connection.scalar(select(watches.c.secrets).where(watches.c.id == watch))
    return found or ""


def plain_secrets(connection: Connection) -> list[tuple[str, str]]:
    """Watches whose secrets are not sealed, with these."""
    found = connection.execute(select(watches.c.id, watches.c.secrets).where(watches.c.secrets.startswith(PLAIN)))
    return [(row.id, row.secrets) for row in found]


def seal_secrets(connection: Connection, watch: str, plain: str, closed: str) -> None:
    """Puts sealed secrets in the place of plain ones, unless these were replaced meanwhile."""
    this = (watches.c.id == watch, watches.c.secrets == plain)
    connection.execute(update(watches).where(*this).values(secrets=closed))


def keep_secrets(connection: Connection, watch: str, secrets: str) -> None:
    connection.execute(update(watches).where(watches.c.id == watch).values(secrets=secrets))


def pause(connection: Connection, watch: str, paused: bool) -> None:
    connection.execute(update(watches).where(watches.c.id == watch).values(paused=paused))


def remove(connection: Connection, watch: str) -> bool:
    """Removes a watch with all that was told of it; whether there was one."""
    for table in (keys, changes, attempts):
        connection.execute(delete(table).where(table.c.watch == watch))
    return bool(connection.execute(delete(watches).where(watches.c.id == watch)).rowcount)


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(watches)).scalar_one())


def count_behind(connection: Connection) -> int:
    behind = select(func.count()).select_from(watches).where(watches.c.caught_up.is_(False))
    return int(connection.execute(behind).scalar_one())


def any_(connection: Connection) -> bool:
    return connection.execute(select(watches.c.id).limit(1)).first() is not None


def one(connection: Connection, watch: str) -> Watch | None:
    return next(some(connection, [watch]), None)


def some(connection: Connection, ids: Iterable[str]) -> Iterator[Watch]:
    """The watches of some ids, those that there are, in the order of their ids."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        found = _read(connection, select(watches).where(watches.c.id.in_(listed[start : start + AT_ONCE])))
        yield from sorted(found, key=lambda watch: watch.id)


def page(connection: Connection, after: str, limit: int) -> list[Watch]:
    """In the order of their ids."""
    return list(_read(connection, select(watches).where(watches.c.id > after).order_by(watches.c.id).limit(limit)))


def touched(connection: Connection, wanted: Collection[int], *, new: bool = False) -> set[str]:
    """The ids of the watches that depend on any of some keys; of those caught up, or with `new` of all."""
    found = select(watches.c.id).where(watches.c.caught_up.in_([True, not new]))
    if EVERY_ANSWER in wanted:
        return set(connection.scalars(found))
    listed, ids = sorted(wanted), set[str]()
    depending = found.join(keys, watches.c.id == keys.c.watch).distinct()
    for start in range(0, len(listed), AT_ONCE):
        ids.update(connection.scalars(depending.where(keys.c.key.in_(listed[start : start + AT_ONCE]))))
    return ids


def due_by(connection: Connection, until: date, *, new: bool = False) -> set[str]:
    """The ids of the watches whose answer a day up to this one may change; of those caught up, or with `new` of all."""
    # SQLite would rather look at every watch that is caught up: that condition must not be part of the query.
    due = select(watches.c.id, watches.c.caught_up).where(watches.c.next_day <= until.isoformat())
    return {row.id for row in connection.execute(due) if row.caught_up or new}


def any_caught_up(connection: Connection) -> bool:
    return connection.execute(select(watches.c.id).where(watches.c.caught_up).limit(1)).first() is not None


def leave_behind(connection: Connection, ids: Collection[str], position: int) -> None:
    """From now on these are behind, with their answers from a position."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        these = watches.c.id.in_(listed[start : start + AT_ONCE])
        connection.execute(update(watches).where(these).values(caught_up=False, position=position))


def behind(connection: Connection, position: int, limit: int) -> list[Watch]:
    """Some of the watches that are not caught up, and were first answered at or before a position."""
    new = select(watches).where(watches.c.caught_up.is_(False), watches.c.position <= position)
    return list(_read(connection, new.order_by(watches.c.id).limit(limit)))


def _read(connection: Connection, query: Any) -> Iterator[Watch]:
    rows = connection.execute(query).all()
    held: dict[str, set[int]] = {row.id: set() for row in rows}
    for found in connection.execute(select(keys).where(keys.c.watch.in_(held))):
        held[found.watch].add(found.key)
    yield from (_watch_of(row, frozenset(held[row.id])) for row in rows)


def _watch_of(row: Row[Any], of_keys: frozenset[int]) -> Watch:
    return Watch(
        id=row.id,
        title=row.title,
        ask=Ask.model_validate_json(row.ask, context=ON_RECORD),
        webhook=row.webhook,
        paused=row.paused,
        actor=row.actor,
        made_at=instant_of(row.made_at),
        position=row.position,
        day=date.fromisoformat(row.day),
        caught_up=row.caught_up,
        answer=Answered(row.headline, json.loads(row.says), of_keys),
        next_day=date.fromisoformat(row.next_day) if row.next_day else None,
        changes=row.changes,
    )


def changes_of(connection: Connection, watch: str, after: int, limit: int) -> list[Row[Any]]:
    """What was told of a watch after a number, in its order."""
    query = select(changes).where(changes.c.watch == watch, changes.c.number > after)
    return list(connection.execute(query.order_by(changes.c.number).limit(limit)))
