"""Your questions: the answers that are watched, what changed of them, and the button that watches one more."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from service.api.http.register import Here, Register
from service.console import asked
from service.console.addresses import address, page_of
from service.console.forms import fields_of
from service.console.moments import Moments, reading
from service.console.pages import PageRoute, page
from service.domain.answer import Control
from service.domain.countries import name_of
from service.domain.parties import NamedParty, RegisteredParty
from service.feeds import store, watching
from service.feeds.asks import TIMES, Ask
from service.feeds.watch import Watch
from service.feeds.watching import WatchPosted
from service.log.database import writing
from service.log.instants import now
from service.register import titles
from service.register.known import Known
from service.register.shapes import Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)
WatchId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,100}$")]
MOST = 100
MOST_CHANGES = 50


@dataclass(frozen=True)
class Watched:
    """A watch as a list shows it. `control` is of a determination; `last` the day of its last change."""

    watch: Watch
    title: str
    link: str
    control: Control | None
    last: date | None


def watched(connection: Any, known: Known, most: int = MOST) -> list[Watched]:
    return [_shown(one, connection, known) for one in store.page(connection, "", most)]


def _shown(one: Watch, connection: Any, known: Known) -> Watched:
    last = store.changes_of(connection, one.id, one.changes - 1, 1) if one.changes else []
    day = date.fromisoformat(json.loads(last[0].told)["timestamp"][:10]) if last else None
    title = one.title or title_of(one.ask, known)
    return Watched(one, title, link_of(one.ask), one.answer.says.get("control"), day)


def title_of(ask: Ask, known: Known) -> str:
    """What a question is about, in words."""
    if question := ask.determination:
        to = f" to {name_of(question.destination)}" if question.destination else ""
        way = f" from {name_of(question.controller)}" if question.controller else ""
        return f"{titles.goods(question.commodity, known)}{way}{to}"
    if ask.country_status:
        return f"Controls and {name_of(ask.country_status.country)}"
    if ask.company_status:
        return f"Company {ask.company_status.company.partition('/')[2]}"
    return "Events"


def link_of(ask: Ask) -> str:
    """The page that shows the answer now."""
    if ask.determination:
        return address("/answer", given_of(ask.determination))
    if ask.country_status:
        return address(f"/country/{ask.country_status.country}", role=ask.country_status.role)
    if ask.company_status:
        return page_of(ask.company_status.company)
    told = ask.events.model_dump(exclude_none=True) if ask.events else {}
    return address("/events", {name: told[name] for name in ("stream", "type", "country", "about") if name in told})


def given_of(question: Question) -> asked.Given:
    """The form of a question; what the form has no field for is left out."""
    goods = question.commodity
    given = {"goods": goods.name, "hs": goods.hs, "code": goods.control_code}
    given |= {name: getattr(question, place) for name, place in (*asked.COUNTRIES.items(), *asked.PLAIN.items())}
    given |= {f"{asked.PARAMETER}{name}": value for name, value in goods.parameters.items()}
    for name, party in (("for", question.end_user), ("exporter", question.exporter)):
        if isinstance(party, RegisteredParty):
            given[name] = party.company
        elif isinstance(party, NamedParty):
            given |= {name: party.name, f"{name}_country": party.country}
    return {name: value for name, value in given.items() if value}


@router.post("/watches")
async def watch(request: Request, register: Here) -> Response:
    """Watches the question of an answer's page, as it stands today."""
    given = asked.given_of((await fields_of(request, register)).items())
    made = await run_in_threadpool(_made, register, given, request.state.actor, request.app.state.max_watches)
    return RedirectResponse(f"/watch/{made}", 303)


def _made(register: Register, given: asked.Given, actor: str, most: int) -> str:
    today = {name: value for name, value in given.items() if name not in ("on", *TIMES)}
    with register.reading() as connection:
        question = asked.question_of(today, Known(connection, register.known_at(connection, None)))
        posted = WatchPosted(ask=Ask(determination=question))
        made = watching.made(connection, posted, actor, register.today(), now())
    with writing(register.engine) as connection:
        watching.add(connection, made, None, most)
    return made.id


@router.get("/watches")
def watches(request: Request, register: Here) -> Response:
    with reading(register, Moments()) as reader:
        found = watched(reader.connection, reader.known)
        return page(request, "watches.html", watches=found, most=MOST, reader=reader)


@router.get("/watch/{id}")
def one(request: Request, register: Here, id: WatchId) -> Response:  # noqa: A002  the path's own name
    with reading(register, Moments()) as reader:
        found = watching.existing(reader.connection, id)
        after = max(found.changes - MOST_CHANGES, 0)
        rows = store.changes_of(reader.connection, id, after, MOST_CHANGES)
        told = [json.loads(row.told) for row in reversed(rows)]
        shown = _shown(found, reader.connection, reader.known)
        return page(request, "watch.html", shown=shown, told=told, reader=reader)


@router.post("/watch/{id}/remove")
async def remove(request: Request, register: Here, id: WatchId) -> Response:  # noqa: A002  the path's own name
    await fields_of(request, register)
    await run_in_threadpool(_removed, register, id)
    return RedirectResponse("/watches", 303)


def _removed(register: Register, watch_id: str) -> None:
    with writing(register.engine) as connection:
        watching.existing(connection, watch_id)
        store.remove(connection, watch_id)
