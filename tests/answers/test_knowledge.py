"""Two times: the day in the world, and what the record held. A past state of knowledge never changes its answer."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.answers.facts import (
    GALLIUM,
    JAY,
    MAGNETS,
    Event,
    Register,
    announced,
    corrected,
    granted,
    identified,
    license_reported,
    milestone,
    period,
    registered,
    repealed,
    repeated,
    reported,
    retracted,
    revoked,
    suspended,
)
from tests.searching import examples


@pytest.fixture
def register(register_over_http: Register) -> Register:
    """What clients rely on is held over HTTP, on both databases."""
    return register_over_http


DAYS = ("2025-04-03", "2025-06-15", "2026-11-20")


def test_each_answer_knows_what_was_recorded_up_to_its_position(register: Register):
    register.record(announced("m"), granted("l", JAY), revoked("l", "2025-06-01"), repealed("m", "2025-06-01"))
    found = register.answers(*({"end_user": JAY, "known_at": position} for position in range(5)))
    assert [(answer["control"], answer["standing"]) for answer in found] == [
        ("no_data", "unknown"),
        ("license_required", "unknown"),
        ("license_required", "confirmed"),
        ("license_required", "none"),
        ("not_restricted", "none"),
    ]
    assert [answer["known_at"]["position"] for answer in found] == list(range(5))


def test_an_instant_knows_what_was_recorded_up_to_it(register: Register):
    register.record(announced("m"), repealed("m", "2025-06-01"))
    first, second = (event["recorded_at"] for event in register.get("/v1/events")["events"])
    assert first < second
    found = register.answers({"known_at": first}, {"known_at": second}, {"known_at": "2020-01-01T00:00:00Z"})
    assert [answer["control"] for answer in found] == ["license_required", "not_restricted", "no_data"]
    assert [answer["known_at"]["position"] for answer in found] == [1, 2, 0]


def test_an_instant_that_is_not_past_yet_is_answered_from_the_head_and_marked_open(register: Register):
    register.record(announced("m"))
    past, future = register.answers({"known_at": 1}, {"known_at": "2999-01-01T00:00:00Z"})
    assert (past["known_at"]["open"], future["known_at"]["open"]) == (False, True)
    assert (future["known_at"]["position"], future["control"]) == (1, "license_required")


def test_a_position_past_the_head_is_refused(register: Register):
    register.record(announced("m"))

    def status(known_at: Any) -> int:
        question = {"commodity": {"name": "gallium"}, "known_at": known_at}
        return register.client.post("/v1/determinations", json={"questions": [question]}).status_code

    assert [status(position) for position in (0, 1)] == [200, 200]
    assert all(400 <= status(asked) < 500 for asked in (2, -1, "2025-10-30T12:00:00", "2025-10-30"))


def test_the_defaults_are_today_and_the_head_of_the_log(register: Register):
    register.record(announced("m", in_force=period("2025-04-04", "open")))
    answer = register.answer(as_of=None)
    assert (answer["control"], answer["known_at"]["position"]) == ("license_required", 1)
    assert answer["as_of"] > "2025-07-01"


def test_the_things_themselves_are_told_as_they_were_known(register: Register):
    register.record(announced("m"), suspended("m", "2025-06-01", "2025-12-31"))
    states = [register.get("/v1/restrictions/m", as_of="2025-07-01", known_at=position)["state"] for position in (1, 2)]
    assert states == ["in_force", "suspended"]
    assert register.client.get("/v1/restrictions/m", params={"known_at": "0"}).status_code == 404


def histories(goods: dict[str, str], slug: str) -> st.SearchStrategy[list[Event]]:
    """A measure and a license of some goods, then acts, reports and records about them in any order."""
    named = registered(slug, f"Jay {slug}", "IN")
    measure = announced(slug, commodities=[goods], in_force=period("2025-04-04"))
    grant = granted(slug, {"company": f"company/{slug}"}, commodities=[goods], validity=period("2025-05-01", "open"))
    mended = corrected(measure, in_force=period("2025-04"), kind="quota")
    stopped = suspended(slug, "2025-11-10", "2026-11-09")
    later = [
        mended,
        corrected(measure, tier="press_named", kind="prohibition"),
        retracted(measure),
        stopped,
        retracted(stopped),
        repealed(slug, "2025-06", tier="press_named"),
        repealed(slug, "2025-06-01"),
        reported(slug, "lifted", "2025-06-01", {"tier": "other_official"}),
        announced(slug, kind="prohibition", commodities=[goods], in_force=period("2025-06-15")),
        announced(f"{slug}-b", kind="conditional_prohibition", commodities=[{**goods, "match": "ex"}]),
        granted(slug, {"class": {"country": "IN"}}, commodities=[goods], count={"min": 4}, validity=None),
        granted(f"{slug}-b", {"name": "JU", "country": "IN"}, commodities=[goods], said={"tier": "press_named"}),
        license_reported(slug, "active", "2025-10-30"),
        revoked(slug, "2025-06"),
        repeated(grant, tier="holder"),
        corrected(grant, effective="2025-06-16", validity=period("2025-06-16", "2025-11-19")),
        identified(slug, aliases=["JU"]),
        milestone(slug, about=[f"restriction/{slug}"]),
    ]
    begun: list[Event] = [named, measure, grant, stopped, mended]
    return st.lists(st.sampled_from([*later, retracted(mended)]), max_size=6, unique_by=lambda event: event["id"]).map(
        lambda chosen: [*begun, *(event for event in chosen if event not in begun)]
    )


@examples(5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_for_a_fixed_day_and_a_past_knowledge_an_answer_never_changes(register: Register, data: st.DataObject):
    """All examples share one log, so each is followed by all that the later ones record."""
    slug = f"h-{uuid.uuid4()}"
    goods = {"name": slug}
    company = {"company": f"company/{slug}"}

    def questions(known_at: int) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = [
            {"commodity": goods, "end_user": company},
            {"commodity": goods, "controller": None},
        ]
        return [question | {"as_of": day, "known_at": known_at} for question in asked for day in DAYS]

    told: dict[int, Any] = {}
    for event in data.draw(histories(goods, slug)):
        position = register.record(event)
        told[position] = register.answers(*questions(position))
    status = register.get(f"/v1/companies/{slug}/status", as_of=DAYS[1], known_at=min(told) + 3)
    register.record(announced(f"{slug}-late", kind="prohibition", commodities=[goods]), revoked(slug, "2025-05-02"))
    again = register.answers(*(question for position in told for question in questions(position)))
    assert again == [answer for answers in told.values() for answer in answers]
    assert register.get(f"/v1/companies/{slug}/status", as_of=DAYS[1], known_at=min(told) + 3) == status


def test_changed_since_tells_which_questions_were_answered_otherwise_then(register: Register):
    before = register.record(announced("m"))
    register.record(announced("g", commodities=[GALLIUM]), granted("l", JAY))
    questions = [
        {"controller": "CN", "destination": "IN", "commodity": goods, "as_of": "2025-07-01"} | asked
        for goods, asked in (
            (MAGNETS, {}),
            (GALLIUM, {}),
            (MAGNETS, {"end_user": JAY}),
            (MAGNETS, {"destination": "DE"}),
        )
    ]
    response = register.client.post("/v1/determinations", json={"questions": questions, "changed_since": before})
    changed = {one["index"]: (one["control"], one["standing"]) for one in response.json()["changed"]}
    assert changed == {
        0: ("license_required", "unknown"),
        1: ("no_data", "unknown"),
        2: ("license_required", "unknown"),
    }
    head = register.client.post("/v1/determinations", json={"questions": questions, "changed_since": before + 2})
    assert head.json()["changed"] == []
    assert "changed" not in register.client.post("/v1/determinations", json={"questions": questions}).json()


@pytest.mark.parametrize("since", [-1, True, "1", 10])
def test_changed_since_is_a_position_that_the_log_holds(register: Register, since: Any):
    asked = {"questions": [{"commodity": MAGNETS}], "changed_since": since}
    response = register.client.post("/v1/determinations", json=asked)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("/changed_since")
