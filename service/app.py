"""The application: settings in, a running register out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from service import __version__
from service.api import (
    calendar,
    commodities,
    companies,
    conflicts,
    countries,
    determinations,
    event_schemas,
    events,
    evidence,
    feed,
    groups,
    health,
    licenses,
    log,
    milestones,
    notes,
    restrictions,
    watches,
    webhooks,
)
from service.api.document import openapi
from service.api.http import conventions, docs, mcp, media, metrics, problems
from service.api.http.access import Access, loopback
from service.api.http.direct import Straight
from service.api.http.gate import ANSWERS, RECORDINGS, Gate, Gates
from service.api.http.heads import HeadLimits
from service.api.http.kept import KeptAnswers
from service.api.http.keyring import Keyring
from service.api.http.metrics import Metrics, OfFeeds, OfGates, OfReplicas, OfWatches
from service.api.http.outcomes import Outcomes
from service.api.http.rates import Rates
from service.api.http.register import Register, reached
from service.api.http.reserved import Reserved
from service.console import routes as console
from service.console.keys import of_pages
from service.domain.decide import decide
from service.domain.event import ProposedEvent, RecordedEvent
from service.domain.subjects import subjects_of
from service.errors import Unavailable
from service.feeds.addresses import networks_of
from service.feeds.evaluator import Evaluator
from service.feeds.growth import Growth
from service.feeds.leading import Leader
from service.feeds.open_feeds import OpenFeeds
from service.feeds.sending import Sender
from service.feeds.signing import Seal
from service.feeds.speaker import Speaker
from service.feeds.watching import seal_plain
from service.log.append import Appended
from service.log.database import engine_for
from service.log.instants import now
from service.log.lastknown import open_log
from service.log.limits import Limits
from service.log.note import NoteError, SigningKey
from service.log.notices import Notices
from service.log.recorder import Recorder
from service.log.replicas import Replica, Replicas
from service.logs import Lines
from service.projections import project
from service.projections.companies import names_of
from service.projections.folds import folds_of
from service.projections.kept import kept_of
from service.projections.rebuild import unfit
from service.register.strict_json import Most
from service.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

    from service.api.http.tracing import Traces

APART = 2
"""Connections of the writer, which has its last checkpoint beside it; and as many for keys and signs of life."""
SMALL_READ_S = 3
"""How long the database may work on what every request waits for: the access keys, the end of the log."""
WRITER_STOPS_S = 1.0
"""How long the writer may take for what is queued, once all requests have ended or were given up."""

ROUTERS = (
    events.router,
    feed.router,
    event_schemas.router,
    countries.router,
    companies.router,
    determinations.router,
    evidence.router,
    restrictions.router,
    licenses.router,
    milestones.router,
    notes.router,
    commodities.router,
    groups.router,
    log.router,
    calendar.router,
    conflicts.router,
    watches.router,
    webhooks.router,
)


class Service(FastAPI):
    """The framework's application, without what it puts around all else: what is unforeseen is answered by
    `Conventions`, bodies are limited where they are read, and traces are the register's own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.middleware_stack is None or scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        app: ASGIApp = ExceptionMiddleware(AsyncExitStackMiddleware(self.router), handlers=self.exception_handlers)
        for middleware, given, named in reversed(self.user_middleware):
            app = middleware(app, *given, **named)
        return app


def create_app(
    settings: Settings,
    *,
    request_log: Lines | None = None,
    speaks: bool = False,
    for_commands: bool = False,
    span_exporter: "SpanExporter | None" = None,
) -> FastAPI:
    """The service over one database, which is migrated already. Opens it when it starts, closes it when it stops.

    Requests are logged (in `request_log`), and watches evaluated (`speaks`), where a server serves. Where a command
    asks the application itself (`for_commands`), neither is, and it is told what a database said, as no client is.
    Raises Unavailable where traces are asked for and cannot be made.
    """
    counted = Metrics()
    traces = _traces(span_exporter) if settings.traces else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop_reading = _open(app, settings, counted, traces)
        try:
            async with _beside_requests(app, settings, speaks=speaks, for_commands=for_commands):
                yield
        finally:
            await _close(app.state.register, stop_reading)
            if traces:
                traces.close()

    app = Service(
        title="Lodestone",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        # Traces are the register's own. Left to itself the framework looks for those that it could send, each time.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.for_commands = for_commands
    app.router.routes.extend(_routes())
    openapi.install(app)
    _surround(app, settings, counted, Outcomes(counted, request_log))
    if traces:
        traces.install(app)
    return app


def _open(app: FastAPI, settings: Settings, counted: Metrics, traces: "Traces | None") -> Callable[[], None]:
    """Opens the register, with all that requests are answered from. Returns what ends the reading of those that are."""
    register = open_register(settings)
    # That the first answer can say where the log ends, whatever it is. A database that is away is told of later.
    with suppress(Unavailable, SQLAlchemyError), register.reading():
        pass
    app.state.register, app.state.metrics = register, counted
    app.state.keyring = Keyring(register.reserved, _key(settings))
    app.state.database_url = settings.database_url
    _prepare_feeds(app, register, settings)
    counted.watch(register)
    counted.registry.register(OfFeeds(app.state.feeds))
    counted.registry.register(OfWatches(register))
    counted.registry.register(OfReplicas(register))
    _observe(register, app.state.growth, traces)
    return register.stopper()


@asynccontextmanager
async def _beside_requests(
    app: FastAPI, settings: Settings, *, speaks: bool, for_commands: bool
) -> AsyncIterator[None]:
    """What goes on while requests are answered. A command asks once, and follows nothing."""
    async with AsyncExitStack() as stack:
        if not for_commands:
            stack.enter_context(app.state.register.replicas.checked())
            await stack.enter_async_context(app.state.growth.watching())
        if speaks:
            await stack.enter_async_context(_speaker(app).speaking())
        stack.push_async_callback(app.state.sender.close)
        if speaks and mcp.installed():
            await stack.enter_async_context(mcp.serving(app, settings.max_body_bytes))
        yield


async def _close(register: Register, stop_reading: Callable[[], None]) -> None:
    # Not in the pool that requests wait in: they may have taken all of it.
    await asyncio.to_thread(register.log.close, WRITER_STOPS_S)
    stop_reading()
    register.leave()


@cache
def _routes() -> Sequence[BaseRoute]:
    """A route is looked for in this order: what is asked most comes first.

    Made once in a process, however many applications it makes: what the framework derives from all of them when they
    are first looked through takes a third of a second.
    """
    made = APIRouter()
    made.include_router(health.router, dependencies=[Depends(media.acceptable)])
    for router in ROUTERS:
        made.include_router(router, dependencies=[Depends(media.acceptable), Depends(reached)])
    # They are read as they are.
    for router in (metrics.router, docs.router):
        made.include_router(router)
    made.mount("/docs/assets", docs.assets())
    console.install(made)
    return made.routes


def _gates(settings: Settings) -> dict[str, Gate]:
    """By kind of work."""
    at_once = {ANSWERS: settings.max_answers_at_once, RECORDINGS: settings.max_recordings_at_once}
    waiting, wait_s = settings.max_waiting_requests, settings.max_wait_ms / 1000
    return {work: Gate(most, waiting, wait_s) for work, most in at_once.items()}


def _surround(app: FastAPI, settings: Settings, counted: Metrics, outcomes: Outcomes) -> None:
    """What every request goes through, from the inside out."""
    app.add_middleware(Straight, routes=[route for router in (health.router, *ROUTERS) for route in router.routes])
    gates = _gates(settings)
    counted.registry.register(OfGates(gates))
    app.add_middleware(Gates, gates=gates)
    app.add_middleware(mcp.Mcp)
    app.add_middleware(KeptAnswers)
    rates = Rates(settings.max_requests_per_minute_per_key, settings.max_requests_per_minute_per_address)
    app.add_middleware(Access, on_loopback=loopback(settings.host), rates=rates, refused=of_pages)
    problems.install(app)
    app.add_middleware(
        conventions.Conventions,
        outcomes=outcomes,
        limits=HeadLimits(
            query_bytes=settings.max_query_bytes,
            headers=settings.max_headers,
            header_bytes=settings.max_header_bytes,
        ),
        most_unsent_bytes=settings.max_unsent_bytes,
        over_https=settings.served_over_https,
    )


def _prepare_feeds(app: FastAPI, register: Register, settings: Settings) -> None:
    """What the feed and the watches are answered from."""
    app.state.feeds, app.state.max_watches = OpenFeeds(settings.max_feeds), settings.max_watches
    app.state.growth = Growth(_end_of(register), Notices(settings.database_url))
    app.state.seal = Seal(register.signing_key)
    app.state.sender = Sender(register.engine, app.state.seal, networks_of(settings.webhook_networks))
    app.state.evaluator = Evaluator(register.engine, Leader(token_hex(8), now), register.today)


def _speaker(app: FastAPI) -> Speaker:
    first = partial(seal_plain, app.state.register.engine, app.state.seal)
    return Speaker(app.state.evaluator, app.state.sender, app.state.growth, first)


def _end_of(register: Register) -> Callable[[], int]:
    """Reads where the log ends."""

    def look() -> int:
        with register.reading():
            return register.head.position

    return look


def _observe(register: Register, growth: Growth, traces: "Traces | None") -> None:
    """Has everybody told of each append who wants to be."""

    def observe(events: Sequence[ProposedEvent], answer: "Future[Appended]") -> None:
        growth.observe(events, answer)
        if traces:
            traces.appends(events, answer)

    register.log.observe = observe


def _traces(exporter: "SpanExporter | None") -> "Traces":
    """Raises Unavailable where the extra is not installed."""
    try:
        from service.api.http.tracing import Traces, otlp  # noqa: PLC0415  an extra that most registers do without
    except ImportError as missing:
        raise Unavailable("LODESTONE_TRACES asks for traces, and lodestone[otel] is not installed.") from missing
    return Traces(exporter or otlp())


def open_register(settings: Settings) -> Register:
    """The register that the settings describe. It is to be closed."""
    limits = Limits(settings.max_read_connections, settings.statement_timeout_s, settings.connection_timeout_s)
    engine = engine_for(settings.database_url, limits)
    # Apart, so that no number of slow readers keeps anybody from recording, or from being let in.
    few = engine_for(settings.database_url, replace(limits, connections=APART, statement_timeout_s=SMALL_READ_S))
    # A commit is a statement too, and one that is stopped while it waits for a standby stands all the same.
    writer = engine_for(settings.database_url, replace(limits, connections=APART, statement_timeout_s=None))
    replicas = [engine_for(url, limits) for url in settings.read_urls.split()]
    for one in (engine, *replicas):
        _bound(one, settings, among=1 + len(replicas))
    key = signing_key(settings.signing_key_file)
    appending = open_log(writer, decide, project, subjects=about, file=settings.last_checkpoint, key=key)
    return Register(
        engine=engine,
        replicas=Replicas(
            engine,
            [Replica(f"replica {number}", one) for number, one in enumerate(replicas, 1)],
            unfit,
            settings.max_read_lag_s,
        ),
        reserved=Reserved(few),
        log=appending,
        recorder=Recorder(appending),
        max_body_bytes=settings.max_body_bytes,
        max_events=settings.max_events,
        max_questions=settings.max_questions,
        most=Most(settings.max_nesting_levels, settings.max_string_characters, settings.max_values),
        max_page_size=settings.max_page_size,
        answer_budget_ms=settings.answer_budget_ms,
        signing_key=key,
        public_url=str(settings.public_url or "").rstrip("/"),
    )


def _bound(engine: Engine, settings: Settings, among: int) -> None:
    """What is kept in memory of one database of several that are the same."""
    folds_of(engine).most_bytes = settings.cached_records_bytes // among
    kept_of(engine).most_bytes = settings.kept_bytes // among
    names_of(engine).alike_from = settings.names_alike_from_percent


def about(event: RecordedEvent) -> frozenset[str]:
    """What an event is found by, beside what its stream is about: the countries and things that it names."""
    return subjects_of(event.stream, event.type, event.data)


def signing_key(file: Path) -> SigningKey | None:
    """The key in a file; None where there is no such file. Raises Unavailable where it holds none."""
    if not file.is_file():
        return None
    try:
        return SigningKey.of(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError, NoteError) as unread:
        raise Unavailable(f"The signing key in {file} cannot be read: {unread}") from unread


def _key(settings: Settings) -> str | None:
    return settings.access_key.get_secret_value() if settings.access_key else None
