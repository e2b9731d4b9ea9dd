"""What a watch tells reaches its receiver: signed, at least once, in order; and no receiver harms another."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from service.feeds import deliveries, signing, store
from service.feeds.deliveries import MOST_ATTEMPTS, pause_after
from service.feeds.sending import Sender
from service.log.database import reading, writing
from service.log.instants import now
from tests.answers import facts
from tests.feeds.watched import SEAL, TO_INDIA, Watched

URL = "https://example.org/hook"


class Receiver:
    """Takes messages while it is up, and keeps them."""

    def __init__(self) -> None:
        self.up = True
        self.took: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self.up:
            return httpx.Response(503)
        self.took.append((request.headers["webhook-id"], json.loads(request.content)))
        return httpx.Response(204)

    @property
    def numbers(self) -> list[int]:
        return [told["data"]["number"] for _, told in self.took]


def send(register: Watched, receiver: Callable[[httpx.Request], httpx.Response]) -> None:
    """Sends what it is time for."""

    async def sending() -> None:
        client = httpx.AsyncClient(transport=httpx.MockTransport(receiver))
        sender = Sender(register.engine, SEAL, clock=register.clock, client=client)
        await sender.start()
        await sender.finish()
        await sender.close()

    register.evaluator.run()
    asyncio.run(sending())


def watch(register: Watched, name: str = "magnets") -> signing.Secret:
    register.watch(name, URL, determination=TO_INDIA)
    secret = signing.new_secret()
    with writing(register.engine) as connection:
        store.keep_secrets(connection, name, SEAL.closed([secret]))
    return secret


def state(register: Watched, name: str = "magnets") -> list[str]:
    with reading(register.engine) as connection:
        return [row.state for row in deliveries.listed(connection, name, None, 0, 1_000)]


def changes_twice(register: Watched) -> None:
    register.record(facts.announced("magnets"), facts.announced("more", kind="prohibition"))


def test_a_message_is_signed_and_a_wrong_secret_does_not_verify(register_on_both: Watched):
    register, receiver = register_on_both, Receiver()
    secret = watch(register)
    register.clock.now = now()
    register.record(facts.announced("magnets"))
    send(register, receiver)
    (request,) = receiver.requests
    assert Webhook(secret.text).verify(request.content, dict(request.headers))["type"] == "answer.changed"
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret().text).verify(request.content, dict(request.headers))
    assert state(register) == ["delivered"]


def test_a_receiver_that_is_down_for_an_hour_gets_everything_in_order(register_on_both: Watched):
    register, receiver = register_on_both, Receiver()
    watch(register)
    changes_twice(register)
    receiver.up = False
    for _ in range(60):
        send(register, receiver)
        register.clock.pass_(minutes=1)
    register.record(facts.repealed("more", "2025-06-01"))
    receiver.up = True
    tried = len(receiver.requests)
    assert tried < 10
    for _ in range(60):
        send(register, receiver)
        register.clock.pass_(minutes=1)
    assert receiver.numbers == [1, 2, 3]
    assert len({name for name, _ in receiver.took}) == 3
    assert state(register) == ["delivered"] * 3


def test_a_later_message_never_goes_before_an_earlier_one(register: Watched):
    watch(register)
    changes_twice(register)
    tried: list[int] = []

    def refusing(request: httpx.Request) -> httpx.Response:
        tried.append(json.loads(request.content)["data"]["number"])
        return httpx.Response(500)

    send(register, refusing)
    register.clock.pass_(days=1)
    send(register, refusing)
    assert tried == [1, 1]


def test_what_was_on_its_way_when_the_process_died_is_sent_again(register: Watched):
    watch(register)
    register.record(facts.announced("magnets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, "_settle", lambda *_: None)
        send(register, Receiver())
    assert state(register) == ["pending"]
    receiver = Receiver()
    send(register, receiver)
    assert receiver.numbers == [1]


def test_the_pause_grows_up_to_a_day():
    longest = [timedelta(seconds=5) * 4**count for count in range(8)] + [timedelta(days=1)] * 4
    for count, most in enumerate(longest, 1):
        pauses = [pause_after(count) for _ in range(50)]
        assert most / 2 <= min(pauses) < max(pauses) <= most


def test_a_message_is_dead_after_the_last_try_and_can_be_sent_again(register: Watched):
    watch(register)
    changes_twice(register)
    receiver = Receiver()
    receiver.up = False
    for count in range(1, MOST_ATTEMPTS + 1):
        assert state(register) == (["pending"] * 2 if count > 1 else [])
        send(register, receiver)
        register.clock.pass_(days=1)
    assert state(register) == ["dead", "pending"]
    receiver.up = True
    send(register, receiver)
    assert receiver.numbers == [2]
    with writing(register.engine) as connection:
        assert deliveries.again(connection, "magnets", None, register.clock()) == 1
    send(register, receiver)
    assert receiver.numbers == [2, 1]
    with writing(register.engine) as connection:
        assert deliveries.again(connection, "magnets", [2], register.clock()) == 1
    send(register, receiver)
    assert receiver.numbers == [2, 1, 2]
    assert receiver.took[0][0] == receiver.took[2][0]


def test_a_paused_watch_is_told_when_it_is_resumed(register: Watched):
    watch(register)
    receiver = Receiver()
    with writing(register.engine) as connection:
        store.pause(connection, "magnets", True)
    changes_twice(register)
    send(register, receiver)
    assert receiver.numbers == []
    with writing(register.engine) as connection:
        store.pause(connection, "magnets", False)
    send(register, receiver)
    assert receiver.numbers == [1, 2]


def test_a_receiver_that_fails_keeps_no_other_from_its_messages(register: Watched):
    watch(register, "a")
    watch(register, "b")
    with writing(register.engine) as connection:
        connection.exec_driver_sql("UPDATE watches SET webhook = 'https://other.example/' WHERE id = 'b'")
    changes_twice(register)
    receiver = Receiver()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "example.org":
            raise httpx.ReadTimeout("slow")
        return receiver(request)

    send(register, answer)
    assert receiver.numbers == [1, 2]
    with reading(register.engine) as connection:
        (tried,) = deliveries.tries_of(connection, "a", 1)
        assert (tried.status, tried.problem) == (None, "no answer in time")


def test_both_secrets_sign_for_a_day_while_one_is_replaced():
    old = signing.new_secret()
    at = now()
    held = SEAL.opened(SEAL.closed(signing.rotated([old], at)))
    assert len(held) == 2

    def verified(later: timedelta) -> list[bool]:
        sent = signing.headers(held, "m", "{}", at + later)
        # The library holds the time of a message against now.
        valid = []
        for secret in held:
            expected = Webhook(secret.text).sign("m", at + later, "{}")
            valid.append(expected in sent["webhook-signature"].split(" "))
        return valid

    assert verified(timedelta(hours=23, minutes=59)) == [True, True]
    assert verified(timedelta(days=1)) == [True, False]
    assert len(signing.rotated(held, at)) == 2
