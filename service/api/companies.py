"""Companies: those that a name or a number finds, one, its history, and its standing under every control on record."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.paging import Cursor, cursor, place_after
from service.api.http.parameters import Detailed, Limit, Listing, Slug, Text, commodity_of, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import Shape, ThingPage, aside_views, events_of, slug
from service.api.things import Asked, asking, following, one, router_of_one, some
from service.domain.company.events import SCHEMES, Identifier, identifier_key
from service.domain.company.lookalikes import mixed, mixes_scripts
from service.domain.company.names import normalized
from service.domain.company.search import Found, Hit, search
from service.domain.company.timeline import Company, former_names, name_on, relations_on, shares_on
from service.domain.parties import Party
from service.domain.truth import Certainty
from service.errors import FieldError, InvalidRequest
from service.projections import companies
from service.projections.read_model import thing
from service.register.company_status import Wanted, company_status
from service.register.known import Known
from service.register.parts import General, NamedBy, Row, SourceView
from service.register.reasons import said_by
from service.register.shapes import NOTICE, KnownAt, SaidBy, SetAsideView


class OwnerRead(Shape):
    """A share of a company on `as_of`, in percent. The two differ where sources or days leave it open."""

    owner: Party
    at_least_percent: str
    at_most_percent: str


class RelationRead(Shape):
    """A relation of a company on `as_of`, such as vendor_of."""

    relation: str
    company: str
    holds: Certainty


class CompanyRead(Shape):
    """A company as the register knows it. `score`, `matched`, `how` are null unless a name was searched for."""

    id: str
    name: Annotated[str, Field(description="Its name on `as_of`.")]
    country: str
    former_names: list[str]
    aliases: list[str]
    identifiers: list[Identifier]
    owners: list[OwnerRead]
    relations: list[RelationRead]
    score: Annotated[
        int | None, Field(ge=0, le=100, description="How alike the names are. It suggests, and identifies nobody.")
    ] = None
    matched: Annotated[str | None, Field(description="The recorded name that came closest.")] = None
    how: Annotated[Found | None, Field(description="How that name was found; null where nothing was searched for.")] = (
        None
    )
    mixed_script_names: Annotated[
        list[str],
        Field(
            description="Those of its names where a word mixes scripts with letters that look alike, such as "
            "Latin and Cyrillic. They are told, and never rewritten."
        ),
    ]
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    events: list[str]
    position: int


class CompanyPage(ThingPage):
    """Companies, a page of them."""

    companies: list[CompanyRead]
    mixed_script_query: Annotated[
        bool,
        Field(description="Whether a word of `q` mixes scripts with letters that look alike. It is found as it looks."),
    ] = False


class CompanyStatus(Shape):
    """What is about a company: the listings and licenses that name it or one alike, and its standing for each
    controlling country and commodity that they are about, in pages.

    `general` counts the controls that reach every company of its country. `sources` are those of `named_by`.
    """

    company: str
    name: str
    as_of: date
    known_at: KnownAt
    public_by: date | None = None
    headline: str
    standings: list[Row]
    named_by: list[NamedBy]
    owners: list[OwnerRead]
    general: General
    sources: dict[str, SourceView]
    next: Annotated[str | None, Field(description="The cursor to ask on from, as `after`; null: these are all.")]
    notice: str = NOTICE


def owners_of(found: Company, on: date) -> list[OwnerRead]:
    return [
        OwnerRead(owner=share.owner, at_least_percent=str(share.least), at_most_percent=str(share.most))
        for share in shares_on(found, on)
    ]


def company_read(found: Company, on: date, hit: Hit | None = None) -> CompanyRead:
    return CompanyRead(
        id=slug(found.stream),
        name=name_on(found, on),
        country=found.country,
        former_names=former_names(found, on),
        aliases=list(found.aliases),
        identifiers=list(found.identifiers),
        owners=owners_of(found, on),
        relations=[
            RelationRead(relation=relation, company=other, holds=truth.word)
            for (relation, other), truth in relations_on(found, on).items()
        ],
        score=hit.score if hit else None,
        matched=next((name for name in found.spelled if normalized(name) == hit.name), None) if hit else None,
        how=hit.how if hit else None,
        mixed_script_names=mixed(found.spelled),
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_of_one(companies.MODEL, "companies", company_read, CompanyRead)


class Search(Listing):
    q: Annotated[
        Annotated[str, Field(min_length=1, max_length=500)] | SkipJsonSchema[None],
        Field(description="A name, in any script. What it finds is a suggestion with a score, the closest first."),
    ] = None
    identifier: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="A number with its scheme before it.", examples=["lei:213800WSGIIZCXF1P572"]),
    ] = None


@router.get(
    "",
    operation_id="listCompanies",
    response_model=CompanyPage,
    summary="List or find companies",
    responses=media.LISTING,
)
def page(register: Here, asked_for: Annotated[Search, Query()]) -> Response:
    """In order of their ids; or those that go by a name like `q`, now or formerly; or those that have a number.

    A name that is alike identifies nobody: two companies may have the same one, and one company several.
    """
    with asking(register, asked_for) as asked:
        found, next_after = _found(asked, asked_for)
        body = CompanyPage(
            companies=found,
            as_of=asked.on,
            known_at=asked.at,
            next_after=next_after,
            mixed_script_query=mixes_scripts(asked_for.q or ""),
        )
        return rendered(register, body, following=following(asked, next_after))


def _found(asked: Asked, wanted: Search) -> tuple[list[CompanyRead], str | None]:
    """The companies, and the id to go on from where there are more. Raises InvalidRequest."""
    if wanted.q is None and wanted.identifier is None:
        shown, next_after = some(asked, companies.MODEL, wanted)
        return [company_read(one_, asked.on) for one_ in shown], next_after
    if wanted.after is not None or None not in (wanted.q, wanted.identifier):
        at_fault = "after" if wanted.after is not None else "identifier"
        detail = "a search takes q or identifier, and gives its best hits at once: `after` goes with neither"
        raise InvalidRequest("The search cannot be read.", [FieldError(at_fault, detail)])
    country = country_of(wanted.country, "country") if wanted.country else None
    if wanted.q is not None:
        return _alike(asked, wanted.q, country, wanted.limit), None
    found = companies.numbered(asked.connection, _key(wanted.identifier or ""), asked.at.seen)
    mine = [company for company in found if country in (None, company.country)]
    return [company_read(company, asked.on) for company in mine[: wanted.limit]], None


def _alike(asked: Asked, words: str, country: str | None, limit: int) -> list[CompanyRead]:
    names = companies.names_like(asked.connection, asked.at.seen, words, limit, country)
    shown = []
    alike_from = companies.names_of(asked.connection.engine).alike_from
    for hit in search(words, names, limit, alike_from):
        company = thing(asked.connection, companies.MODEL, asked.at.seen, hit.stream)
        # A name that was retracted finds a company that no longer has it.
        if company is not None and hit.name in company.names:
            shown.append(company_read(company, asked.on, hit))
    return shown


def _key(text: str) -> str:
    """What a number is looked up by. Raises InvalidRequest."""
    scheme, _, value = text.partition(":")
    key = identifier_key(scheme, value)
    if scheme not in SCHEMES or key.endswith(":"):
        detail = f"it is written scheme:number, and the schemes are {', '.join(SCHEMES)}"
        raise InvalidRequest("The identifier cannot be read.", [FieldError("identifier", detail)])
    return key


class StatusOf(Detailed):
    commodity: Annotated[
        Text | SkipJsonSchema[None], Field(description="Digits are a customs code (HS), anything else a name.")
    ] = None
    after: Annotated[Cursor | SkipJsonSchema[None], Field(description="The `next` of the page before.")] = None
    limit: Limit = 100


@router.get("/{id}/status", operation_id="getCompanyStatus", response_model=CompanyStatus, summary="Get its standing")
def status(register: Here, id: Slug, asked_for: Annotated[StatusOf, Query()]) -> Response:  # noqa: A002  the path's name
    """What names a company or one alike, its standing per controlling country and commodity, and its owners.

    It is asked for as an end user under the controls of other countries, and as an exporter under its own country's.
    Without `commodity`, for the commodities that listings and licenses that concern it are about.
    """
    commodity = commodity_of(asked_for.commodity)
    with asking(register, asked_for) as asked:
        company, known = one(asked, companies.MODEL, id), Known(asked.connection, asked.at)
        after = place_after(asked_for.after)
        wanted = Wanted(company, commodity, asked_for.detail, after, asked_for.limit)
        found = company_status(wanted, known, asked.on)
        next_after = cursor(found.next) if found.next else None
        body = CompanyStatus(
            company=company.stream,
            name=name_on(company, asked.on),
            as_of=asked.on,
            known_at=asked.at,
            public_by=asked.at.public_by,
            headline=found.headline,
            standings=found.standings,
            named_by=found.named_by,
            owners=owners_of(company, asked.on),
            general=found.general,
            sources=found.sources,
            next=next_after,
        )
        return rendered(register, body, following=following(asked, next_after))
