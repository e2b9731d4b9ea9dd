"""The log as evidence: its signed tree head, proofs, and its tiles. What cannot change may be cached for ever."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import PlainTextResponse
from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import Connection

from service.api.events import EventId
from service.api.http.parameters import Nothing, Strict, digits
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.api.shape import Shape
from service.errors import FieldError, NotFound, PositionAhead, Unavailable
from service.log import read, tiles, tree
from service.log.checkpoint import Checkpoint, proof_text, signed_checkpoint


class InclusionProof(Shape):
    """That the event at `position` is in the tree of the first `size` events. Hashes are hexadecimal."""

    position: int
    size: int
    leaf: str
    proof: list[str]
    root: str


class ConsistencyProof(Shape):
    """That the tree of `size` events begins with that of `old_size`. Hashes are hexadecimal."""

    old_size: int
    size: int
    proof: list[str]
    old_root: str
    root: str


router = APIRouter(prefix="/v1/log", tags=["log"])
NO_KEY = "No key is configured to sign with. Make one with `lodestone keys signing`."
FOR_EVER = {"Cache-Control": "max-age=31536000, immutable"}


class Octets(Response):
    media_type = "application/octet-stream"


Size = Annotated[int, Field(ge=1, le=2**53 - 1), BeforeValidator(digits)]


class OfInclusion(Strict):
    position: Annotated[Size, Field(description="The event's log position.")]
    size: Annotated[Size | SkipJsonSchema[None], Field(description="The tree's size; the head's where left out.")] = (
        None
    )


class OfConsistency(Strict):
    old_size: Annotated[Size, Field(description="The size of the older tree. There is no proof from size 0.")]
    size: Annotated[Size | SkipJsonSchema[None], Field(description="The tree's size; the head's where left out.")] = (
        None
    )


@router.get("/checkpoint", operation_id="getCheckpoint", response_class=PlainTextResponse, summary="Get the checkpoint")
def checkpoint(register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """The signed tree head: a C2SP tlog-checkpoint. Kept elsewhere, it shows later that nothing before it changed."""
    with register.reading():
        return PlainTextResponse(_note(register, register.head))


@router.get("/key", operation_id="getLogKey", response_class=PlainTextResponse, summary="Get the public key")
def public_key(register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """The key that checkpoints are verified with, as C2SP signed-note writes it: name, id and Ed25519 key.

    Take it once, over a connection that you trust, and keep it.
    """
    if register.signing_key is None:
        raise Unavailable(NO_KEY)
    return PlainTextResponse(f"{register.signing_key.verifier}\n")


@router.get("/proof/inclusion", operation_id="proveInclusion", response_model=InclusionProof, summary="Prove an event")
def inclusion(register: Here, asked: Annotated[OfInclusion, Query()]) -> Response:
    """That an event is in the tree of a size (RFC 6962): the hashes from its leaf to the root."""
    with register.reading() as connection:
        head = register.head
        size = _reached(asked.size, head)
        if asked.position > size:
            fault = FieldError("position", f"from 1 to the tree's size, which is {size}")
            raise PositionAhead("The tree does not reach this position.", [fault])
        proof = tree.inclusion_proof(connection, asked.position, size)
        leaf = tree.leaves(connection, [asked.position - 1])
        body = InclusionProof(
            position=asked.position,
            size=size,
            leaf=next(iter(leaf.values())).hex(),
            proof=[hash_.hex() for hash_ in proof],
            root=_root(connection, size, head),
        )
    return rendered(register, body, headers=FOR_EVER if asked.size else None)


@router.get(
    "/proof/consistency", operation_id="proveConsistency", response_model=ConsistencyProof, summary="Prove an old tree"
)
def consistency(register: Here, asked: Annotated[OfConsistency, Query()]) -> Response:
    """That the tree of one size begins with all of an older one (RFC 6962)."""
    with register.reading() as connection:
        head = register.head
        size = _reached(asked.size, head)
        proof = tree.consistency_proof(connection, asked.old_size, size)
        body = ConsistencyProof(
            old_size=asked.old_size,
            size=size,
            proof=[hash_.hex() for hash_ in proof],
            old_root=_root(connection, asked.old_size, head),
            root=_root(connection, size, head),
        )
    return rendered(register, body, headers=FOR_EVER if asked.size else None)


@router.get("/tile/{path:path}", operation_id="getTile", response_class=Octets, summary="Get a tile")
def tile(
    register: Here,
    path: Annotated[str, Path(description="Level, index and width, as C2SP says.")],
    _: Annotated[Nothing, Query()],
) -> Response:
    """A tile of hashes (`0/000`, `0/000.p/15`) or a bundle of entries (`entries/000`), as C2SP tlog-tiles has them."""
    wanted = tiles.Tile.of(path)
    with register.reading() as connection:
        content = tiles.content(connection, wanted)
    return Octets(content, headers=FOR_EVER)


@router.get(
    "/proof/event/{id}", operation_id="getEventProof", response_class=PlainTextResponse, summary="Get an event's proof"
)
def event_proof(register: Here, id: EventId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002  the path's own name
    """A C2SP tlog-proof: a file that proves, offline, that an event is in the tree of a signed checkpoint."""
    with register.reading() as connection:
        head = register.head
        event = read.by_id(connection, id)
        if event is None:
            raise NotFound("No event has this id.")
        proof = tree.inclusion_proof(connection, event.position, head.position)
    return PlainTextResponse(proof_text(event.position - 1, proof, _note(register, head)))


def _note(register: Register, head: read.Head) -> str:
    if register.signing_key is None:
        raise Unavailable(NO_KEY)
    return signed_checkpoint(Checkpoint(head.position, head.root), register.signing_key)


def _reached(size: int | None, head: read.Head) -> int:
    """The size asked for, or the head's. Raises PositionAhead."""
    if size is None:
        size = head.position
    if not 1 <= size <= head.position:
        raise PositionAhead(
            f"The log ends at position {head.position}.", [FieldError("size", f"from 1 to {head.position}")]
        )
    return size


def _root(connection: Connection, size: int, head: read.Head) -> str:
    return (head.root if size == head.position else tree.root_at(connection, size)).hex()
