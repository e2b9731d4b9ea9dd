"""What the form suggests while somebody types: a few options, as HTML that goes into a list of the browser's own."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

from service.api.http.register import Here
from service.console.asked import LONGEST, countries_like
from service.console.pages import HEADERS, environment
from service.domain.commodity.names import called, words
from service.domain.commodity.search import LEAST_SCORE, found_by
from service.domain.company.names import normalized
from service.domain.company.search import search
from service.domain.company.timeline import name_on
from service.domain.countries import name_of
from service.projections import companies
from service.projections.read_model import of_streams
from service.register import titles
from service.register.known import Known

router = APIRouter(prefix="/suggest", include_in_schema=False)
MOST = 8
Option = tuple[str, str]
"""What is put into the field, and what is said beside it."""


def _typed(request: Request) -> str:
    """The one field that is sent, whatever its name."""
    return next(iter(request.query_params.values()), "").strip()[:LONGEST]


def _options(found: list[Option]) -> Response:
    return HTMLResponse(environment().get_template("options.html").render(options=found), headers=HEADERS)


@router.get("/goods")
def goods(request: Request, register: Here) -> Response:
    text = _typed(request)
    if not text:
        return _options([])
    with register.reading() as connection:
        known = Known(connection, register.known_at(connection, None))
        return _options(goods_like(text, known))


def goods_like(text: str, known: Known) -> list[Option]:
    """Goods whose names or codes are alike, or have a word that begins so; the nearest first."""
    scored = []
    # Only a register that defines no goods at all is small enough to look through all its rules for their names.
    for name in known.goods or known.names_of_goods:
        defined = known.goods.get(name, ())
        said = called(known.defined.commodities.meaning(name))
        begins = any(f" {words(text)}" in f" {words(one)}" for one in said)
        near = max(found_by(text, said, [line for one in defined for line in one.lines]), 95.0 if begins else 0.0)
        if near >= LEAST_SCORE:
            scored.append((-near, titles.goods_named(name, known), name.replace("_", " ")))
    return [(title, name) for _, title, name in sorted(scored)[:MOST]]


@router.get("/countries")
def countries(request: Request) -> Response:
    text = _typed(request)
    return _options([(name_of(code), code) for code in countries_like(text, MOST)] if text else [])


@router.get("/companies")
def companies_(request: Request, register: Here) -> Response:
    text = _typed(request)
    if len(text) < 2:
        return _options([])
    with register.reading() as connection:
        at = register.known_at(connection, None).seen
        streams = companies_like(text, connection, at)
        found = of_streams(connection, companies.MODEL, at, streams)
        ordered = [found[stream] for stream in streams if stream in found]
        return _options([(name_on(one, register.today()), name_of(one.country)) for one in ordered])


def companies_like(text: str, connection: Connection, at: int, least: int = 0) -> list[str]:
    """The streams of companies with a name that begins so; then those with a name that is alike, at least so much."""
    start, spelled = normalized(text), companies.names_like(connection, at, text, MOST)
    begin = sorted(stream for stream, several in spelled.items() if any(name.startswith(start) for name in several))
    close = [hit.stream for hit in search(text, spelled, MOST) if hit.score >= least]
    return list(dict.fromkeys([*begin[:MOST], *close]))[:MOST]
