"""All pages, and what they load."""

from importlib.resources import files

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service.console import ask, evidence, keys, suggest

ROUTERS = (ask.router, evidence.router, keys.router, suggest.router)


def install(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("service.console") / "static")))
