"""Whether the process lives, and whether the register can answer."""

from fastapi import APIRouter, Depends, Response

from service.api.http.direct import Direct
from service.api.http.register import Here, reached
from service.api.http.rendering import rendered
from service.api.shape import Shape


class Health(Shape):
    """Whether the register can answer, and where its log ends."""

    status: str
    position: int | None = None


router = APIRouter(prefix="/health", tags=["health"], route_class=Direct)


@router.get("/live", operation_id="isLive", response_model=Health, summary="Is it alive?")
async def live() -> Response:
    """The process answers."""
    return Response(Health(status="alive").model_dump_json(), media_type="application/json")


@router.get(
    "/ready",
    operation_id="isReady",
    response_model=Health,
    summary="Is it ready?",
    dependencies=[Depends(reached)],
)
def ready(register: Here) -> Response:
    """The database answers too; 503 where it does not."""
    with register.reading():
        return rendered(register, Health(status="ready", position=register.head.position))
