"""A place beside the name of a firm hides no listing, however short the name; and a place is no name of a firm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.company.alike import PART, NameIndex, compared
from service.domain.company.names import normalized, read
from service.domain.company.places import AMERICA, ASIA, CHINA, EUROPE, JAPAN, TRADES, without_places

PLACES = [
    place
    for words, _, more in (part.partition("|") for part in (JAPAN, CHINA, ASIA, EUROPE, AMERICA))
    for place in (*words.split(), *filter(None, more.split("|")))
]


def agree(one: str, other: str) -> tuple[str, int] | None:
    asked, listed = normalized(one), normalized(other)
    index = NameIndex[str]()
    index.add(listed, other)
    found = compared(read(asked), read(listed))
    assert found == compared(read(listed), read(asked))
    assert bool(index.find(asked)) or found is None
    return found


@given(
    st.sampled_from(PLACES), st.sampled_from(["QRV", "Qorvanio", "QRV Corporation", "Qorvanio Co., Ltd.", "QRV Group"])
)
def test_a_place_before_a_name_in_it_or_behind_it_leaves_it_alike(place: str, name: str):
    core = read(normalized(name)).core
    for written in (
        f"{place.title()} {name}",
        f"{core} ({place})",
        f"{name} {place} Branch",
        f"{place} {core} {place}",
    ):
        assert agree(written, name) is not None, written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yokohama Qorvanio Co., Ltd.", "Qorvanio Co., Ltd."),
        ("Texas QRV, Limited Partnership", "QRV, Limited Partnership"),
        ("QRV (Yokohama)", "QRV Corporation"),
        ("QRV Deutschland", "QRV Corporation"),
        ("QRV United Arab Emirates", "QRV Corporation"),
        ("QRV (Köln) Werk", "QRV AG"),
        ("Hong Kong QV USA Holdings Corp.", "QV USA Holdings Corp."),
    ],
)
def test_a_town_a_region_and_a_country_are_places(one: str, other: str):
    assert agree(one, other) == ("alike", PART)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Osaka Optics Ltd.", "Nagoya Optics Ltd."),  # each without its place, and no firm
        ("Osaka QRV Ltd.", "Nagoya QRV Ltd."),
        ("Osaka Ltd.", "Nagoya Ltd."),
        ("Texas Instruments", "Instruments Ltd."),
        ("Yokohama QR Ltd.", "QR Ltd."),  # two letters
        ("QRV Steel (Osaka)", "QRV Corporation"),
        ("Osaka QRX Ltd.", "QRV Corporation"),
    ],
)
def test_a_place_alone_or_with_a_trade_makes_no_two_names_alike(one: str, other: str):
    assert agree(one, other) is None


def test_what_is_a_place_is_no_trade_and_what_has_none_stays():
    assert set(PLACES).isdisjoint(TRADES.split())
    assert list(without_places("qorvanio optics")) == list(without_places("")) == []
