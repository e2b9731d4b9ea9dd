"""What every read model is: a thing's records in versions, each valid for a range of log positions.

A version holds for `known_from` ≤ K < `known_to`. A question at knowledge K takes the rows whose range holds K: the
past costs what the present costs, whatever the length of the log.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    insert,
    literal,
    select,
    update,
)

from service.domain.claims import REDACTED, Ledger, Record, ledger, record_of
from service.domain.event import RecordedEvent

STILL_KNOWN = 2**63 - 1
"""`known_to` of a stream's newest version."""

metadata = MetaData()
Thing = TypeVar("Thing")

# One row: the generation of rows that questions read, the newest one that was begun, and the log position that the
# rows of the live one stand at. A rebuild writes a generation of its own beside the live one.
live = Table(
    "read_models",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)
LIVE = select(live.c.generation).scalar_subquery()


@dataclass(frozen=True, eq=False)
class ReadModel(Generic[Thing]):
    """One noun's table, and how its rows follow from a stream.

    `columns` gives what rows are looked up by; `concerns` selects those that concern the country bound as COUNTRY.
    `keyed` selects, of a column of streams, those that have one of the keys bound under a name.
    `apart` selects the records of some streams that are kept in another table, beside the versions.
    """

    noun: str
    table: Table
    fold: Callable[[Ledger], Thing | None]
    columns: Callable[[Thing], Mapping[str, Any]]
    concerns: ColumnElement[bool]
    keyed: Callable[[Column[Any], str], ColumnElement[bool]] | None = None
    apart: Callable[[Select[Any]], Select[Any]] | None = None


def versioned(name: str, *looked_up_by: Column[Any]) -> Table:
    """A read model's table. Look-up columns are null where nothing that stands describes the thing."""
    return Table(
        name,
        metadata,
        Column("generation", Integer, primary_key=True, autoincrement=False),
        Column("stream", Text, primary_key=True),
        Column("known_from", BigInteger, primary_key=True, autoincrement=False),
        Column("known_to", BigInteger, nullable=False),
        Column("records", Text, nullable=False),
        Column("published_through", Text),
        *looked_up_by,
    )


def record(connection: Connection, model: ReadModel[Any], events: Sequence[RecordedEvent], generation: int) -> None:
    """Adds a version of its stream for each event, and closes the one before it."""
    table = model.table
    streams = {event.stream for event in events}
    ours = table.c.generation == generation
    newest = ours & (table.c.known_to == STILL_KNOWN)
    newest_of = select(table.c.stream, table.c.records).where(newest, table.c.stream.in_(streams))
    texts = {row.stream: row.records for row in connection.execute(newest_of)}
    rows: list[dict[str, Any]] = []
    open_rows: dict[str, dict[str, Any]] = {}
    for event in events:
        text = extended(texts.get(event.stream), record_of(event))
        if event.stream in open_rows:
            open_rows[event.stream]["known_to"] = event.position
        elif event.stream in texts:
            closed = update(table).where(newest, table.c.stream == event.stream)
            connection.execute(closed.values(known_to=event.position))
        texts[event.stream] = text
        open_rows[event.stream] = {"generation": generation, **_row(model, event, text)}
        rows.append(open_rows[event.stream])
    connection.execute(insert(table), rows)


def redact(connection: Connection, model: ReadModel[Any], stream: str, event_id: str) -> list[dict[str, Any]]:
    """Empties an event's data and source in every version of its stream, of every generation; returns what is left of
    the stream's records."""
    table, left = model.table, list[dict[str, Any]]()
    for row in connection.execute(select(table).where(table.c.stream == stream)).mappings().all():
        records = [_redacted(one) if one["id"] == event_id else one for one in json.loads(row["records"])]
        text = f"[{','.join(json.dumps(one, sort_keys=True) for one in records)}]"
        this = (table.c.generation == row["generation"]) & (table.c.known_from == row["known_from"])
        left = max(left, records, key=len)
        changed = _derived(model, stream, text)
        connection.execute(update(table).where(table.c.stream == stream, this).values(records=text, **changed))
    return left


def _redacted(record_: dict[str, Any]) -> dict[str, Any]:
    return record_ | {"data": REDACTED, "source": REDACTED}


def _row(model: ReadModel[Any], event: RecordedEvent, text: str) -> dict[str, Any]:
    return {
        "stream": event.stream,
        "known_from": event.position,
        "known_to": STILL_KNOWN,
        "records": text,
        **_derived(model, event.stream, text),
    }


def _derived(model: ReadModel[Any], stream: str, text: str) -> dict[str, Any]:
    """The columns that follow from a stream's records; those looked up by are null where nothing describes it."""
    found = ledger_of(stream, text)
    thing = model.fold(found)
    looked_up_by = {column.name: None for column in model.table.columns if column.name not in COMMON}
    described = model.columns(thing) if thing is not None else {}
    return {"published_through": _published_through(found), **looked_up_by, **described}


COMMON = {"generation", "stream", "known_from", "known_to", "records", "published_through"}


def _published_through(found: Ledger) -> str | None:
    """The latest publication day among the sources of what stands."""
    days = [day for claim in found.claims for source in claim.sources if (day := source.speaks_through)]
    return max(days).isoformat() if days else None


def extended(text: str | None, record_: Record) -> str:
    """The records of a stream as JSON text, with one more."""
    one = text_of(record_)
    return f"[{one}]" if text is None else f"{text[:-1]},{one}]"


def text_of(record_: Record) -> str:
    return json.dumps(asdict(record_) | {"recorded_on": record_.recorded_on.isoformat()}, sort_keys=True)


@lru_cache(maxsize=10_000)
def ledger_of(stream: str, text: str) -> Ledger:
    """The claims in a version's records. Kept by content, so nothing in it can be stale."""
    records = [Record(**one | {"recorded_on": date.fromisoformat(one["recorded_on"])}) for one in json.loads(text)]
    return ledger(stream, sorted(records, key=lambda record: record.position))


@lru_cache(maxsize=10_000)
def _folded(fold: Callable[[Ledger], Thing | None], stream: str, text: str) -> Thing | None:
    return fold(ledger_of(stream, text))


AT: BindParameter[int] = bindparam("at", type_=BigInteger)
COUNTRY: BindParameter[str] = bindparam("country", type_=Text)


def listing(values: Iterable[str]) -> str:
    """Several values in one look-up column."""
    return f"|{'|'.join(values)}|"


def lists(column: Column[Any], value: BindParameter[str]) -> ColumnElement[bool]:
    """Whether a look-up column made by `listing` holds a value."""
    return column.like(literal("%|").concat(value).concat("|%"))


def known(table: Table) -> ColumnElement[bool]:
    """The live versions that hold at the log position bound as AT."""
    return (table.c.generation == LIVE) & (table.c.known_from <= AT) & (table.c.known_to > AT)


@cache
def _statement(model: ReadModel[Any], narrowed_by: frozenset[str]) -> Select[Any]:
    """Built once: putting a statement together costs more than the database takes to run it."""
    table = model.table
    described = next(column for column in table.columns if column.name not in COMMON).is_not(None)
    keys = [name for name in narrowed_by if name.startswith("keys")]
    keyed = {name: model.keyed(table.c.stream, name) for name in keys if model.keyed}
    conditions = keyed | {
        "country": model.concerns,
        "stream": table.c.stream == bindparam("stream", type_=Text),
        "after": table.c.stream > bindparam("after", type_=Text),
    }
    query = select(table.c.stream, table.c.records).where(known(table), described).order_by(table.c.stream)
    query = query.where(*(condition for name, condition in conditions.items() if name in narrowed_by))
    return query.limit(bindparam("limit", type_=Integer)) if "limit" in narrowed_by else query


def things(connection: Connection, model: ReadModel[Thing], at: int, **narrowed_by: Any) -> list[Thing]:
    """The things known at a log position, in order of their streams; those whose description fell away are left out.

    They are narrowed by `country`, by `stream`, to those `after` a stream, to a `limit`, and by lists of keys (`keys0`,
    …) where the read model keeps such; None narrows nothing.
    """
    given = {name: value for name, value in narrowed_by.items() if value is not None}
    rows = connection.execute(_statement(model, frozenset(given)), {"at": at, **given}).all()
    apart = _kept_apart(connection, model, {"at": at, **given}) if rows else {}
    texts = ((row.stream, _with(row.records, apart.get(row.stream, ()))) for row in rows)
    return [found for stream, text in texts if (found := _folded(model.fold, stream, text)) is not None]


def _kept_apart(connection: Connection, model: ReadModel[Any], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The records that are kept beside the versions, by their stream."""
    query = _apart(model, frozenset(given) - {"at"})
    found: dict[str, list[str]] = {}
    for row in connection.execute(query, given) if query is not None else ():
        found.setdefault(row.stream, []).append(row.record)
    return found


@cache
def _apart(model: ReadModel[Any], narrowed_by: frozenset[str]) -> Select[Any] | None:
    streams = _statement(model, narrowed_by).with_only_columns(model.table.c.stream)
    return model.apart(streams) if model.apart else None


def _with(text: str, records: Sequence[str]) -> str:
    return f"{text[:-1]},{','.join(records)}]" if records else text


def thing(connection: Connection, model: ReadModel[Thing], at: int, stream: str) -> Thing | None:
    return next(iter(things(connection, model, at, stream=stream)), None)


def exists(connection: Connection, model: ReadModel[Any], at: int, stream: str) -> bool:
    """Whether anything was recorded in the stream up to a log position, be it retracted since."""
    query = select(model.table.c.stream).where(known(model.table), model.table.c.stream == stream)
    return connection.execute(query, {"at": at}).first() is not None
