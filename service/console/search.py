"""One box for all: goods, companies, countries and rules whose names, numbers or codes are like what was typed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.api.http.register import Here
from service.console.asked import LONGEST, countries_like
from service.console.moments import Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.console.suggest import companies_like, goods_like
from service.domain.commodity.names import words
from service.domain.company.timeline import name_on
from service.domain.countries import name_of
from service.domain.restriction.timeline import RestrictionTimeline
from service.projections import companies, restrictions
from service.projections.read_model import of_streams, things
from service.register import titles

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MOST = 12
CLOSE = 85
"""How alike a name has to be (0-100) that is found by its spelling: here nobody says which noun is meant."""
MOST_RULES = 1_000
"""How many rules are looked through for words of their titles: each has to be read as a whole."""


@router.get("/search")
def search(request: Request, register: Here, q: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    text = q.strip() if q.isprintable() else ""
    with reading(register, Moments()) as reader:
        return page(
            request,
            "search.html",
            text=text,
            goods=[(title, name.replace(" ", "_")) for title, name in goods_like(text, reader.known)] if text else [],
            companies=_companies(text, reader) if len(text) > 1 else [],
            countries=[(code, name_of(code)) for code in countries_like(text, 4, CLOSE)] if text else [],
            rules=(found := _rules(text, reader) if len(text) > 1 else ([], False))[0],
            rules_left=MOST_RULES if found[1] else None,
        )


def _companies(text: str, reader: Reading) -> list[tuple[str, str, str]]:
    streams = companies_like(text, reader.connection, reader.at.seen, CLOSE)
    found = of_streams(reader.connection, companies.MODEL, reader.at.seen, streams)
    ordered = [found[stream] for stream in streams if stream in found]
    return [(one.stream, name_on(one, reader.on), name_of(one.country)) for one in ordered]


def _rules(text: str, reader: Reading) -> tuple[list[tuple[str, str, str, str]], bool]:
    """Rules with all of the words in their numbers, titles and authorities: stream, number, title, state. And whether
    there are more than were looked through."""
    wanted = words(text).split()
    every = things(reader.connection, restrictions.MODEL, reader.at.seen, limit=MOST_RULES + 1)
    found = [one.on(reader.on) for one in every[:MOST_RULES] if all(word in _called(one) for word in wanted)]
    told = [(one.stream, titles.number(one) or "", titles.provision(one), one.state.word) for one in found[:MOST]]
    return told, len(every) > MOST_RULES


def _called(one: RestrictionTimeline) -> str:
    said = (value for each in one.every_instrument for value in (each.number, each.title, each.authority, each.id))
    return words(" ".join(value for value in said if value))
