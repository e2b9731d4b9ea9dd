"""Evidence: one answer with all that it rests on, in a ZIP that can be checked without the register."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from service.api.answering import question_of
from service.api.determinations import answer_to
from service.api.http import media
from service.api.http.bodies import json_body
from service.api.http.parameters import Nothing
from service.api.http.register import Here, Register
from service.api.log import NO_KEY
from service.errors import InvalidRequest, Unavailable
from service.register.evidence import bundle

router = APIRouter(prefix="/v1/evidence", tags=["determinations"])
NAME = "evidence.zip"


class Zip(Response):
    media_type = media.ZIP


@router.post("", operation_id="getEvidence", response_class=Zip, summary="Save the evidence for an answer")
async def evidence(request: Request, register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """Answers one question and gives a ZIP file: question, answer, the events that it rests on as recorded, a proof for
    each, the signed checkpoint and the public key. Nothing is recorded.

    `lodestone verify --evidence evidence.zip --key KEY` checks it offline.
    """
    body = await json_body(request, register.max_body_bytes, register.most)
    if isinstance(body, dict) and "questions" in body:
        raise InvalidRequest("Evidence is for one question. Send the question itself.")
    content = await run_in_threadpool(bundle_of, register, body)
    return Zip(content, headers={"Content-Disposition": f'attachment; filename="{NAME}"'})


def bundle_of(register: Register, body: object) -> bytes:
    """The bundle for a question as it is posted. Raises InvalidRequest, and Unavailable without a signing key."""
    key = register.signing_key
    if key is None:
        raise Unavailable(NO_KEY)
    # In full: a brief answer leaves out events that it rests on where they are many.
    question = question_of(body, "").model_copy(update={"detail": "full"})
    answer = answer_to(register, question)
    told = json.loads(answer.model_dump_json(by_alias=True))
    with register.reading() as connection:
        return bundle(connection, question.model_dump(mode="json", by_alias=True, exclude_unset=True), told, key)
