"""Traces for OpenTelemetry, with the extra `lodestone[otel]`: a span for each request, and one for each append.

A request's span continues the trace of its `traceparent`. Spans hold routes, statuses and counts, and nothing that a
client sent.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from fastapi import FastAPI
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import __version__
from service.api.http.outcomes import method_of, route_of
from service.domain.event import ProposedEvent
from service.errors import LodestoneError
from service.log.append import Appended, Observe

STOP_S = 0.25
CARRIED = ("traceparent", "tracestate")


class Traces:
    """Makes spans, and sends them on in the background by an exporter."""

    def __init__(self, exporter: SpanExporter) -> None:
        provider = TracerProvider(resource=Resource.create({"service.name": "lodestone"}), shutdown_on_exit=False)
        self._processor = BatchSpanProcessor(exporter)
        provider.add_span_processor(self._processor)
        self._tracer = provider.get_tracer("lodestone", __version__)
        self.appends = appends_of(self._tracer)

    def install(self, app: FastAPI) -> None:
        app.add_middleware(Traced, tracer=self._tracer)

    def close(self) -> None:
        """Sends what waits, as far as a quarter of a second allows: a collector that is away holds nobody up."""
        stop = threading.Thread(target=self._processor.shutdown, daemon=True)
        stop.start()
        stop.join(STOP_S)


def otlp() -> SpanExporter:
    """Sends to where the variables of OpenTelemetry say."""
    return OTLPSpanExporter()


class Traced:
    """Plain ASGI middleware around all others."""

    def __init__(self, app: ASGIApp, *, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._propagator = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parent = self._propagator.extract({name: text for name in CARRIED if (text := _header(scope, name))})
        method, status = method_of(scope), 0

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        spanning = self._tracer.start_as_current_span(
            method,
            parent,
            SpanKind.SERVER,
            # What an exception says may hold what a client sent.
            record_exception=False,
            set_status_on_exception=False,
        )
        with spanning as span:
            span.set_attribute("http.request.method", method)
            try:
                await self._app(scope, receive, sending)
            finally:
                span.update_name(f"{method} {route_of(scope)}")
                span.set_attribute("http.route", route_of(scope))
                span.set_attribute("http.response.status_code", status)
                if status >= 500 or not status:
                    span.set_status(Status(StatusCode.ERROR))


def _header(scope: Scope, wanted: str) -> str:
    found: bytes = next((value for name, value in scope["headers"] if name == wanted.encode()), b"")
    return found.decode("latin-1")


def appends_of(tracer: Tracer) -> Observe:
    """For each append a span, from when it is queued until it is committed or refused, under that of its request."""

    def observe(events: Sequence[ProposedEvent], answer: "Future[Appended]") -> None:
        span = tracer.start_span("append", attributes={"lodestone.events": len(events)})

        def end(done: "Future[Appended]") -> None:
            failed = done.exception()
            if failed is None:
                span.set_attribute("lodestone.position", done.result().position)
            else:
                span.set_attribute("lodestone.problem", getattr(failed, "problem", LodestoneError.problem))
                span.set_status(Status(StatusCode.ERROR))
            span.end()

        answer.add_done_callback(end)

    return observe
