"""Instants, publication days, tiers."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.dates import Bounds
from service.domain.sources import Source, Tier, instant, when

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=offsets).filter(lambda moment: 1 < moment.year < 9999))
def test_an_instant_with_its_offset_is_read_as_utc(moment: datetime):
    found = instant(moment.isoformat())
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-10-30T12:00:00Z", datetime(2025, 10, 30, 12, tzinfo=UTC)),
        ("2025-10-30t12:00:00z", datetime(2025, 10, 30, 12, tzinfo=UTC)),
        ("2025-10-30T12:00:00+05:30", datetime(2025, 10, 30, 6, 30, tzinfo=UTC)),
        ("2025-10-30T12:00:00-00:00", datetime(2025, 10, 30, 12, tzinfo=UTC)),
        ("2025-10-30T12:00:00.5Z", datetime(2025, 10, 30, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2025-10-30T12:00:00.123456789Z", datetime(2025, 10, 30, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2025-01-01T00:30:00+01:00", datetime(2024, 12, 31, 23, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_rfc_3339_writes_it(text: str, found: datetime):
    assert instant(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2022",
        "1761825600",
        "1761825600.0",
        "2025-10-30",
        "2025-10-30T12:00:00",
        "2025-10-30 12:00:00Z",
        "2025-10-30T12:00Z",
        "2025-10-30T12Z",
        "20251030T120000Z",
        "2025-10-30T12:00:00+0530",
        "2025-10-30T12:00:00+05",
        "2025-10-30T12:00:00 05:30",
        "2025-10-30T12:00:00,5Z",
        "2025-10-30T12:00:00.Z",
        "2025-10-30T12:00:00.1234567890Z",
        "٢٠٢٥-10-30T12:00:00Z",
        "2025-10-30T12:00:00Z\n",
        "",
        "now",
    ],
)
def test_digits_a_day_and_an_instant_without_its_offset_are_no_instant(text: str):
    with pytest.raises(ValueError, match="not an RFC 3339 time with an offset"):
        instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30T12:00:00Z",
        "2025-10-30T24:00:01Z",
        "2025-10-30T12:60:00Z",
        "2025-10-30T12:00:00+24:00",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00Z",
    ],
)
def test_an_instant_outside_the_calendar_is_refused(text: str):
    with pytest.raises(ValueError, match="not a time in the calendar"):
        instant(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-10-30", date(2025, 10, 30), date(2025, 10, 30)),
        ("2025-10", date(2025, 10, 1), date(2025, 10, 31)),
        ("2025-10-30T23:30:00-01:00", date(2025, 10, 31), date(2025, 10, 31)),
        ("2025-10-31T00:30:00+01:00", date(2025, 10, 30), date(2025, 10, 30)),
    ],
)
def test_a_publication_is_of_a_day_or_of_an_instants_day_in_utc(text: str, first: date, last: date):
    assert when(text) == Bounds(first, last)


@pytest.mark.parametrize("text", ["2025-10-30T12:00:00", "1761825600", "2025-02-30", "Thursday"])
def test_a_publication_at_no_readable_day_is_refused(text: str):
    with pytest.raises(ValidationError):
        Source.model_validate({"tier": "press_named", "published_at": text})


def test_a_source_speaks_through_the_last_day_of_its_publication_or_of_none():
    assert Source.model_validate({"tier": "holder", "published_at": "2025-10"}).speaks_through == date(2025, 10, 31)
    assert Source.model_validate({"tier": "holder"}).speaks_through is None


def test_the_tiers_are_ranked_and_another_government_stands_beside_the_holder():
    in_order = [
        {Tier.ISSUER_TEXT},
        {Tier.ISSUER_STATEMENT},
        {Tier.OTHER_OFFICIAL, Tier.HOLDER},
        {Tier.PRESS_NAMED},
        {Tier.PRESS_ANONYMOUS},
        {Tier.COMMENTARY},
    ]
    ranks = sorted({tier.rank for tier in Tier}, reverse=True)
    assert [{tier for tier in Tier if tier.rank == rank} for rank in ranks] == in_order


def test_authorities_and_the_holder_are_official_and_only_the_issuer_is_issuing():
    assert {tier for tier in Tier if tier.official} == {
        Tier.ISSUER_TEXT,
        Tier.ISSUER_STATEMENT,
        Tier.OTHER_OFFICIAL,
        Tier.HOLDER,
    }
    assert {tier for tier in Tier if tier.issuing} == {Tier.ISSUER_TEXT, Tier.ISSUER_STATEMENT}


@pytest.mark.parametrize("tier", ["official", "", "ISSUER_TEXT", None, 6, ["press_named"]])
def test_a_tier_by_another_name_is_refused(tier: object):
    with pytest.raises(ValidationError):
        Source.model_validate({"tier": tier})


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://例え.jp/"])
def test_an_address_is_one_of_the_web(url: str):
    assert Source.model_validate({"tier": "holder", "url": url}).url == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "//example.org/",
        "example.org",
        "https://",
        "https://a b",
        'https://a"b',
        "https://a<b>",
        "https://a/\x01",
        "https://a/\x7f",
        "https://a/\ud800",
        "https://" + "a" * 1993,
        "",
        5,
    ],
)
def test_an_address_of_another_kind_or_with_characters_that_no_address_has_is_refused(url: object):
    with pytest.raises(ValidationError):
        Source.model_validate({"tier": "holder", "url": url})
