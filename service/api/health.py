"""Whether the process lives, and whether the register can answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from service.api.http.direct import Direct
from service.api.http.register import Here, Register, reached
from service.api.shape import Shape
from service.errors import Unavailable
from service.log.database import reading
from service.log.read import read_head
from service.log.replicas import Replica
from service.projections.rebuild import unfit


class ReplicaHealth(Shape):
    """A standby that answers are read from."""

    name: str
    position: Annotated[int | None, Field(description="Where its log ended when it was last looked at.")] = None
    lag_seconds: Annotated[
        float | None, Field(description="How long ago the first event was recorded that it lacked then.")
    ] = None
    passed_over: Annotated[
        str | None, Field(description="Why it is not read from, and the primary is; left out where it is.")
    ] = None


class Health(Shape):
    """Whether the register can answer, and where its log ends."""

    status: str
    position: int | None = None
    refusing_writes: Annotated[
        str | None, Field(description="Why nothing could be recorded when it was last tried; left out where it could.")
    ] = None
    replicas: Annotated[list[ReplicaHealth] | None, Field(description="Left out where there are none.")] = None


def _written(health: Health) -> bytes:
    return health.model_dump_json(exclude_none=True).encode()


ALIVE = _written(Health(status="alive"))
router = APIRouter(prefix="/health", tags=["health"], route_class=Direct)


@router.get("/live", operation_id="isLive", response_model=Health, summary="Is it alive?")
async def live() -> Response:
    """The process answers."""
    return Response(ALIVE, media_type="application/json")


@router.get(
    "/ready",
    operation_id="isReady",
    response_model=Health,
    summary="Is it ready?",
    dependencies=[Depends(reached)],
)
async def ready(register: Here) -> Response:
    """The database answers too, and has what is needed; 503 where not, with what is missing."""
    return _told(await register.reserved.run(_readiness, register))


def _readiness(register: Register) -> Health:
    with reading(register.reserved.engine) as connection:
        if said := unfit(connection):
            raise Unavailable(said)
        head = read_head(connection)
    register.exchange.head = head
    register.seen.note(head.position)
    refusing, replicas = register.log.refusing or None, [_of(one) for one in register.replicas.replicas]
    return Health(status="ready", position=head.position, refusing_writes=refusing, replicas=replicas or None)


def _of(replica: Replica) -> ReplicaHealth:
    said = None if replica.usable else replica.fault or "It does not answer."
    return ReplicaHealth(name=replica.name, position=replica.position, lag_seconds=replica.lag_s, passed_over=said)


def _told(health: Health) -> Response:
    return Response(_written(health), media_type="application/json")
