"""All pages, and what they load."""

from importlib.resources import files

from fastapi import APIRouter
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


def install(into: APIRouter) -> None:
    for router in ROUTERS:
        into.include_router(router)
    into.mount("/static", StaticFiles(directory=str(files("service.console") / "static")))
