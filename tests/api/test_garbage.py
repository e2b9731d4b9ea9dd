"""Garbage in any place of any event: refused with a pointer to the place, and nothing of the database changes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, table

from service.domain import catalogue
from service.domain.invalid import pointer_of
from tests.api.conftest import GOLDEN, MARK, Watch, recorded
from tests.client import TestClient

Golden = Callable[[str], dict[str, Any]]
Place = tuple[str | int, ...]

# A type without a golden event is named by a test of the catalogue.
KEPT = [name for name in catalogue.POSTED if (GOLDEN / f"{name}.json").is_file()]
BEGINS = {
    "restriction": "restriction.announced",
    "license": "license.granted",
    "milestone": "milestone.recorded",
    "company": "company.registered",
    "note": "note.recorded",
}
LONG = settings().max_examples > 1_000
SOME = settings(
    max_examples=settings().max_examples if LONG else 8,
    derandomize=not LONG,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)

# Wrong wherever it stands: no field takes a list in a list, a number below zero, a float, a control character, a member
# that it does not know, or more than 20,000 characters.
leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
GARBAGE = st.one_of(
    st.lists(st.lists(st.lists(leaf, max_size=2), min_size=1, max_size=2), min_size=1, max_size=3),
    st.dictionaries(st.just("garbage"), st.fixed_dictionaries({"deep": st.lists(leaf)}), min_size=1),
    st.integers(max_value=-1),
    st.integers(min_value=2**53),
    st.floats(),
    st.builds(
        lambda one, other, control: one + control + other, st.text(), st.text(), st.sampled_from("\x00\x07\x1b\x7f")
    ),
    st.builds(lambda half: f"{MARK}{half}", st.characters(categories=["Cs"])),
    st.integers(min_value=20_001, max_value=30_000).map(lambda size: "x" * size),
)


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    if here:
        yield here
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places(member, (*here, name))


def contents(client: TestClient) -> dict[str, list[Any]]:
    """Every row of every table: the log, the read models, and whatever else a request may touch."""
    with client.app.state.register.reading() as connection:  # type: ignore[attr-defined]
        return {
            name: sorted((tuple(row) for row in connection.execute(select("*").select_from(table(name)))), key=repr)
            for name in inspect(connection).get_table_names()
        }


def begun(client: TestClient, event: dict[str, Any], golden: Golden) -> None:
    """Where the event acts on a thing, the thing is there."""
    if not catalogue.TYPES[event["type"]].begins:
        first = golden(BEGINS[event["stream"].partition("/")[0]]) | {"stream": event["stream"]}
        assert client.post("/v1/events", json=first).status_code == 201


def posted(client: TestClient, event: dict[str, Any]) -> Response:
    return client.post("/v1/events", content=json.dumps(event).encode(), headers={"Content-Type": "application/json"})


def pointed_at(problem: dict[str, Any], place: Place) -> bool:
    """Whether a pointer names the place, what lies in it, or what it lies in, but not the whole event."""
    wrong = pointer_of(place)
    pointers = [error["pointer"] for error in problem["errors"]]
    return any(
        found and (f"{found}/".startswith(f"{wrong}/") or f"{wrong}/".startswith(f"{found}/")) for found in pointers
    )


@pytest.mark.parametrize("type_", KEPT)
def test_garbage_in_the_place_of_any_one_field_is_refused_and_pointed_at(
    client: TestClient, golden: Golden, type_: str
):
    begun(client, golden(type_), golden)
    watch, before = Watch(client, recorded(client)), contents(client)

    @SOME
    @given(st.sampled_from(list(places(golden(type_)))), GARBAGE)
    def garbage_is_refused(place: Place, garbage: Any) -> None:
        event = golden(type_)
        here: Any = event
        for part in place[:-1]:
            here = here[part]
        here[place[-1]] = garbage
        answer = posted(client, event)
        assert 400 <= answer.status_code < 500, (place, garbage, answer.text)
        problem = watch.refused(answer, answer.status_code)
        assert pointed_at(problem, place), (place, garbage, problem)

    garbage_is_refused()
    assert contents(client) == before


@pytest.mark.parametrize("type_", KEPT)
def test_a_member_that_no_object_knows_is_refused_and_pointed_at(client: TestClient, golden: Golden, type_: str):
    begun(client, golden(type_), golden)
    watch, before = Watch(client, recorded(client)), contents(client)
    open_to_any = {("metadata",), *((("data", "data"),) if type_ == "record.corrected" else ())}
    objects = [
        place
        for place in [(), *places(golden(type_))]
        if isinstance(at(golden(type_), place), dict) and not any(place[: len(one)] == one for one in open_to_any)
    ]

    @SOME
    @given(st.sampled_from(objects), st.from_regex(r"[a-z]{3}zz[a-z/~]{0,5}", fullmatch=True), leaf)
    def unknown_is_refused(place: Place, name: str, value: Any) -> None:
        event = golden(type_)
        at(event, place)[name] = value
        answer = posted(client, event)
        # A map takes names of the client's own, and refuses what stands under them; or the name itself.
        problem = watch.refused(answer, answer.status_code)
        assert answer.status_code in (400, 422)
        assert pointed_at(problem, (*place, name)), (place, name, problem)

    unknown_is_refused()
    assert contents(client) == before


def at(document: Any, place: Place) -> Any:
    for part in place:
        document = document[part]
    return document


def test_what_is_taken_would_be_seen(client: TestClient, golden: Golden):
    before = contents(client)
    assert {"events", "payloads"} <= set(before)
    assert posted(client, golden("company.registered")).status_code == 201
    assert [name for name, rows in contents(client).items() if rows != before[name]]
