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
from service.projections.rebuild import unfit


class Health(Shape):
    """Whether the register can answer, and where its log ends."""

    status: str
    position: int | None = None
    refusing_writes: Annotated[
        str | None, Field(description="Why nothing could be recorded when it was last tried; left out where it could.")
    ] = None


router = APIRouter(prefix="/health", tags=["health"], route_class=Direct)


@router.get("/live", operation_id="isLive", response_model=Health, summary="Is it alive?")
async def live() -> Response:
    """The process answers."""
    return _told(Health(status="alive"))


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
    return Health(status="ready", position=head.position, refusing_writes=register.log.refusing or None)


def _told(health: Health) -> Response:
    return Response(health.model_dump_json(exclude_none=True), media_type="application/json")
