"""What the register knows of a party asked about: the company that it is, those it may be, and who owns it. What is
registered never weakens an answer about a name that is listed (rule 3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from service.domain.claims import Record
from service.domain.company.affiliates import Listing, affiliation
from service.domain.company.asking import asked_about
from service.domain.company.timeline import Company, company_of
from service.domain.ledger import ledger
from service.domain.parties import Asked, Party
from service.domain.screening import PartyList, Under, screened
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
DAY = date(2025, 6, 1)
PARTY: TypeAdapter[Party] = TypeAdapter(Party)


@dataclass
class Everyone:
    """All companies, with none of them sought out by an index: comparing decides."""

    companies: dict[str, Company] = field(default_factory=dict)

    def get(self, stream: str) -> Company | None:
        return self.companies.get(stream)

    def like(self, name: str, least: int) -> Iterable[Company]:
        return self.companies.values()


def company(
    slug: str, name: str, country: str, *events: tuple[str, dict[str, Any]], aliases: Sequence[str] = ()
) -> Company:
    """A company of past events, each a type and its data."""
    first = ("company.registered", {"name": name, "country": country, "aliases": list(aliases)})
    stream = f"company/{slug}"
    records = [
        Record(
            position=position,
            id=f"00000000-0000-4000-8000-{position:012}",
            type=kind,
            schema_version=1,
            effective="2020-01-01",
            data=data,
            source={"tier": "issuer_text", "title": "A text", "published_at": "2020-01-01"},
            recorded_on=DAY,
        )
        for position, (kind, data) in enumerate((first, *events), 1)
    ]
    found = company_of(ledger(stream, records))
    assert found is not None
    return found


def everyone(*companies: Company) -> Everyone:
    return Everyone({one.stream: one for one in companies})


def asked(known: Everyone, **party: Any) -> Asked:
    return asked_about(PARTY.validate_python(party), DAY, known)


def listed(*parties: dict[str, Any]) -> PartyList:
    return PartyList([PARTY.validate_python(one) for one in parties])


QORVAN = company("qorvan", "Qorvan Optics Co., Ltd.", "CN", aliases=["柯文光学有限公司"])


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Qorvan Optics Co., Ltd.", "name"),
        ("QORVAN OPTICS COMPANY LIMITED", "name"),
        ("柯文光学有限责任公司", "alias"),
    ],
)
def test_a_company_is_found_by_any_spelling_of_its_names_in_its_country(name: str, found_by: str):
    found = asked(everyone(QORVAN), name=name, country="CN")
    assert (found.company, found.found_by, found.near) == ("company/qorvan", found_by, ())
    assert asked(everyone(QORVAN), company="company/qorvan").found_by == "identifier"


@pytest.mark.parametrize(
    ("name", "country", "how"),
    [
        ("Qorvan Optics", "CN", "same_but_form"),
        ("Qorvan Optic Co., Ltd.", "CN", "alike"),
        ("Qorvan Optics Co., Ltd.", "HK", "other_country"),
        ("Kewenguangxue", "CN", "alike"),
    ],
)
def test_a_company_that_may_be_meant_is_near_with_how(name: str, country: str, how: str):
    found = asked(everyone(QORVAN), name=name, country=country)
    assert found.company is None
    assert [(one.company, one.how) for one in found.near] == [("company/qorvan", how)]


def test_a_name_of_two_companies_names_neither_and_stays_a_name_as_asked():
    known = everyone(company("a", "Jay Ushin", "IN"), company("b", "JAY USHIN", "IN"))
    found = asked(known, name="Jay Ushin", country="IN")
    assert found.company is None
    assert found.names == {"jay ushin"}
    assert {(one.company, one.how) for one in found.near} == {("company/a", "namesake"), ("company/b", "namesake")}
    by_stream = asked(known, company="company/a")
    assert not by_stream.names
    assert by_stream.shared_names == {"jay ushin"}


def test_the_name_as_asked_stays_a_name_of_the_company_that_it_finds():
    found = asked(everyone(QORVAN), name="Qorvan Optics Company Limited", country="CN")
    assert "qorvan optics company limited" in found.names


def test_related_companies_are_known_by_their_names_without_forms():
    parent = company("parent", "Continental AG", "DE")
    unit = company("unit", "Contitech", "IN", ("company.related", {"relation": "unit_of", "company": "company/parent"}))
    assert asked(everyone(parent, unit), company="company/unit").related_names == {"continental"}


@pytest.mark.parametrize(
    ("party", "form", "label"),
    [
        ({"name": "Marrow Systems", "country": "US"}, "name", "Marrow Systems"),
        ({"company": "company/marrow"}, "name", "company/marrow"),
        ({"described": "Indian units of Marrow"}, "described", '"Indian units of Marrow"'),
        ({"class": {"country": "IN"}}, "class", "a member of the class"),
        ({"undisclosed": True, "country": "IN"}, "undisclosed", "the party"),
    ],
)
def test_who_is_not_registered_is_called_as_the_question_calls_it(party: dict[str, Any], form: str, label: str):
    found = asked(everyone(QORVAN), **party)
    assert (found.form, found.label, found.near, found.owners) == (form, label, (), ())
    assert found.found_by == ("name" if "name" in party else "identifier")


NAMES = ["Qorvan Optics", "Qorvan Optics Ltd", "Qorvan Optic Ltd", "Optics Qorvan", "Marrow Systems", "JUL", "ZTT"]
COUNTRIES = ["CN", "HK"]
names, countries = st.sampled_from(NAMES), st.sampled_from(COUNTRIES)
registrations = st.lists(st.tuples(names, countries, st.lists(names, max_size=2)), max_size=4)
members = st.one_of(
    st.fixed_dictionaries({"name": names, "country": countries}),
    st.fixed_dictionaries({"described": names}),
    st.sampled_from(["company/c0", "company/c1"]).map(lambda stream: {"company": stream}),
)


def register(found: Iterable[tuple[str, str, list[str]]]) -> Everyone:
    return everyone(
        *(company(f"c{at}", name, country, aliases=aliases) for at, (name, country, aliases) in enumerate(found))
    )


def restricts(known: Everyone, party: dict[str, Any], *parties: dict[str, Any]) -> Truth:
    return screened(asked(known, **party), listed(*parties), Under.RESTRICTION).truth


@given(registrations, st.tuples(names, countries, st.lists(names, max_size=2)), names, countries, members)
def test_registering_a_company_or_an_alias_never_silences_an_answer_about_a_name(
    before: list[tuple[str, str, list[str]]],
    more: tuple[str, str, list[str]],
    name: str,
    country: str,
    member: dict[str, Any],
):
    party = {"name": name, "country": country}
    first, then = (restricts(register(known), party, member) for known in (before, [*before, more]))
    assert then is not NO or first is NO
    if member == party:
        assert first is then is YES


spelled = st.builds(
    lambda name, form, upper: (name, f"{name}{form}".upper() if upper else f"{name}{form}"),
    names,
    st.sampled_from(["", " Ltd", " Co., Ltd.", " GmbH"]),
    st.booleans(),
)


def test_a_namesake_silences_no_other_name_of_the_company_that_was_meant():
    one = company("one", "Qorvan Optics", "CN", aliases=["JUL"])
    party, member = {"name": "JUL", "country": "CN"}, {"name": "Qorvan Optics", "country": "CN"}
    assert restricts(everyone(one), party, member) is YES
    assert restricts(everyone(one, company("two", "JUL", "CN")), party, member) is POSSIBLE


def test_a_namesake_silences_no_owner_of_the_company_that_was_meant():
    share = ("company.owned", {"owner": {"name": "Marrow Systems", "country": "CN"}, "share_percent": "60"})
    one, two = company("one", "JUL", "CN", share), company("two", "JUL", "CN")
    listing = Listing("restriction/l", "prohibition", listed({"name": "Marrow Systems", "country": "CN"}), YES, ())
    found = [
        affiliation(asked(known, name="JUL", country="CN"), [listing], ["50"]).truth
        for known in (everyone(one), everyone(one, two))
    ]
    assert found == [YES, POSSIBLE]


@given(registrations, spelled, countries, countries)
def test_a_name_that_is_listed_but_for_form_case_or_country_is_always_mentioned(
    known: list[tuple[str, str, list[str]]], name: tuple[str, str], country: str, branch: str
):
    on_list, as_asked = name
    party = asked(register(known), name=as_asked, country=branch)
    found = screened(party, listed({"name": on_list, "country": country}), Under.RESTRICTION)
    assert found.truth is not NO
    assert on_list in found.because


@given(registrations, names, countries)
def test_a_company_on_record_that_is_listed_is_mentioned_to_whoever_asks_by_a_name_of_it(
    known: list[tuple[str, str, list[str]]], name: str, country: str
):
    companies = register([(name, country, []), *known])
    for branch in COUNTRIES:
        assert restricts(companies, {"name": name, "country": branch}, {"company": "company/c0"}) is not NO


def test_a_namesake_silences_no_name_that_is_spelled_like_a_listed_one():
    one, two = (company(slug, "Qorvan Optic Ltd", "CN", aliases=["Marrow Systems"]) for slug in ("one", "two"))
    party, member = {"name": "Marrow Systems", "country": "CN"}, {"name": "Qorvan Optics", "country": "CN"}
    assert restricts(everyone(one), party, member) is POSSIBLE
    assert restricts(everyone(one, two), party, member) is POSSIBLE


def test_a_namesake_silences_no_company_that_shares_another_name():
    one = company("c0", "Marrow Systems", "CN", aliases=["Qorvan Optics"])
    other = company("c1", "JUL", "CN", aliases=["Qorvan Optics"])
    party, member = {"name": "Marrow Systems", "country": "CN"}, {"company": "company/c1"}
    assert restricts(everyone(one, other), party, member) is POSSIBLE
    assert restricts(everyone(one, other, company("c2", "Marrow Systems", "CN")), party, member) is POSSIBLE
