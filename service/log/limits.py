"""How much of a database one service may take, and what keeps it to that."""

import math
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from service.errors import TookTooLong
from service.log.silence import break_off_after

# Some hundred microseconds of SQLite's own work, between two looks at the clock.
_STEPS = 10_000

WAITS_S = 10
"""How long PostgreSQL may keep a statement waiting that has no limit of its own: for a lock, for its standby."""
GRACE_S = 2
"""How much longer its answer may take that it was too long. Beyond that, the server stands still."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once, seconds a statement, seconds a connection is held. None: no limit.

    Beyond them `reading` and `writing` raise TookTooLong, or Unavailable where no connection comes free.
    """

    connections: int = 20
    statement_timeout_s: float | None = None
    hold_timeout_s: float | None = None


UNLIMITED = Limits()


def limit(engine: Engine, limits: Limits) -> None:
    statement_s, hold_s = limits.statement_timeout_s, limits.hold_timeout_s
    if engine.dialect.name == "postgresql":
        _limit_postgresql(engine, statement_s, hold_s)
        if hold_s is not None:
            break_off_after(engine, (statement_s or WAITS_S) + GRACE_S)
    elif statement_s is not None:
        _limit_sqlite(engine, statement_s)
    if hold_s is not None:
        _limit_holding(engine, hold_s)


def _limit_holding(engine: Engine, hold_s: float) -> None:
    """A request of many quick statements holds its connection no longer than this: others wait for one."""

    def check_out(_connection: object, record: Any, _proxy: object) -> None:
        record.info["held_until"] = time.monotonic() + hold_s

    def refuse(connection: Connection, *_: object) -> None:
        if time.monotonic() > connection.info["held_until"]:
            raise TookTooLong("This request held the database for longer than it may. Ask for less.")

    event.listen(engine, "checkout", check_out)
    event.listen(engine, "before_cursor_execute", refuse)


def hold(connection: Connection) -> None:
    """Lets this connection be held for as long as its work takes, until it is given back: there is one of its kind."""
    connection.info["held_until"] = math.inf


def _limit_postgresql(engine: Engine, statement_s: float | None, hold_s: float | None) -> None:
    """Also where this process stands still: PostgreSQL then ends what it holds, so that others can write."""
    limits = {"statement_timeout": statement_s, "idle_in_transaction_session_timeout": hold_s}

    def prepare(connection: Any, _record: object) -> None:
        for name, limit_s in limits.items():
            if limit_s is not None:
                connection.execute(f"SET {name} = '{int(limit_s * 1000)}ms'")
        connection.commit()

    event.listen(engine, "connect", prepare)


def _limit_sqlite(engine: Engine, timeout_s: float) -> None:
    """SQLite knows no deadline. It asks, every so many steps, whether to go on."""

    def prepare(connection: Any, record: Any) -> None:
        record.info["deadline"] = math.inf
        connection.set_progress_handler(lambda: time.monotonic() > record.info["deadline"], _STEPS)

    def begin(connection: Connection, *_: object) -> None:
        connection.info["deadline"] = time.monotonic() + timeout_s

    event.listen(engine, "connect", prepare)
    event.listen(engine, "before_cursor_execute", begin)
