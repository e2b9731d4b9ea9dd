"""The secrets of webhooks: sealed in the database, shown once, and of no use to whoever has the database alone."""

import time
from pathlib import Path

import pytest

from service.app import create_app
from service.errors import InvalidRequest
from service.feeds import deliveries, signing, store, watching
from service.feeds.sending import NOT_OPENED
from service.feeds.signing import Seal, SealBroken
from service.log.database import engine_for, reading, writing
from service.log.note import SigningKey
from service.settings import Settings
from tests.api.conftest import client_of
from tests.client import TestClient
from tests.feeds.test_webhooks import URL, Receiver, changes_twice, send, watch
from tests.feeds.watched import SEAL, Watched

PLAIN = '[["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null]]'
ASKED = {"id": "all", "ask": {"events": {}}, "webhook": {"url": URL}}


def kept(register: Watched, name: str = "magnets") -> str:
    with reading(register.engine) as connection:
        return store.secrets_of(connection, name)


def test_what_is_sealed_is_opened_by_the_same_key_alone():
    secret = signing.new_secret()
    closed = SEAL.closed([secret])
    assert secret.text not in closed
    assert SEAL.opened(closed) == [secret]
    for other in (Seal(SigningKey.generate("tests")), Seal(None)):
        with pytest.raises(SealBroken):
            other.opened(closed)
    with pytest.raises(SealBroken):
        SEAL.opened(closed[:-8] + "AAAAAAA=")


def test_keys_for_two_purposes_are_two():
    key = SigningKey.generate("tests")
    assert key.derived("a") == key.derived("a") != key.derived("b")
    assert len(key.derived("a")) == 32


def test_the_database_does_not_hold_a_secret(sqlite_url: str, signing_key_file: Path):
    with client_of(database_url=sqlite_url, signing_key_file=signing_key_file) as client:
        shown = client.post("/v1/watches", json=ASKED).json()["secrets"]
        shown += client.post("/v1/watches/all/secret").json()["secrets"]
    files = Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("lodestone.db*")
    held = b"".join(file.read_bytes() for file in files)
    assert len(shown) == 2
    assert b"https://example.org/hook" in held
    assert not any(one.encode() in held for one in shown)


def test_a_register_without_a_key_takes_no_webhook(sqlite_url: str, tmp_path: Path):
    with client_of(database_url=sqlite_url, signing_key_file=tmp_path / "none") as client:
        refused = client.post("/v1/watches", json=ASKED)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/webhook")
        assert client.post("/v1/watches", json={**ASKED, "webhook": None}).status_code == 201


def test_what_an_earlier_version_kept_plain_is_sealed_and_stays_the_same(register_on_both: Watched):
    register = register_on_both
    watch(register, "sealed")
    watch(register, "plain")
    before = kept(register, "sealed")
    with writing(register.engine) as connection:
        store.keep_secrets(connection, "plain", PLAIN)
    watching.seal_plain(register.engine, Seal(None))
    assert kept(register, "plain") == PLAIN
    watching.seal_plain(register.engine, SEAL)
    assert (kept(register, "sealed"), kept(register, "plain")[0]) == (before, "g")
    assert SEAL.opened(kept(register, "plain")) == Seal(None).opened(PLAIN)


def test_a_secret_that_was_replaced_meanwhile_is_not_put_back(register: Watched):
    watch(register)
    with writing(register.engine) as connection:
        store.seal_secrets(connection, "magnets", PLAIN, SEAL.closed([signing.new_secret()]))
    assert PLAIN not in kept(register)
    with writing(register.engine) as connection:
        before = store.secrets_of(connection, "magnets")
        store.seal_secrets(connection, "magnets", PLAIN, "other")
        assert store.secrets_of(connection, "magnets") == before


def test_a_secret_that_another_key_sealed_sends_nothing_and_is_told(register: Watched):
    watch(register)
    with writing(register.engine) as connection:
        store.keep_secrets(connection, "magnets", Seal(SigningKey.generate("other")).closed([signing.new_secret()]))
    changes_twice(register)
    receiver = Receiver()
    send(register, receiver)
    assert receiver.requests == []
    with reading(register.engine) as connection:
        assert [one.problem for one in deliveries.tries_of(connection, "magnets", 1)] == [NOT_OPENED]
    with writing(register.engine) as connection:
        found = watching.existing(connection, "magnets")
        new = watching.rotate(connection, found, register.clock(), SEAL)
    assert SEAL.opened(kept(register)) == [new]
    register.clock.pass_(minutes=1)
    send(register, receiver)
    assert receiver.numbers == [1, 2]


def test_without_a_key_no_secret_is_closed():
    with pytest.raises(InvalidRequest):
        Seal(None).closed([signing.new_secret()])


def test_a_service_that_starts_seals_what_is_plain(sqlite_url: str, signing_key_file: Path):
    engine = engine_for(sqlite_url)
    try:
        with client_of(database_url=sqlite_url, signing_key_file=signing_key_file) as client:
            client.post("/v1/watches", json=ASKED)
        with writing(engine) as connection:
            store.keep_secrets(connection, "all", PLAIN)
        settings = Settings(database_url=sqlite_url, signing_key_file=signing_key_file)
        with TestClient(create_app(settings, speaks=True)):
            for _ in range(500):
                with reading(engine) as connection:
                    if store.secrets_of(connection, "all") != PLAIN:
                        break
                time.sleep(0.02)
            else:
                raise AssertionError("It is still plain.")
    finally:
        engine.dispose()
