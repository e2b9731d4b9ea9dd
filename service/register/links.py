"""Where to read on from an answer."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from service.register.parts import Links
from service.register.shapes import KnownAt, Question

MOST = 4
"""How many things an answer links to."""
PLACES = {"restriction": "restrictions", "license": "licenses"}


def links(question: Question, on: date, at: KnownAt, streams: Sequence[str]) -> Links:
    """The status that the answer is a part of, and the first of the things that it rests on."""
    paths = [path_of(stream) for stream in streams[:MOST]]
    history = f"{paths[0]}/history" if paths else None
    return Links(status=_status(question, on, at), things=paths, history=history)


def path_of(stream: str) -> str:
    noun, _, slug = stream.partition("/")
    return f"/v1/{PLACES[noun]}/{slug}"


def _status(question: Question, on: date, at: KnownAt) -> str | None:
    """The status of where the goods go; of the controlling country where the question says nothing of that."""
    commodity = question.commodity.name or question.commodity.hs
    asked = {"commodity": commodity} if commodity else {}
    # Without a `known_at` of its own the question is about the head, and so is the status: else each event changed it.
    times = {"as_of": on.isoformat()} | ({} if question.known_at is None else {"known_at": str(at.position)})
    times |= {"public_by": at.public_by.isoformat()} if at.public_by else {}
    if question.destination:
        return f"/v1/countries/{question.destination}/status?{urlencode(asked | times)}"
    if question.controller:
        return f"/v1/countries/{question.controller}/status?{urlencode({'role': 'controller'} | asked | times)}"
    return None
