"""The pages of things: a rule, a license, goods, a milestone, a note, a group of countries."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from service.api.http.register import Here
from service.api.licenses import license_read
from service.api.milestones import milestone_read
from service.api.notes import note_read
from service.api.restrictions import restriction_read
from service.api.things import Asked as Times
from service.api.things import one
from service.console import pictures, told
from service.console.addresses import address, api_of
from service.console.moments import Asked, Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.domain.commodity.match import Commodity
from service.domain.group.timeline import belongs
from service.domain.license.timeline import LicenseTimeline
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.truth import Truth
from service.projections import commodities, groups, licenses, milestones, notes, restrictions
from service.projections.read_model import ReadModel, things
from service.register import titles
from service.register.ask import subject_of
from service.register.instrument_acts import named
from service.register.shapes import Question
from service.register.status import PageAsked, rows_of
from service.register.status import page as rows_page

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Slug = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,100}$")]
GoodsName = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,100}$")]
MOST_ROWS, MOST_BYTES = 40, 400_000


def shown(request: Request, template: str, stream: str, reader: Reading, moments: Moments, **more: Any) -> Response:
    """A thing's page, with its events and its times."""
    events, earlier = told.events_of(stream, reader)
    return page(
        request,
        template,
        stream=stream,
        reader=reader,
        moments=moments.given(),
        events=events,
        earlier=earlier,
        api=address(api_of(stream), moments.as_the_api_takes_them()),
        **more,
    )


def thing_of(reader: Reading, model: ReadModel[Any], slug: str) -> Any:
    """Raises NotFound."""
    return one(Times(reader.connection, reader.on, reader.at), model, slug)


@router.get("/restriction/{slug}")
def restriction(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        timeline = thing_of(reader, restrictions.MODEL, slug)
        found = timeline.on(reader.on)
        return shown(
            request,
            "restriction.html",
            timeline.stream,
            reader,
            moments,
            found=restriction_read(timeline, reader.on),
            title=titles.provision(found),
            kind=titles.KINDS.get(found.kind, found.kind),
            reaches=[told.reach_of(scope, reader) for scope in found.scopes],
            siblings=_siblings(found, reader),
            sources=told.quoted(found.claims),
        )


def _siblings(found: RestrictionOnDay, reader: Reading) -> list[tuple[str, str, str]]:
    """The other provisions of its instrument, each with its title and its state."""
    instrument = found.instrument
    text = (instrument.number or instrument.id) if instrument else None
    if not text:
        return []
    having = [restrictions.of_number(instrument.number)] if instrument and instrument.number else []
    country = things(reader.connection, restrictions.MODEL, reader.at.seen, country=found.controller, having=having)
    same = (each for each in country if any(named(instrument, text) for instrument in each.every_instrument))
    others = [each for each in same if each.stream != found.stream]
    on_day = [each.on(reader.on) for each in others]
    return [(each.stream, each.label or titles.provision(each), each.state.word) for each in on_day]


@router.get("/license/{slug}")
def license_(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        timeline: LicenseTimeline = thing_of(reader, licenses.MODEL, slug)
        found = timeline.on(reader.on)
        said = [source.speaks_through for claim in timeline.claims for _, source in claim.said]
        axis = pictures.axis_of([*said, reader.on], reader.today)
        return shown(
            request,
            "license.html",
            timeline.stream,
            reader,
            moments,
            found=license_read(timeline, reader.on),
            title=titles.license_(found),
            parties=[(each.role, told.party_called(each.party, reader)) for each in found.parties],
            lines=[(line, told.goods_of([line.line.commodity], reader)[0]) for line in found.lines],
            axis=axis,
            bars=pictures.bars(timeline, axis),
            sources=told.quoted(timeline.claims),
        )


@router.get("/milestone/{slug}")
def milestone(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        found = thing_of(reader, milestones.MODEL, slug)
        read = milestone_read(found, reader.on)
        about = [(stream, reader.sentences.named(stream)) for stream in found.about]
        facts = {"about": about, "sources": told.quoted(found.claims), "countries": found.parties}
        return shown(request, "milestone.html", found.stream, reader, moments, found=read, title=found.title, **facts)


@router.get("/note/{slug}")
def note(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        found = thing_of(reader, notes.MODEL, slug)
        return shown(
            request,
            "note.html",
            found.stream,
            reader,
            moments,
            found=note_read(found, reader.on),
            title=f"Note: {found.kind}",
            about=[(stream, reader.sentences.named(stream)) for stream in found.about],
            goods=told.goods_of(found.commodities, reader),
            sources=told.quoted(found.claims),
        )


@router.get("/group/{slug}")
def group(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        found = thing_of(reader, groups.MODEL, slug)
        members = [(code, belongs(found, code, reader.on)) for code in found.countries]
        return shown(
            request,
            "group.html",
            found.stream,
            reader,
            moments,
            title=found.title or found.name,
            members=[(code, truth.word) for code, truth in members if truth is not Truth.NO],
            former=[code for code, truth in members if truth is Truth.NO],
            sources=told.quoted(found.claims),
        )


@router.get("/commodity/{slug}")
def commodity(request: Request, register: Here, slug: Slug, moments: Asked) -> Response:
    """The page of the goods that a stream defines."""
    with reading(register, moments) as reader:
        return _goods(request, thing_of(reader, commodities.MODEL, slug).name, reader, moments)


@router.get("/goods/{name}")
def goods(request: Request, register: Here, name: GoodsName, moments: Asked) -> Response:
    with reading(register, moments) as reader:
        return _goods(request, name, reader, moments)


def _goods(request: Request, name: str, reader: Reading, moments: Moments) -> Response:
    defined = reader.known.goods.get(name, [])
    question = Question(commodity=Commodity(name=name))
    subject = subject_of(question, reader.known, reader.on)
    controllers = reader.known.controllers
    asked = [
        question.model_copy(update={"controller": code})
        for code, found in zip(controllers, reader.known.restricting(controllers, subject), strict=True)
        if found.provisions
    ]
    rows, more = rows_page(rows_of(asked, reader.known, reader.on, "brief"), PageAsked(None, MOST_ROWS, MOST_BYTES))
    stream = defined[0].stream if defined else ""
    events, earlier = told.events_of(stream, reader) if stream else ([], 0)
    return page(
        request,
        "goods.html",
        name=name,
        title=titles.goods_named(name, reader.known),
        defined=defined,
        codes=told.goods_of([line for each in defined for line in each.lines], reader),
        parts=[(part, titles.goods_named(part, reader.known)) for each in defined for part in each.parts],
        lines=told.lines_of(rows, reader, moments.given()),
        more=more is not None,
        reader=reader,
        moments=moments.given(),
        events=events,
        earlier=earlier,
        sources=told.quoted([claim for each in defined for claim in each.claims]),
        api=address(api_of(stream), moments.as_the_api_takes_them()) if stream else address("/v1/commodities", q=name),
    )
