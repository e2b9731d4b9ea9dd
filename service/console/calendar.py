"""The calendar: what dates alone change, as twelve months and as a list, with the file to subscribe to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from service.api.calendar_filters import About, Watched
from service.api.http.register import Here
from service.console.addresses import address
from service.console.asked import company_in, country_of, goods_in
from service.console.moments import Field, Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.domain.commodity.match import Commodity
from service.domain.countries import name_of
from service.domain.parties import RegisteredParty
from service.errors import FieldError, InvalidRequest
from service.register.coming import Change, Coming

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MONTHS = 12
MOST_ENTRIES, MOST_COUNTED = 200, 2_000
"""How many changes are listed, and how many are counted by their months."""


class OfCalendar(Moments):
    country: Field = None
    goods: Field = None
    company: Field = None
    mine: Literal["", "yes"] = ""
    month: Field = None

    def filters(self, country: str | None, company: str | None, goods: Commodity | None) -> dict[str, str | None]:
        """The same filters as the API names them. Its calendar goes on from a day of its own."""
        named = {"country": country, "company": company, "watched": "true" if self.mine else None}
        named |= {"commodity": goods.name or goods.hs} if goods else {}
        return named | {name: value for name, value in self.as_the_api_takes_them().items() if name != "as_of"}


@dataclass(frozen=True)
class Entry:
    controller: str
    stream: str
    title: str
    what: str
    earliest: date | None
    latest: date | None
    confirmed: bool
    agreed: bool
    same: int = 0
    """How many other provisions of the same act change so on the same day."""

    @property
    def first(self) -> date:
        return self.earliest or self.latest or date.max


@dataclass(frozen=True)
class Month:
    first: date
    count: int
    chosen: bool
    link: str


@router.get("/calendar")
def calendar(request: Request, register: Here, asked: Annotated[OfCalendar, Query()]) -> Response:
    country = country_of(asked.country, "country") if asked.country else None
    with reading(register, asked) as reader:
        first = _start(asked.month) if asked.month else reader.on
        start = reader.on.replace(day=1)
        last = _after(start, MONTHS) - timedelta(days=1)
        goods = Commodity.model_validate(goods_in(asked.goods, reader.known)) if asked.goods else None
        company = company_in(asked.company, reader.known) if asked.company else None
        found = entries(
            reader, start, last, country, wanted=_wanted(reader, start, goods, company, mine=bool(asked.mine))
        )
        given = {name: value for name, value in asked.model_dump(exclude={"month"}).items() if value}
        shown = (
            [one for one in found if _in_month(one, first)]
            if asked.month
            else [one for one in found if (one.latest or date.max) >= reader.on]
        )
        filters = asked.filters(country, company, goods)
        return page(
            request,
            "calendar.html",
            entries=shown[:MOST_ENTRIES],
            left_out=max(len(shown) - MOST_ENTRIES, 0),
            months=_months(found, start, asked.month, given),
            chosen=first if asked.month else None,
            given=given,
            reader=reader,
            moments=asked.given(),
            api=address("/v1/calendar", {**filters, "from": reader.on, "through": last}),
            file=None if goods and not (goods.name or goods.hs) else address("/v1/calendar.ics", filters),
        )


def _start(text: str) -> date:
    """Raises InvalidRequest."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as unread:
        raise InvalidRequest("The month cannot be read.", [FieldError("month", "such as 2026-11")]) from unread


def _after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(min(year, date.max.year), month + 1, 1)


def _in_month(one: Entry, first: date) -> bool:
    """Whether it may fall into a month."""
    return (one.earliest or date.min) < _after(first, 1) and (one.latest or date.max) >= first


def _months(listed: Sequence[Entry], start: date, chosen: str | None, given: dict[str, str]) -> list[Month]:
    counted = Counter((one.first.year, one.first.month) for one in listed)
    starts = [(_after(start, number), f"{_after(start, number):%Y-%m}") for number in range(MONTHS)]
    return [
        Month(first, counted[first.year, first.month], name == chosen, address("/calendar", given, month=name))
        for first, name in starts
    ]


def _wanted(
    reader: Reading, on: date, goods: Commodity | None, company: str | None, *, mine: bool
) -> list[About | Watched]:
    party = reader.known.party(RegisteredParty(company=company), on) if company else None
    about = About(on, goods, party, reader.known.defined.commodities)
    return [about, *([Watched.of(reader.known, on)] if mine else [])]


def entries(
    reader: Reading,
    first: date,
    last: date,
    country: str | None = None,
    *,
    wanted: Sequence[About | Watched] = (),
    most: int = MOST_COUNTED,
) -> list[Entry]:
    """What dates alone change from one day through another, in order of their days; read no further than `most`."""
    coming = Coming(reader.connection, reader.at.seen, first, last, country, wanted)
    found, _ = coming.page(None, most)
    made = [_entry(one, reader) for one in found]
    return _together(sorted(made, key=lambda one: (one.first, one.controller, one.title, one.what)))


def _together(listed: Iterable[Entry]) -> list[Entry]:
    """Provisions of one act that change in the same way stand as one entry."""
    runs = (list(run) for _, run in groupby(listed, key=lambda one: replace(one, stream="")))
    return [replace(run[0], same=len(run) - 1) for run in runs]


def _entry(one: Change, reader: Reading) -> Entry:
    """By its number and its title, whichever it has."""
    change = one.transition
    called = reader.sentences.fully_named(change.stream)
    title = called if one.title.casefold() in called.casefold() else f"{called}, {one.title}"
    days = change.day.earliest, change.day.latest
    stated = title[:1].upper() + title[1:]
    return Entry(name_of(one.controller), change.stream, stated, change.what, *days, change.confirmed, change.agreed)
