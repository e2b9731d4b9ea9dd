"""Who is meant by a party that a record lists, and how it was matched: under a restriction, and under a permission."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from service.domain.parties import Asked, Near, Party
from service.domain.screening import PartyList, PartyMatch, Under, meant, named_in, screened, strongest
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
RESTRICTION, PERMISSION = Under
PARTY: TypeAdapter[Party] = TypeAdapter(Party)
DRIVES = Asked(
    "company/example-drives",
    frozenset({"example drives pvt ltd", "exdrives"}),
    "IN",
    frozenset({("vendor_of", "company/example-motors")}),
    label="Example Drives",
    aliases=frozenset({"exdrives"}),
    related_names=frozenset({"example motors"}),
)
STRANGER = Asked(None, frozenset({"example foundry"}), "IN", label="Example Foundry", found_by="name")
NAMELESS = Asked(None, frozenset(), None, form="undisclosed", label="the party")


def party(**fields: Any) -> Party:
    return PARTY.validate_python(fields)


def listed(*parties: dict[str, Any]) -> PartyList:
    return PartyList([party(**one) for one in parties])


def found(asked: Asked, under: Under = RESTRICTION, /, **fields: Any) -> PartyMatch:
    return meant(asked, party(**fields), under)


@pytest.mark.parametrize("under", Under)
@pytest.mark.parametrize(
    ("fields", "how"),
    [
        ({"company": "company/example-drives"}, "identifier"),
        ({"name": "EXAMPLE DRIVES PVT. LTD.", "country": "IN"}, "name"),
        ({"name": "Example Drives Private Limited", "country": "IN"}, "name"),
        ({"name": "ExDrives", "country": "IN"}, "alias"),
    ],
)
def test_a_company_is_named_by_its_stream_and_by_any_of_its_names_in_its_country(
    under: Under, fields: dict[str, Any], how: str
):
    match = found(DRIVES, under, **fields)
    assert (match.truth, match.named, match.how, match.score) == (YES, True, how, 100)


@pytest.mark.parametrize(
    ("fields", "how", "permitted"),
    [
        ({"name": "Example Drives", "country": "IN"}, "same_but_form", POSSIBLE),
        ({"name": "Example Drives GmbH", "country": "IN"}, "same_but_form", NO),
        ({"name": "Example Drive Pvt Ltd", "country": "IN"}, "alike", NO),
        ({"name": "Drives Example Pvt Ltd", "country": "IN"}, "alike", NO),
        ({"name": "Example Drives Pvt Ltd", "country": "CN"}, "other_country", NO),
        ({"name": "Example Drives", "country": "CN"}, "other_country", NO),
    ],
)
def test_a_name_that_identifies_nobody_restricts_possibly_and_permits_nothing_certain(
    fields: dict[str, Any], how: str, permitted: Truth
):
    restricted, under_license = found(DRIVES, RESTRICTION, **fields), found(DRIVES, PERMISSION, **fields)
    assert (restricted.truth, restricted.how, restricted.named) == (POSSIBLE, how, False)
    assert (under_license.truth, under_license.how, under_license.named) == (permitted, how, False)
    assert fields["name"] in restricted.because
    assert restricted.score == under_license.score
    assert restricted.score is not None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "firma qrv heavy technologies group ltd",
            "qrv hvy tech grp ltd",
            "qh technologies ltd",
            "qrvheavytechnologiesgroupltd",
        ),
        *(
            "heavy technologies ltd group qrv",
            "qrv heavy technologies group ltd c o vogel",
            "qrv he\u0430v\u0443 technologies group",
        ),
    ],
)
def test_another_reading_of_a_listed_name_restricts_possibly_and_permits_nothing(name: str):
    asked = Asked(None, frozenset({name}), "IN", label=name, found_by="name")
    on_list = {"name": "QRV Heavy Technologies Group Ltd", "country": "IN"}
    restricts, permits = (screened(asked, listed(on_list), under) for under in Under)
    assert (restricts.truth, restricts.named, restricts.how) == (POSSIBLE, False, "alike")
    assert (permits.truth, permits.named, permits.how, permits.score) == (NO, False, "alike", restricts.score)


def test_a_name_of_several_companies_restricts_possibly_and_is_a_suggestion_for_a_license():
    shared = Asked("company/a", frozenset(), "IN", shared_names=frozenset({"jul"}), label="Jay Ushin")
    assert found(shared, name="JUL", country="IN").how == "namesake"
    assert found(shared, name="JUL", country="IN").truth is POSSIBLE
    assert found(shared, PERMISSION, name="JUL", country="IN").truth is NO


@pytest.mark.parametrize(
    ("near", "restricted", "permitted"),
    [
        (Near("company/b", "Example Drive", "alike", 97), POSSIBLE, NO),
        (Near("company/b", "Example Drives", "same_but_form", 99, lacks_form=True), POSSIBLE, POSSIBLE),
        (Near("company/b", "Example Drives GmbH", "same_but_form", 99), POSSIBLE, NO),
        (Near("company/b", "Example Drives", "namesake", 100), POSSIBLE, NO),
        (Near("company/c", "Example Drives", "namesake", 100), NO, NO),
    ],
)
def test_a_listed_company_is_suggested_by_its_registered_names(near: Near, restricted: Truth, permitted: Truth):
    asked = Asked(None, frozenset({"example drives"}), "IN", label="Example Drives", near=(near,))
    assert found(asked, company="company/b").truth is restricted
    assert found(asked, PERMISSION, company="company/b").truth is permitted


@pytest.mark.parametrize("under", Under)
def test_another_company_is_not_meant(under: Under):
    assert found(DRIVES, under, company="company/example-motors").truth is NO
    assert found(DRIVES, under, name="Example Motors", country="IN").truth is NO


@pytest.mark.parametrize("under", Under)
def test_a_member_of_a_class_is_meant_but_not_named(under: Under):
    match = found(DRIVES, under, **{"class": {"country": "IN"}})
    assert (match.truth, match.named, match.how) == (YES, False, None)
    assert found(DRIVES, under, **{"class": {"country": "CN"}}).truth is NO
    assert found(NAMELESS, under, **{"class": {"country": "CN"}}).truth is POSSIBLE


def test_a_relation_has_to_be_recorded_and_with_a_country_both_have_to_hold():
    vendors = {"relation": "vendor_of", "company": "company/example-motors"}
    assert found(DRIVES, **{"class": vendors}).truth is YES
    assert found(STRANGER, **{"class": vendors}).truth is NO
    assert found(DRIVES, **{"class": {"country": "IN"} | vendors}).truth is YES
    assert found(DRIVES, **{"class": {"country": "CN"} | vendors}).truth is NO
    assert found(DRIVES, **{"class": vendors | {"relation": "unit_of"}}).truth is NO


def test_a_description_reaches_who_is_described_in_the_same_words_and_names_nobody():
    by_name = found(STRANGER, described="Example Foundry")
    assert (by_name.truth, by_name.named, by_name.how) == (YES, False, "described")
    described = Asked(None, frozenset(), "IN", form="described", label='"x"', described="units of example")
    assert found(described, described="Units of Example").truth is YES
    assert found(described, described="Units of another").truth is POSSIBLE
    assert found(described, described="Units of Example", country="CN").truth is NO


@pytest.mark.parametrize(
    ("words", "country", "truth"),
    [
        ("Indian vendors of Example Motors", "IN", POSSIBLE),
        ("Indian vendors of Example Motors", None, POSSIBLE),
        ("Chinese vendors of Example Motors", "CN", NO),
        ("vendors of Example Motorsport", None, NO),
        ("Anybody Bakery", None, NO),
    ],
)
def test_a_description_reaches_by_a_relation_on_record_and_nobody_else(words: str, country: str | None, truth: Truth):
    fields = {"described": words} | ({"country": country} if country else {})
    for under in Under:
        assert found(DRIVES, under, **fields).truth is truth
        assert found(STRANGER, under, **fields).truth is NO


def test_a_description_spelled_alike_restricts_possibly_and_permits_nothing():
    for fields in ({"described": "Example Foundri"}, {"described": "Example Foundry", "country": "CN"}):
        assert found(STRANGER, **fields).truth is POSSIBLE
        assert found(STRANGER, PERMISSION, **fields).truth is NO


def test_whoever_is_not_disclosed_may_be_anyone_who_is_not_of_another_country():
    assert [found(DRIVES, undisclosed=True, country=country).truth for country in ("IN", "CN")] == [POSSIBLE, NO]
    assert found(DRIVES, undisclosed=True).truth is POSSIBLE
    assert found(NAMELESS, undisclosed=True, country="IN").truth is POSSIBLE


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (16, "2 of 18 are named"),
        ({"min": 3, "max": 3}, "2 of 5 are named"),
        ({"min": 2, "max": None, "text": "several"}, "2 of at least 4 are named"),
    ],
)
def test_of_members_whom_nobody_names_the_answer_says_how_many_are_named(count: Any, said: str):
    named = [{"name": "Example Motors", "country": "JP"}, {"company": "company/example-motors"}]
    of_another = {"name": "Example Works", "country": "US"}
    parties = listed(*named, of_another, {"undisclosed": True, "country": "JP", "count": count})
    asked = Asked(None, frozenset({"example foundry"}), "JP", label="Example Foundry")
    match = screened(asked, parties, RESTRICTION)
    assert (match.truth, match.named) == (POSSIBLE, False)
    assert said in match.because
    assert screened(DRIVES, parties, RESTRICTION).truth is NO


def test_whoever_asks_without_a_name_may_be_a_named_party_and_is_never_named():
    for fields in ({"company": "company/example-drives"}, {"name": "Example Drives", "country": "IN"}):
        assert found(NAMELESS, **fields).truth is POSSIBLE
        assert not found(NAMELESS, **fields).named


def test_a_list_names_by_stream_and_name_alone():
    asked = Asked(None, frozenset({"example foundry"}), "IN", label="Example Foundry")
    assert named_in(asked, listed({"name": "Example Foundry", "country": "IN"}), RESTRICTION) is YES
    assert named_in(asked, listed({"name": "Example Foundri", "country": "IN"}), RESTRICTION) is POSSIBLE
    others = listed({"class": {"country": "IN"}}, {"described": "Example Foundry"}, {"undisclosed": True})
    assert named_in(asked, others, RESTRICTION) is NO


def test_a_name_on_a_list_goes_before_a_class_of_it_and_a_closer_name_before_another():
    name, alike = {"name": "Example Foundry", "country": "IN"}, {"name": "Example Foundri", "country": "IN"}
    both = listed({"class": {"country": "IN"}}, alike, name)
    assert screened(STRANGER, both, RESTRICTION).how == "name"
    suggested = screened(STRANGER, listed(alike, {"name": "Example Works", "country": "IN"}), PERMISSION)
    assert (suggested.truth, suggested.how) == (NO, "alike")


@pytest.mark.parametrize(
    ("asked", "fields", "because"),
    [
        (DRIVES, {"class": {"country": "IN"}}, "Example Drives is one of the companies of India"),
        (DRIVES, {"class": {"country": "CN"}}, "Example Drives is none of the companies of China"),
        (NAMELESS, {"class": {"country": "CN"}}, "the party may be one of the companies of China"),
        (
            DRIVES,
            {"class": {"country": "IN", "relation": "vendor_of", "company": "company/example-motors"}},
            "Example Drives is one of the companies of India and vendor_of company/example-motors",
        ),
        (DRIVES, {"undisclosed": True, "country": "CN"}, "Example Drives is not of China"),
        (DRIVES, {"undisclosed": True}, "an undisclosed party may mean Example Drives"),
        (DRIVES, {"company": "company/example-drives"}, "company/example-drives is named"),
        (STRANGER, {"name": "Example Foundry", "country": "IN"}, "Example Foundry (IN) is named"),
        (NAMELESS, {"described": "a foundry", "country": "IN"}, '"a foundry" may mean the party'),
    ],
)
def test_why_a_party_is_meant_or_not_is_said_in_words(asked: Asked, fields: dict[str, Any], because: str):
    assert found(asked, **fields).because == because


def test_where_names_alone_count_a_class_does_not():
    of_india = listed({"class": {"country": "IN"}}, {"undisclosed": True, "country": "IN"})
    assert screened(STRANGER, of_india, RESTRICTION).truth is YES
    assert screened(STRANGER, of_india, RESTRICTION, named_alone=True).truth is NO


WORDS = st.sampled_from(["example", "exampel", "drives", "motors", "ltd", "gmbh", "foundry"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
COUNTRIES = st.sampled_from(["IN", "CN"])
PARTIES = st.one_of(
    st.fixed_dictionaries({"name": NAMES, "country": COUNTRIES}),
    st.fixed_dictionaries({"described": NAMES}, optional={"country": COUNTRIES}),
    st.sampled_from(["company/a", "company/b", "company/c"]).map(lambda stream: {"company": stream}),
    COUNTRIES.map(lambda country: {"class": {"country": country}}),
    COUNTRIES.map(lambda country: {"undisclosed": True, "country": country}),
)
ASKED = st.builds(
    Asked,
    st.sampled_from([None, "company/a"]),
    st.frozensets(NAMES, max_size=2),
    COUNTRIES,
    near=st.sampled_from([(), (Near("company/b", "B", "alike", 95),)]),
    related_names=st.frozensets(NAMES, max_size=1),
    shared_names=st.frozensets(NAMES, max_size=1),
)


@given(ASKED, st.lists(PARTIES, min_size=1, max_size=6), st.sampled_from(Under))
def test_the_index_of_a_list_answers_as_each_of_its_parties_does(
    asked: Asked, parties: list[dict[str, Any]], under: Under
):
    each = strongest(meant(asked, party(**one), under) for one in parties)
    whole = screened(asked, listed(*parties), under)
    assert (whole.truth, whole.named, whole.how, whole.score) == (each.truth, each.named, each.how, each.score)


@given(ASKED, PARTIES)
def test_a_permission_is_never_more_certain_than_a_restriction(asked: Asked, one: dict[str, Any]):
    assert found(asked, PERMISSION, **one).truth <= found(asked, RESTRICTION, **one).truth


@pytest.mark.parametrize(("score", "how"), [(90, "alike"), (98, "same_but_form")])
def test_of_a_likeness_of_its_own_and_one_by_a_company_that_it_may_be_the_closer_counts(score: int, how: str):
    name = "example foundry works"
    near = Near("company/it", name, "same_but_form", score, names=frozenset({name}))
    asked = Asked(None, frozenset({"exampel foundry works"}), "IN", label="It", near=(near,))
    assert found(asked, name=name, country="IN").how == how


def test_a_party_that_nobody_names_may_be_anyone_and_is_named_by_nothing():
    match = found(NAMELESS, name="Example Drives", country="IN")
    assert (match.truth, match.named, match.because) == (POSSIBLE, False, "the party may be Example Drives")
