"""The keys that events give: each by itself, and what they find is never less than what there is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.event import RecordedEvent
from service.projections import companies, licenses, restrictions
from service.projections.keys import Before, keys_of
from service.projections.tables import ALL, DAY, LONGEST_KEY_BYTES, VAGUE, bounded


def event(data: dict[str, Any], **fields: Any) -> RecordedEvent:
    given: dict[str, Any] = {
        "position": 1,
        "id": "0198c0de-0000-4000-8000-000000000001",
        "stream": "restriction/a",
        "version": 1,
        "type": "restriction.announced",
        "schema_version": 1,
        "effective": None,
        "recorded_at": datetime(2020, 1, 1, tzinfo=UTC),
        "actor": "test",
        "metadata": {},
        "data": data,
        "source": {"tier": "issuer_text"},
        "hash": "",
    }
    return RecordedEvent(**given | fields)


def test_a_key_is_known_from_the_first_event_that_gives_it():
    events = [event({"controller": "CN"}), event({"controller": "CN"}, position=5, version=2)]
    found = keys_of(events, restrictions.keys)
    assert (found["country CN"], found[ALL]) == (1, 1)


def test_a_stream_of_one_record_is_not_among_those_that_may_contradict_themselves():
    one, other = event({"controller": "CN"}), event({}, position=5, version=2)
    assert "again" not in keys_of([one], restrictions.keys)
    assert keys_of([one, other], restrictions.keys)["again"] == 5


def test_commentary_is_among_what_may_be_set_aside():
    assert "commentary" in keys_of([event({}, source={"tier": "commentary"})], restrictions.keys)
    assert "commentary" not in keys_of([event({}, source={"tier": "holder"})], restrictions.keys)


def test_what_a_correction_puts_in_place_is_looked_up_too():
    correction = event({"event": "x", "data": {"controller": "US"}}, type="record.corrected")
    assert "country US" in keys_of([correction], restrictions.keys)


def test_a_source_reaches_every_country_of_its_stream():
    source = {"tier": "issuer_text", "published_at": "2025-04-04"}
    found = keys_of([event({}, version=2, source=source)], restrictions.keys, Before(frozenset({"CN", "US"})))
    assert {"published CN 2025-04-04", "published US 2025-04-04"} <= set(found)


def test_a_country_that_comes_later_is_reached_by_the_sources_before_it():
    source = {"tier": "issuer_text", "published_at": "2025-04-04"}
    events = [event({}, source=source), event({"controller": "CN"}, position=7, version=2)]
    assert keys_of(events, restrictions.keys)["published CN 2025-04-04"] == 7


def days_of(told: RecordedEvent) -> set[str]:
    """The days that an event gives its stream, which is about China."""
    found = keys_of([told], restrictions.keys, Before(frozenset({"CN"})))
    return {key.replace("CN ", "") for key in found if key.startswith((f"{DAY}CN ", VAGUE))}


def test_a_day_is_looked_up_in_each_country_that_the_stream_is_about_and_a_vague_one_in_all_too():
    told = event({"controller": "CN"}, version=2, effective="2025-11")
    found = set(keys_of([told], restrictions.keys, Before(frozenset({"US"}))))
    assert {f"day {country} 2025-11-30" for country in ("CN", "US")} <= found
    assert {"vague 2025-11-30", "vague CN 2025-11-30", "vague US 2025-11-30"} <= found
    assert "day 2025-11-30" not in found


def test_a_country_that_comes_later_is_reached_by_the_days_before_it():
    events = [event({}, effective="2025-04-04"), event({"controller": "CN"}, position=7, version=2, effective="2026")]
    assert keys_of(events, restrictions.keys)["day CN 2025-04-04"] == 7


def test_the_bounds_of_every_day_that_an_event_names_are_looked_up():
    in_force = {"in_force": {"from": "2025-04-04", "through": "2026-11-09"}}
    days = {"day 2020-01-01", "day 2025-04-04", "day 2026-11-09"}
    assert days_of(event(in_force, effective="2025-04-04")) == days
    assert "day 2025-04-04" not in keys_of([event(in_force)], companies.keys, dated=False)


def test_a_vague_day_is_looked_up_by_the_last_day_that_may_be_meant():
    found = days_of(event({"period": {"through": "2026-11"}}, effective="2026-01-01"))
    assert {"day 2026-11-01", "day 2026-11-30", "vague 2026-11-30"} <= found
    assert "vague 9999-12-31" in days_of(event({"in_force": {"from": "2025-10-30/.."}}, effective="2026-01-01"))
    assert "vague 2025-10-30" in days_of(event({"in_force": {"from": "../2025-10-30"}}, effective="2026-01-01"))


def test_an_act_whose_day_nobody_states_may_have_come_before_its_source_or_else_its_record():
    assert days_of(event({"scope": {"commodities": [{"hs": "8505"}]}})) == {"day 2020-01-01", "vague 2020-01-01"}
    source = {"tier": "holder", "published_at": "2025-10-30T23:30:00-02:00"}
    assert days_of(event({}, source=source)) == {"day 2025-10-31", "vague 2025-10-31"}


def test_days_that_are_told_again_may_widen_those_before():
    again = event({"in_force": {"from": "2025-04-04"}}, version=2, effective="2025-04-04")
    assert "vague 9999-12-31" in days_of(again)
    assert "vague 9999-12-31" not in days_of(event({}, version=2, effective="2025-04-04"))


def test_a_stream_is_contested_from_a_second_tier_on_or_by_a_use():
    one, other = event({}), event({}, position=5, version=2, source={"tier": "press_named"})
    assert "contested" not in keys_of([one], restrictions.keys)
    assert keys_of([one, other], restrictions.keys)["contested"] == 5
    assert "contested" in keys_of([other], restrictions.keys, Before(tiers=frozenset({"issuer_text"})))
    assert "contested" in keys_of([event({}, type="license.used")], licenses.keys)


def test_a_report_is_looked_up_with_the_number_of_its_instrument():
    report = {"state": "in_force", "instrument": {"number": "No. 62 of 2025"}}
    assert {"reported", "instrument 62/2025"} <= set(keys_of([event(report)], restrictions.keys))


def test_a_license_that_names_no_user_may_be_for_any():
    assert {"user *", "licensee *", "goods *"} <= set(licenses.keys({"issuer": "CN"}))
    assert "goods CN *" in keys_of([event({"issuer": "CN"})], licenses.keys)
    assert "user *" not in set(licenses.keys({"issuer": "CN", "end_users": [{"name": "A", "country": "IN"}]}))
    assert "user *" in set(licenses.keys({"issuer": "CN", "intermediates": [{"name": "A", "country": "IN"}]}))


@pytest.mark.parametrize(
    ("licensee", "key"),
    [
        ({"class": {"country": "IN"}}, "class IN"),
        ({"class": {"relation": "vendor_of", "company": "company/a"}}, "class *"),
        ({"undisclosed": True, "country": "IN"}, "some IN"),
        ({"described": "Indian units of A", "country": "IN"}, "some *"),
        ({"undisclosed": True}, "*"),
    ],
)
def test_a_license_whose_holder_has_no_name_is_looked_up_by_who_it_may_be(licensee: dict[str, Any], key: str):
    assert f"licensee {key}" in set(licenses.keys({"issuer": "CN", "licensee": licensee}))


def test_goods_are_looked_up_by_the_line_that_names_them_in_the_country_that_it_is_about():
    scope = {"commodities": [{"match": "ex", "hs": "850511"}], "destinations": {"only": ["IN", "group/eu"]}}
    found = keys_of([event({"controller": "CN", "scope": scope})], restrictions.keys)
    assert {'goods CN {"hs":"850511","match":"ex"}', "to IN", "to *"} <= set(found)


def test_goods_of_a_country_that_comes_later_are_looked_up_there_too():
    scope = {"commodities": [{"hs": "850511"}], "destinations": "all"}
    events = [event({"scope": scope}), event({"controller": "CN"}, position=7, version=2)]
    assert keys_of(events, restrictions.keys)['goods CN {"hs":"850511"}'] == 7


def test_goods_that_no_key_holds_may_be_any():
    scope = {"commodities": [{"description": "ü" * 500}], "destinations": {"except": ["IN"]}}
    assert {"goods *", "to *"} <= set(restrictions.keys({"scope": scope}))


def test_a_name_is_looked_up_as_it_is_compared():
    found = set(companies.keys({"name": "JAY Ushin Ltd.", "country": "IN", "aliases": ["Jay-Ushin"]}))
    assert {"name jay ushin ltd", "name jay ushin", "country IN"} <= found


def test_a_key_that_no_index_holds_is_told_by_its_digest():
    longest = "k" * LONGEST_KEY_BYTES
    assert bounded(longest) == longest
    assert len(bounded(longest + "a").encode()) < LONGEST_KEY_BYTES
    assert bounded(longest + "a") != bounded(longest + "b")


def test_digits_of_goods_are_no_day():
    scope = {"commodities": [{"hs": "8505", "control_code": "2025"}]}
    assert "day 2025-01-01" not in days_of(event({"scope": scope}))
