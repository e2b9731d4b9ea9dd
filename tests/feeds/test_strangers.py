"""What whoever may make a watch could try: no watch keeps another from its answer, and no receiver another from its
messages."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.feeds import deliveries, evaluator, sending, store
from service.feeds.deliveries import Due
from service.feeds.sending import MOST_AGAIN, MOST_AT_ONCE, MOST_PER_RECEIVER, chosen
from service.log.database import reading, writing
from tests.answers import facts
from tests.api.conftest import client_of
from tests.client import TestClient
from tests.feeds.test_addresses import receiver, tried
from tests.feeds.test_webhooks import Receiver, changes_twice, send, state, watch
from tests.feeds.watched import SEAL, TO_INDIA, Watched

WANTED: dict[str, Any] = {"events": {}}


def test_a_watch_that_takes_too_long_is_left_until_tomorrow_and_keeps_no_other_from_its_answer(
    register: Watched, monkeypatch: pytest.MonkeyPatch
):
    register.watch("long", determination=TO_INDIA)
    register.watch("short", events={})
    with monkeypatch.context() as patch:
        patch.setattr(evaluator, "WATCH_MS", 0)
        register.record(facts.announced("magnets"))
        assert len(register.told("short")) == 1
        assert register.told("long") == []
    register.clock.pass_(days=1)
    assert len(register.told("long")) == 1


@pytest.mark.parametrize(("limit", "value"), [("STEP_S", 0), ("WATCHES_AT_ONCE", 2)])
def test_watches_that_a_step_has_no_time_for_are_told_by_the_next_ones(
    register_on_both: Watched, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
):
    register = register_on_both
    names = ("a", "b", "c")
    for name in names:
        register.watch(name, determination=TO_INDIA)
    monkeypatch.setattr(evaluator, limit, value)
    changes_twice(register)
    register.record(*(facts.note(f"note-{number}") for number in range(25)))
    register.record(facts.repealed("more", "2025-06-01"))
    told = [[one["data"]["after"]["control"] for one in register.told(name)] for name in names]
    assert told == [["license_required", "prohibited", "license_required"]] * 3


def remove(register: Watched, name: str) -> None:
    with writing(register.engine) as connection:
        store.remove(connection, name)


def test_a_watch_that_is_removed_while_its_message_is_sent_leaves_nothing(register: Watched):
    watch(register)
    register.record(facts.announced("magnets"))

    def removing(_: httpx.Request) -> httpx.Response:
        remove(register, "magnets")
        return httpx.Response(204)

    send(register, removing)
    with reading(register.engine) as connection:
        assert deliveries.tries_of(connection, "magnets", 1) == []


def test_another_watch_of_the_same_id_gets_its_own_message(register_on_both: Watched):
    register = register_on_both
    watch(register)
    register.record(facts.announced("magnets"))
    kept = Receiver()

    def replacing(request: httpx.Request) -> httpx.Response:
        if not kept.took:
            remove(register, "magnets")
            register.clock.pass_(seconds=1)
            watch(register)
            register.record(facts.announced("more", kind="prohibition"))
            register.evaluator.run()
        return kept(request)

    send(register, replacing)
    assert kept.numbers == [1, 1]
    assert len({name for name, _ in kept.took}) == 2
    assert state(register) == ["delivered"]


def test_an_evaluation_of_a_watch_is_not_written_to_another_of_its_id(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    with reading(register.engine) as connection:
        before = store.one(connection, "magnets")
    assert before is not None
    remove(register, "magnets")
    register.clock.pass_(seconds=1)
    register.watch("magnets", events={})
    with writing(register.engine) as connection:
        store.settle(connection, before, before, [], 0)
        after = store.one(connection, "magnets")
    assert after is not None and after.answer.headline == ""


def test_what_waits_for_a_receiver_that_takes_nothing_has_an_end(register: Watched, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "MOST_WAITING", 2)
    register.watch("all", "https://example.org/", events={})
    register.record(*(facts.note(f"note-{number}") for number in range(3)))
    assert [one["data"]["number"] for one in register.told("all")] == [2, 3]


def due(count: int, *, host: str | None = None, failed: bool = False) -> list[Due]:
    return [Due(f"{failed}-{number}", f"https://{host or number}.example/hook", failed) for number in range(count)]


def test_a_receiver_with_many_watches_takes_no_place_of_another():
    slow, other = due(1_000, host="Slow"), Due("other", "https://other.example/", failed=False)
    assert [one.watch for one in chosen([*slow, other], [])] == [one.watch for one in slow[:MOST_PER_RECEIVER]] + [
        "other"
    ]
    assert list(chosen(slow, slow[:MOST_PER_RECEIVER])) == []


def test_receivers_that_are_down_leave_places_for_the_others():
    taken = list(chosen([*due(MOST_AT_ONCE, failed=True), *due(MOST_AT_ONCE)], []))
    assert (len(taken), sum(one.failed for one in taken)) == (MOST_AT_ONCE, MOST_AGAIN)
    assert list(chosen(due(1), taken)) == []


def test_a_receiver_that_answers_byte_by_byte_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "WHOLE_S", 0.2)
    with receiver() as url:
        started = time.monotonic()
        assert tried(tmp_path, f"{url}/dripping").problem == "no answer in time"
        assert time.monotonic() - started < 2


@pytest.fixture
def client(sqlite_url: str, signing_key_file: Path) -> Any:
    with client_of(database_url=sqlite_url, signing_key_file=signing_key_file) as opened:
        yield opened


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///path",
        "https://[::1",
        "https://a\u0001b/",
        "https://a..b/",
        f"https://{'a' * 300}/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:80:90/",
        "https://user:password@example.org/",
        "https://0177.0.0.1/",
        "https://xn--é/",
        "ftp://example.org/",
        "https://example.org/a b",
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused_with_its_place(client: TestClient, url: str):
    refused = client.post("/v1/watches", json={"ask": WANTED, "webhook": {"url": url}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/webhook/url")


@pytest.mark.parametrize("url", ["https://example.org:1/", "https://example.org:65535/", "https://bücher.example/é"])
def test_an_address_of_any_other_kind_is_taken(client: TestClient, url: str):
    assert client.post("/v1/watches", json={"ask": WANTED, "webhook": {"url": url}}).status_code == 201


@pytest.mark.parametrize("name", ["", "A", "a_b", "a/b", "a\n", "é", "a" * 101, "..", "%2e", "a;b"])
def test_an_id_with_other_letters_is_refused(client: TestClient, name: str):
    refused = client.post("/v1/watches", json={"id": name, "ask": WANTED})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/id")


@pytest.mark.parametrize("name", ["A", "a_b", "a%0A", "%C3%A9", "a" * 101, "%2e%2e", "a%00"])
def test_nothing_is_found_by_an_id_with_other_letters(client: TestClient, name: str):
    assert client.get(f"/v1/watches/{name}").status_code in (404, 422)


def test_a_question_of_ten_megabytes_is_refused_before_it_is_read(client: TestClient):
    asked = {**TO_INDIA, "commodity": {"name": "a" * 10_000_000}}
    assert client.post("/v1/watches", json={"ask": {"determination": asked}}).status_code == 413


def test_a_question_that_takes_too_long_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    client.post("/v1/events", json=facts.announced("magnets"))
    monkeypatch.setattr("service.feeds.watching.FIRST_MS", 0)
    refused = client.post("/v1/watches", json={"ask": {"determination": TO_INDIA}})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/too-broad")


def test_a_lease_of_a_clock_that_was_ahead_is_none(register: Watched):
    register.watch("magnets", determination=TO_INDIA)
    register.clock.pass_(days=1)
    assert register.evaluator.lead()
    register.clock.pass_(days=-1)
    assert register.another("two").lead()


def test_a_message_of_a_clock_that_was_ahead_is_sent(register: Watched):
    watch(register)
    register.clock.pass_(days=3)
    register.record(facts.announced("magnets"))
    register.evaluator.run()
    register.clock.pass_(days=-3)
    kept = Receiver()
    send(register, kept)
    assert kept.numbers == [1]


def test_a_clock_that_goes_back_takes_no_change_back_and_tells_none_twice(register: Watched):
    register.record(facts.announced("magnets", in_force=facts.period("2025-06-10", "open")))
    register.watch("magnets", determination=TO_INDIA)
    register.clock.pass_(days=10)
    told = register.told("magnets")
    register.clock.pass_(days=-5)
    register.record(facts.note("port"))
    assert register.told("magnets") == told
    register.clock.pass_(days=6)
    assert register.told("magnets") == told
    register.record(facts.repealed("magnets", "2025-06-11"))
    assert [one["data"]["as_of"] for one in register.told("magnets")] == ["2025-06-10", "2025-06-12"]


def test_a_message_that_is_sent_again_while_it_is_on_its_way_goes_twice_at_most(register: Watched):
    watch(register)
    register.record(facts.announced("magnets"))
    kept = Receiver()

    def replaying(request: httpx.Request) -> httpx.Response:
        if not kept.took:
            with writing(register.engine) as connection:
                deliveries.again(connection, "magnets", [1], register.clock())
        return kept(request)

    for _ in range(3):
        send(register, replaying)
    assert kept.numbers in ([1], [1, 1])
    assert state(register) == ["delivered"]


def test_a_stopped_sender_leaves_what_was_on_its_way_waiting(register: Watched):
    watch(register)
    register.record(facts.announced("magnets"))
    register.evaluator.run()
    reached: list[str] = []

    async def stopping() -> None:
        async def hang(_: httpx.Request) -> httpx.Response:
            reached.append("once")
            await asyncio.sleep(60)
            return httpx.Response(204)

        client = httpx.AsyncClient(transport=httpx.MockTransport(hang))
        sender = sending.Sender(register.engine, SEAL, clock=register.clock, client=client)
        await sender.start()
        while not reached:
            await asyncio.sleep(0.01)
        await sender.close()

    asyncio.run(stopping())
    assert state(register) == ["pending"]
