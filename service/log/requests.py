"""Requests that were answered, kept by their key: sent again, a request gets its first outcome again.

The outcome is written in the transaction of the events that it speaks of, so that both are there or neither.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from service import errors
from service.log.tables import requests

CONFLICTS: dict[str, type[errors.Conflict]] = {kind.problem: kind for kind in errors.Conflict.__subclasses__()}
CONFLICTS[errors.Conflict.problem] = errors.Conflict


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A client's key for one request. `digest` is of all that the request asks for; `actor` is whose key it is."""

    actor: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: the positions of its events, or the conflict that it was refused for."""

    digest: bytes
    positions: tuple[int, ...] = ()
    refusal: errors.Conflict | None = None

    def check(self, key: RequestKey) -> None:
        """Raises KeyReused for another request under the same key, and again the conflict of the first time."""
        if self.digest != key.digest:
            raise errors.KeyReused("This Idempotency-Key was used for another request. A new request takes a new key.")
        if self.refusal is not None:
            raise _again(self.refusal)


Known = Mapping[tuple[str, str], Outcome]


def outcomes_of(connection: Connection, keys: Iterable[RequestKey]) -> dict[tuple[str, str], Outcome]:
    """The outcomes recorded under keys."""
    wanted = {(key.actor, key.key) for key in keys}
    if not wanted:
        return {}
    query = select(requests).where(requests.c.key.in_(sorted({key for _, key in wanted})))
    rows = connection.execute(query)
    return {(row.actor, row.key): _read(row.digest, row.outcome) for row in rows if (row.actor, row.key) in wanted}


def store(connection: Connection, answered: Sequence[tuple[RequestKey, Outcome]]) -> None:
    rows = [
        {"actor": key.actor, "key": key.key, "digest": key.digest, "outcome": _written(outcome)}
        for key, outcome in answered
    ]
    if rows:
        connection.execute(insert(requests), rows)


def _written(outcome: Outcome) -> str:
    refusal = outcome.refusal
    if refusal is None:
        return json.dumps({"positions": outcome.positions})
    faults = [[fault.pointer, fault.detail] for fault in refusal.errors]
    return json.dumps({"problem": refusal.problem, "detail": refusal.detail, "errors": faults, "at": refusal.at})


def _read(digest: bytes, text: str) -> Outcome:
    found: dict[str, Any] = json.loads(text)
    if "positions" in found:
        return Outcome(digest, tuple(found["positions"]))
    faults = [errors.FieldError(pointer, detail) for pointer, detail in found["errors"]]
    refusal = CONFLICTS[found["problem"]](found["detail"], faults)
    # Outcomes that were stored before this was kept do not say which event was at fault.
    refusal.at = found.get("at")
    return Outcome(digest, refusal=refusal)


def _again(refusal: errors.Conflict) -> errors.Conflict:
    """The same refusal for another request: whoever catches it completes its pointers for its own body."""
    made = type(refusal)(refusal.detail, refusal.errors)
    made.at = refusal.at
    return made
