"""What licenses are found by: the parties they name in each role, and the goods of their lines.

A question that names a company, or a customs code, considers the licenses that may concern it and no others, whatever
else the controlling country has licensed. A key, once given, stays: it may find a license too many, which then does not
match. So keys need no versions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, Text, bindparam, delete, insert, select

from service.domain.commodity.match import Commodity, hs_digits
from service.domain.event import RecordedEvent
from service.domain.parties import Asked, normalized
from service.domain.scope import Subject
from service.projections.versions import LIVE, metadata

table = Table(
    "license_keys",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
)
HEADING_DIGITS = 4
USERS = ("end_users", "consignees", "customers", "intermediates")
ANYONE, ANYTHING = "*", "goods *"


def take(connection: Connection, events: Sequence[RecordedEvent], generation: int) -> None:
    """Adds the keys of a license's events."""
    wanted = {(key, event.stream) for event in events for key in _keys(event)}
    if not wanted:
        return
    streams = sorted({stream for _, stream in wanted})
    ours = select(table.c.key, table.c.stream).where(table.c.generation == generation, table.c.stream.in_(streams))
    there = {(row.key, row.stream) for row in connection.execute(ours)}
    rows = [{"generation": generation, "key": key, "stream": stream} for key, stream in sorted(wanted - there)]
    if rows:
        connection.execute(insert(table), rows)


def redact(connection: Connection, stream: str, records: Iterable[Mapping[str, Any]]) -> None:
    """Forgets what a redacted event named: the keys of the stream's other records stay, in every generation."""
    generations = connection.scalars(select(table.c.generation).where(table.c.stream == stream).distinct()).all()
    connection.execute(delete(table).where(table.c.stream == stream))
    kept = sorted({key for record in records for key in _of_data(record["data"])})
    rows = [{"generation": number, "key": key, "stream": stream} for number in generations for key in kept]
    if rows:
        connection.execute(insert(table), rows)


def _keys(event: RecordedEvent) -> Iterator[str]:
    corrected = event.data.get("data") if event.type.startswith("record.") else None
    yield from _of_data(corrected if isinstance(corrected, Mapping) else event.data)


def _of_data(data: Mapping[str, Any]) -> Iterator[str]:
    """Every event that describes says something of users and of goods, if only that they are open."""
    describes = "issuer" in data or "state" in data
    users = [party for role in USERS for party in data.get(role) or ()]
    yield from (f"user {key}" for party in users for key in _party(party))
    if describes and not users:
        yield f"user {ANYONE}"
    licensee = data.get("licensee")
    if licensee or describes:
        yield from (f"licensee {key}" for key in (_party(licensee) if licensee else [ANYONE]))
    lines = data.get("lines") or ()
    yield from (_goods(line["commodity"]) for line in lines if isinstance(line, Mapping))
    if describes and not lines:
        yield ANYTHING


def _party(party: Mapping[str, Any]) -> list[str]:
    if "company" in party:
        return [str(party["company"])]
    if "name" in party:
        return [f"{party['country']} {normalized(party['name'])}"]
    return [ANYONE]


def _goods(commodity: Mapping[str, Any]) -> str:
    digits = hs_digits(commodity.get("hs") or "")
    return f"goods {digits[:HEADING_DIGITS]}" if len(digits) >= HEADING_DIGITS else ANYTHING


def narrowing(subject: Subject) -> list[list[str]]:
    """Lists of keys: a license that may concern the question has a key of each of them. No list: it narrows nothing.

    Where a company is named the goods do not narrow: a license of its own for other goods is evidence about it.
    """
    parties = [_asked("user", subject.end_user), _asked("licensee", subject.exporter)]
    found = [keys for keys in parties if keys]
    return found or [keys for keys in [_asked_goods(subject.commodity)] if keys]


def _asked(role: str, asked: Asked | None) -> list[str]:
    called = asked.names | asked.shared_names if asked else frozenset()
    if asked is None or asked.form != "name" or not (asked.company or called):
        return []
    names = [f"{asked.country} {name}" for name in sorted(called)]
    return [f"{role} {key}" for key in (*([asked.company] if asked.company else []), *names, ANYONE)]


def _asked_goods(asked: Commodity) -> list[str]:
    """Goods asked about by a customs code alone: other codes and names may be found in lines of any heading."""
    digits = hs_digits(asked.hs or "")
    if len(digits) < HEADING_DIGITS or asked.name or asked.control_code or asked.cas:
        return []
    return [f"goods {digits[:HEADING_DIGITS]}", ANYTHING]


def has_one_of(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a stream has one of the keys bound under a name, in the live generation."""
    keys = bindparam(name, expanding=True, type_=Text)
    return column.in_(select(table.c.stream).where(table.c.generation == LIVE, table.c.key.in_(keys)))
