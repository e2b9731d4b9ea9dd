"""The application: settings in, a running register out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from service import __version__
from service.api import (
    companies,
    countries,
    determinations,
    docs,
    events,
    health,
    licenses,
    log,
    milestones,
    notes,
    openapi,
    problems,
    restrictions,
)
from service.api.access import Access
from service.api.register import Register
from service.domain.decide import decide
from service.domain.event import RecordedEvent
from service.domain.subjects import subjects_of
from service.errors import Unavailable
from service.log.append import Log
from service.log.database import engine_for
from service.log.note import NoteError, SigningKey
from service.projections import project
from service.settings import Settings

ROUTERS = (
    events.router,
    countries.router,
    companies.router,
    determinations.router,
    restrictions.router,
    licenses.router,
    milestones.router,
    notes.router,
    log.router,
    health.router,
    docs.router,
)


def create_app(settings: Settings) -> FastAPI:
    """The service over one database, which is migrated already. Opens it when it starts, closes it when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        register = open_register(settings)
        app.state.register = register
        try:
            yield
        finally:
            register.log.close()
            register.engine.dispose()

    app = FastAPI(
        title="Lodestone",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/docs/assets", docs.assets())
    problems.install(app)
    openapi.install(app)
    app.add_middleware(Access, key=_key(settings))
    return app


def open_register(settings: Settings) -> Register:
    """The register that the settings describe. Its log is to be closed, and its engine disposed of."""
    engine = engine_for(settings.database_url)
    return Register(
        engine=engine,
        log=Log(engine, decide, project, subjects=about),
        max_body_bytes=settings.max_body_bytes,
        max_events=settings.max_events,
        max_questions=settings.max_questions,
        signing_key=signing_key(settings.signing_key_file),
    )


def about(event: RecordedEvent) -> frozenset[str]:
    """What an event is found by: the countries and companies that it names."""
    return subjects_of(event.stream, event.data)


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
