"""The evidence for the answer of a page, as the API's bundle."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from service.api.evidence import NAME, Zip, bundle_of
from service.api.http.register import Here, Register
from service.console import asked
from service.console.forms import fields_of
from service.console.pages import PageRoute
from service.register.known import Known
from service.register.shapes import Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/evidence")
async def evidence(request: Request, register: Here) -> Response:
    given = asked.given_of((await fields_of(request, register)).items())
    content = await run_in_threadpool(_bundle, register, given)
    return Zip(content, headers={"Content-Disposition": f'attachment; filename="{NAME}"'})


def _bundle(register: Register, given: asked.Given) -> bytes:
    question = _question(register, given)
    return bundle_of(register, question.model_dump(mode="json", by_alias=True, exclude_unset=True))


def _question(register: Register, given: asked.Given) -> Question:
    with register.reading() as connection:
        return asked.question_of(given, Known(connection, register.known_at(connection, None)))
