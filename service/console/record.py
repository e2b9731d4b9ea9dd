"""Recording: what the news is, its form, what would be answered otherwise, and then the event itself.

A correction is the same form, filled in with what was recorded.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from service.api.events import EventId
from service.api.http.register import Here, Register
from service.console.addresses import address
from service.console.events import changes
from service.console.fields import built, filled
from service.console.forms import fields_of
from service.console.moments import Moments, Reading, reading
from service.console.news import BY_NAME, BY_TYPE, FIELDS_OF, NEWS, SOURCE, Input, News, begun
from service.console.pages import HEADERS, PageRoute, page
from service.console.preview import preview
from service.console.words import read_back
from service.domain.claims import REDACTED
from service.domain.event import ProposedEvent, RecordedEvent
from service.domain.subjects import STREAM
from service.errors import FieldError, InvalidRequest, NotFound, Refused
from service.log import read
from service.projections import OF_NOUN
from service.projections.read_model import things
from service.register import strict_json, titles
from service.register.post import posted_of
from service.register.typed import day_typed

router = APIRouter(prefix="/record", route_class=PageRoute, include_in_schema=False)
ABOUT = {"correct": "record.corrected", "retract": "record.retracted", "repeat": "record.repeated"}
TITLES = {"correct": "Correct an event", "retract": "Retract an event", "repeat": "Add a source"}
MENDS = ("correct", "retract")
"""What takes the source of the event itself where no other is stated."""
EFFECTIVE = Input("effective", "On which day", (), "day", "When it was so in the world; may stay empty")
WHY = Input("why", "Reason", ("reason",), hint="Why what was recorded is not so")
NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
MOST_SUGGESTED, MOST_LOOKED_THROUGH, MOST_TOLD = 12, 1_000, 8


@dataclass(frozen=True)
class Form:
    """A form: for news, or about an event that is on record."""

    title: str
    says: str
    news: News | None
    verb: str = ""
    event: RecordedEvent | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        corrects = self.verb in ("", "correct")
        return self.news.inputs if self.news and corrects else ()

    @property
    def in_json(self) -> bool:
        """Whether there are no fields for the data, which is then written as it is recorded."""
        return self.news is None and self.verb in ("", "correct")


def _form_of(fields: Mapping[str, str], register: Register) -> Form:
    """The form that was sent. Raises NotFound."""
    if verb := fields.get("verb"):
        return _about(verb, fields.get("event", ""), register)
    if fields.get("news") == "json":
        return Form("An event as JSON", "For everything that has no form of its own.", None)
    news = BY_NAME.get(fields.get("news", ""))
    if news is None:
        raise NotFound("There is no such form.")
    return Form(news.title, news.says, news)


def _about(verb: str, event: str, register: Register) -> Form:
    """Raises NotFound."""
    with register.reading() as connection:
        found = read.by_id(connection, event)
    if found is None or verb not in ABOUT:
        raise NotFound("No event has this id.")
    return Form(TITLES[verb], "", BY_TYPE.get(found.type), verb, found)


@router.get("")
def cards(request: Request, register: Here) -> Response:
    """What the news is. Where it is about something, the forms begin with that; those that act on it stand first."""
    about = {name: value for name, value in request.query_params.items() if value and name in (*FIELDS_OF, "thing")}
    made = [(one, address(f"/record/new/{one.name}", begun(one, about)), "thing" in begun(one, about)) for one in NEWS]
    with reading(register, Moments()) as reader:
        called = reader.sentences.named(about["thing"]) if STREAM.fullmatch(about.get("thing", "")) else None
    return page(request, "record.html", cards=sorted(made, key=lambda card: not card[2]), about=called)


@router.get("/new/{name}")
def new(request: Request, name: str, register: Here) -> Response:
    """An empty form, or one that begins with what its address says."""
    given = {key: value for key, value in request.query_params.items() if value}
    return _shown(request, _form_of({"news": name}, register), given | {"news": name})


@router.get("/day")
def day(day: str = Query("", max_length=200)) -> Response:
    """What a day means as it is typed."""
    try:
        said = read_back(day.strip()) if day.strip() else ""
    except ValueError as unread:
        said = str(unread)
    return HTMLResponse(said.replace("<", "&lt;"), headers=HEADERS)


@router.get("/things")
def suggested(request: Request, register: Here, noun: str = Query(max_length=20)) -> Response:
    """Things of a noun whose titles have what is typed, as options for a field."""
    text = request.query_params.get("thing", "").strip().casefold()
    if noun not in OF_NOUN or len(text) < 2:
        return page(request, "options.html", options=[])
    with reading(register, Moments()) as reader:
        found = things(reader.connection, OF_NOUN[noun], reader.at.seen, limit=MOST_LOOKED_THROUGH)
        named = ((one.stream, reader.sentences.fully_named(one.stream)) for one in found)
        near = [pair for pair in named if text in f"{pair[0]} {pair[1]}".casefold()]
        return page(request, "options.html", options=near[:MOST_SUGGESTED])


@router.get("/{verb}/{event}")
def about(request: Request, verb: str, event: EventId, register: Here) -> Response:
    """The form to correct, to retract or to add a source, filled in with what is recorded."""
    form = _about(verb, event, register)
    fields = {"verb": verb, "event": event}
    if form.event and verb == "correct":
        fields |= filled(form.inputs, form.event.data) | {"effective": form.event.effective or ""}
        fields |= {} if form.news else {"json": json.dumps(form.event.data, ensure_ascii=False, indent=2)}
    return _shown(request, form, fields)


def _shown(request: Request, form: Form, fields: Mapping[str, str], refused: Refused | None = None) -> Response:
    found = [(_field_at(one.pointer, form), one.detail) for one in refused.errors] if refused else []
    faults = dict(found)
    status = refused.status if refused else 200
    before = filled(form.inputs, form.event.data) if form.event and form.verb == "correct" else {}
    shown = {
        "mends": form.verb in MENDS,
        "form": form,
        "fields": dict(fields),
        "faults": faults,
        "told": [(_called(name, form), detail) for name, detail in found[:MOST_TOLD]],
        "refused": refused,
        "before": before,
    }
    return page(request, "record_form.html", status, source=SOURCE, effective=EFFECTIVE, why=WHY, **shown)


def _field_at(pointer: str, form: Form) -> str:
    """The field that a pointer into the event means; a field's own name stays."""
    steps = tuple(step for step in pointer.split("/") if step and not step.isdecimal())
    inputs = [(("data", *one.place), one.name) for one in form.inputs]
    inputs += [(("source", *one.place), one.name) for one in SOURCE]
    return next((name for place, name in inputs if steps[: len(place)] == place), steps[-1] if steps else "thing")


def _called(name: str, form: Form) -> str:
    """A field as the form calls it; what the form has no field for by its own name."""
    inputs = (EFFECTIVE, WHY, *form.inputs, *SOURCE)
    return next((one.label for one in inputs if one.name == name), name.replace("_", " ").capitalize())


@router.post("/preview")
async def previewed(request: Request, register: Here) -> Response:
    """What would be recorded, and what would be answered otherwise. Nothing is recorded."""
    fields = dict(await fields_of(request, register))
    form = await run_in_threadpool(_form_of, fields, register)
    if "edit" in fields:
        return _shown(request, form, {name: value for name, value in fields.items() if name != "edit"})
    fields.setdefault("id", str(uuid.uuid4()))
    try:
        return await run_in_threadpool(_preview, request, register, form, fields)
    except Refused as refused:
        return _shown(request, form, fields, refused)


def _preview(request: Request, register: Register, form: Form, fields: dict[str, str]) -> Response:
    proposed = _proposed(register, form, fields)
    with reading(register, Moments()) as reader:
        found = preview(register, reader, proposed, request.state.actor)
        return page(
            request,
            "record_preview.html",
            form=form,
            fields=fields,
            found=found,
            days=_days(form, fields),
            changes=_changes(form, proposed[0]),
            event=json.dumps(_posted(form, fields, register), ensure_ascii=False, indent=2),
            named=_named(proposed[0], reader),
        )


def _named(proposed: ProposedEvent, reader: Reading) -> str:
    return reader.sentences.named(proposed.stream)


def _changes(form: Form, proposed: ProposedEvent) -> list[tuple[str, str, str]]:
    if form.event is None or form.verb != "correct":
        return []
    return list(changes(form.event.data, proposed.data.get("data") or form.event.data))


def _days(form: Form, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The days of a form, each read back in words."""
    inputs = (one for one in (EFFECTIVE, *form.inputs, *SOURCE) if one.kind == "day" and fields.get(one.name))
    return [(one.label, _said(fields[one.name])) for one in inputs]


def _said(text: str) -> str:
    try:
        return read_back(text)
    except ValueError:
        return text


@router.post("")
async def record(request: Request, register: Here) -> Response:
    """Records the event. Sent again, it is the same event: its id stands in the form."""
    fields = dict(await fields_of(request, register))
    form = await run_in_threadpool(_form_of, fields, register)
    try:
        proposed = await run_in_threadpool(_proposed, register, form, fields)
        appended = await register.recorder.record(register.log.prepared(proposed, request.state.actor))
    except Refused as refused:
        return _shown(request, form, fields, refused)
    register.wrote(appended.position)
    return RedirectResponse(f"/event/{appended.events[-1].id}", 303)


def _proposed(register: Register, form: Form, fields: Mapping[str, str]) -> list[ProposedEvent]:
    """Raises InvalidRequest with the faults of the form, or of the event that it makes."""
    return posted_of(_posted(form, fields, register), register.max_events).events


def _posted(form: Form, fields: Mapping[str, str], register: Register) -> dict[str, Any]:
    """The event as a client would post it."""
    if form.in_json and not form.verb:
        return {"id": fields.get("id"), **_object(fields.get("json", ""), register)}
    source = built(SOURCE, fields, {}) or _own_source(form)
    made = {"id": fields.get("id"), "source": source, **_of_form(form, fields, register)}
    if fields.get("effective") and not form.verb:
        made["effective"] = _day_of(fields["effective"])
    return {name: value for name, value in made.items() if value is not None}


def _day_of(typed: str) -> str:
    """Raises InvalidRequest."""
    try:
        return day_typed(typed)
    except ValueError as unread:
        raise InvalidRequest("The form cannot be read.", [FieldError(EFFECTIVE.name, str(unread))]) from unread


def _own_source(form: Form) -> dict[str, Any]:
    """The source of the event itself, of what was only typed wrongly. Raises InvalidRequest where it was removed."""
    if form.event is None or form.verb not in MENDS:
        return {}
    if form.event.source == REDACTED:
        raise InvalidRequest("The source of this event was removed.", [FieldError("tier", "say who says so")])
    return {name: value for name, value in form.event.source.items() if value is not None}


def _of_form(form: Form, fields: Mapping[str, str], register: Register) -> dict[str, Any]:
    if form.event is not None:
        why = {"reason": fields["why"]} if fields.get("why") and form.verb != "repeat" else {}
        said = {"event": form.event.id, **_corrected(form, fields, register), **why}
        return {"stream": form.event.stream, "type": ABOUT[form.verb], "data": said}
    if form.news is None:
        raise NotFound("There is no such form.")
    data = built(form.inputs, fields, {})
    return {"stream": _stream(form.news, fields), "type": form.news.type, "data": data}


def _corrected(form: Form, fields: Mapping[str, str], register: Register) -> dict[str, Any]:
    """The corrected data as a whole, and the day where it is another. Raises InvalidRequest where nothing differs."""
    if form.event is None or form.verb != "correct":
        return {}
    before = form.event.data
    data = built(form.inputs, fields, before) if form.news else _object(fields.get("json", ""), register)
    effective = _day_of(fields["effective"]) if fields.get("effective") else None
    other_day = {"effective": effective} if effective and effective != form.event.effective else {}
    if data == before and not other_day:
        raise InvalidRequest("Nothing differs from what is recorded.")
    return {**({"data": data} if data != before else {}), **other_day}


def _object(text: str, register: Register) -> dict[str, Any]:
    """Raises MalformedRequest, InvalidRequest."""
    found = strict_json.loads(text.encode(), register.most)
    if not isinstance(found, dict):
        raise InvalidRequest("The event is a JSON object.", [FieldError("json", "must be an object")])
    return found


def _stream(news: News, fields: Mapping[str, str]) -> str:
    """The thing that the news is about: as chosen, else one of a new name."""
    if thing := fields.get("thing"):
        return thing if "/" in thing else f"{news.noun}/{thing}"
    if news.acts:
        raise InvalidRequest("Choose what it is about.", [FieldError("thing", "a thing on record: restriction/…")])
    names = ("controller", "issuer", "number", "title", "headline", "company_name", "destination", "text")
    words = " ".join(fields.get(name, "") for name in names if fields.get(name))
    slug = NOT_IN_A_SLUG.sub("-", titles.lowered(words).casefold()).strip("-")[:70].strip("-")
    return f"{news.noun}/{slug or 'new'}-{fields.get('id', '')[:6]}".rstrip("-")
