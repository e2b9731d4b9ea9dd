"""How the register stands, for whoever runs it: the log, its read models, its keys, its watches and deliveries."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, Engine, func, select

from service.api.http.register import Here, Register
from service.console.pages import PageRoute, page
from service.feeds import store, tables
from service.keys import AccessKey, all_keys
from service.log.database import reading, size_bytes, wal_bytes
from service.log.read import read_head
from service.projections.tables import live

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MOST_KEYS = 100


@router.get("/operations")
def operations(request: Request, register: Here) -> Response:
    with reading(register.engine) as connection:
        head = read_head(connection)
        models_at = connection.execute(select(live.c.position)).scalar_one()
        keys = all_keys(connection)
        facts = {
            "Log ends at position": head.position,
            "Read models stand at": f"{models_at} ({head.position - models_at} events behind)",
            "Last event recorded": head.recorded_at.strftime("%Y-%m-%d %H:%M:%S UTC") if head.recorded_at else "none",
            "Root": head.root.hex(),
            "Restored (epoch)": head.epoch,
            "Recording": register.log.refusing or "open",
            "Requests that wait to be recorded": register.log.waiting,
            "Database": f"{size_bytes(connection) / 1e6:.1f} MB",
            "Write-ahead log": _megabytes(wal_bytes(connection)),
            "Checkpoints": "signed" if register.signing_key else "not signed: make a key with lodestone keys signing",
        }
        return page(
            request,
            "operations.html",
            facts=facts,
            keys=_told(keys[:MOST_KEYS]),
            left_out=max(len(keys) - MOST_KEYS, 0),
            watches=store.count(connection),
            deliveries=_deliveries(connection),
            pools=_pools(register),
        )


def _megabytes(size: int | None) -> str:
    return "none" if size is None else f"{size / 1e6:.1f} MB"


def _pools(register: Register) -> dict[str, str]:
    return {name: f"{_in_use(engine)} in use" for name, engine in register.pools().items()}


def _in_use(engine: Engine) -> int:
    return int(getattr(engine.pool, "checkedout", lambda: 0)())


def _told(keys: list[AccessKey]) -> list[tuple[AccessKey, str]]:
    now = datetime.now(UTC)
    ended = ((one, "revoked" if one.revoked_at else "expired") for one in keys)
    return [(one, "open" if one.open_at(now) else word) for one, word in ended]


def _deliveries(connection: Connection) -> list[tuple[str, int]]:
    """How many changes of watches are in which state of delivery."""
    query = (
        select(tables.changes.c.state, func.count()).group_by(tables.changes.c.state).order_by(tables.changes.c.state)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]
