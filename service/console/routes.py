"""All pages, and what they load."""

from importlib.resources import files

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service.console import (
    ask,
    calendar,
    compare,
    countries,
    events,
    evidence,
    glossary,
    keys,
    operations,
    record,
    search,
    suggest,
    things,
    watches,
    world,
    world_map,
)

ROUTERS = (
    ask.router,
    countries.router,
    things.router,
    search.router,
    calendar.router,
    events.router,
    compare.router,
    glossary.router,
    world.router,
    world_map.router,
    record.router,
    watches.router,
    operations.router,
    evidence.router,
    keys.router,
    suggest.router,
)


def install(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("service.console") / "static")))
