"""The log as evidence: what an outsider gets over HTTP, checked as an outsider would."""

import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from service.app import create_app
from service.cli import app
from service.commands.keys import key_made
from service.errors import Tampered
from service.log import merkle
from service.log.checkpoint import checkpoint_of, verify_proof
from service.log.note import VerifierKey
from service.log.proven import proven
from service.settings import Settings
from tests.api.conftest import ON_BOTH
from tests.client import TestClient
from tests.log.consistency import verify_consistency


@pytest.fixture
def key(tmp_path: Path) -> VerifierKey:
    return key_made(tmp_path / "key", "example.org/log").verifier


@pytest.fixture
def client(database_url: str, tmp_path: Path, key: VerifierKey) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, signing_key_file=tmp_path / "key"))) as client:
        yield client


def record(client: TestClient, count: int) -> None:
    events = [
        {
            "stream": f"note/number-{number}",
            "type": "note.recorded",
            "data": {"kind": "other", "text": f"note {number}"},
            "source": {"tier": "press_named"},
        }
        for number in range(count)
    ]
    assert client.post("/v1/events", json={"events": events}).status_code == 201


def entries(client: TestClient, path: str) -> list[bytes]:
    content, found = client.get(f"/v1/log/tile/entries/{path}").content, []
    while content:
        (length,) = struct.unpack(">H", content[:2])
        found.append(content[2 : 2 + length])
        content = content[2 + length :]
    return found


@ON_BOTH
def test_the_checkpoint_is_signed_and_its_root_follows_from_the_entries(client: TestClient, key: VerifierKey) -> None:
    record(client, 7)
    checkpoint = checkpoint_of(client.get("/v1/log/checkpoint").text, key)
    assert checkpoint.size == 7
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries(client, "000.p/7")]
    peaks, _ = merkle.extend([], 0, leaves)
    assert merkle.fold(peaks) == checkpoint.root
    assert client.get("/v1/log/tile/0/000.p/7").content == b"".join(leaves)


def test_an_event_as_read_bears_the_hash_of_its_entry(client: TestClient) -> None:
    record(client, 3)
    for event, entry in zip(client.get("/v1/events").json()["events"], entries(client, "000.p/3"), strict=True):
        assert hashlib.sha256(b"\x00" + entry).hexdigest() == event["hash"]
        envelope = json.loads(entry)
        assert {name: event[name] for name in envelope if name != "payload_digest"} == {
            name: value for name, value in envelope.items() if name != "payload_digest"
        }


@pytest.mark.parametrize("position", [1, 4, 7])
@ON_BOTH
def test_an_inclusion_proof_leads_from_the_leaf_to_the_root(client: TestClient, position: int) -> None:
    record(client, 7)
    found = client.get("/v1/log/proof/inclusion", params={"position": position}).json()
    proof = [bytes.fromhex(hash_) for hash_ in found["proof"]]
    merkle.verify_inclusion(bytes.fromhex(found["leaf"]), position - 1, 7, proof, bytes.fromhex(found["root"]))


@ON_BOTH
def test_a_consistency_proof_leads_from_the_old_root_to_the_new_one(client: TestClient) -> None:
    record(client, 3)
    old = client.get("/v1/determinations")  # a read between two appends changes nothing
    assert old.status_code == 405
    known = client.post("/v1/determinations", json={"commodity": {"name": "magnets"}}).json()["answers"][0]["known_at"]
    for number in range(4):
        event: dict[str, Any] = {"stream": f"note/later-{number}", "type": "note.recorded"}
        data = {"kind": "other", "text": "later"}
        client.post("/v1/events", json=event | {"data": data, "source": {"tier": "press_named"}})
    found = client.get("/v1/log/proof/consistency", params={"old_size": 3}).json()
    assert found["old_root"] == known["root"]
    proof = [bytes.fromhex(hash_) for hash_ in found["proof"]]
    verify_consistency(3, 7, proof, bytes.fromhex(found["old_root"]), bytes.fromhex(found["root"]))


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("proof/consistency?old_size=0", "old_size"),
        ("proof/inclusion?position=0", "position"),
        ("proof/inclusion?position=4", "position"),
        ("proof/inclusion?position=1&size=4", "size"),
        ("proof/consistency?old_size=1&size=4", "size"),
    ],
)
def test_there_is_no_proof_of_what_the_log_does_not_hold(client: TestClient, path: str, pointer: str) -> None:
    record(client, 3)
    refused = client.get(f"/v1/log/{path}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_there_is_no_consistency_proof_from_a_larger_tree_to_a_smaller(client: TestClient) -> None:
    record(client, 3)
    assert client.get("/v1/log/proof/consistency", params={"old_size": 3, "size": 2}).status_code == 422
    assert client.get("/v1/log/proof/consistency", params={"old_size": 3, "size": 3}).json()["proof"] == []


def test_an_events_proof_can_be_checked_without_the_register(client: TestClient, key: VerifierKey) -> None:
    record(client, 5)
    events = client.get("/v1/events").json()["events"]
    for event, entry in zip(events, entries(client, "000.p/5"), strict=True):
        text = client.get(f"/v1/log/proof/event/{event['id']}").text
        assert verify_proof(text, entry, key).size == 5


def test_what_cannot_change_may_be_cached_for_ever_and_what_grows_may_not(client: TestClient) -> None:
    record(client, 3)
    for path in ("tile/0/000.p/3", "proof/inclusion?position=1&size=2", "proof/consistency?old_size=1&size=2"):
        assert "immutable" in client.get(f"/v1/log/{path}").headers["cache-control"], path
    for path in ("checkpoint", "proof/inclusion?position=1", "proof/consistency?old_size=1"):
        assert client.get(f"/v1/log/{path}").headers["cache-control"] == "no-cache", path


@pytest.mark.parametrize("path", ["0/000", "0/000.p/4", "0/0", "1/000", "64/000", "entries/000", "entries/../0/000"])
def test_a_tile_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    record(client, 3)
    assert client.get(f"/v1/log/tile/{path}").status_code == 404


def test_without_a_key_there_is_no_checkpoint_and_the_problem_says_how_to_make_one(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_url, signing_key_file=tmp_path / "none")
    with TestClient(create_app(settings)) as client:
        refused = client.get("/v1/log/checkpoint")
        assert refused.status_code == 503
        assert "lodestone keys signing" in refused.json()["detail"]


def test_the_signing_key_is_readable_by_its_owner_alone_and_made_once(tmp_path: Path) -> None:
    made = key_made(tmp_path / "key", "example.org/log")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert str(key_made(tmp_path / "key", "another.org/log").verifier) == str(made.verifier)


def test_the_public_key_has_a_route(client: TestClient, key: VerifierKey) -> None:
    assert VerifierKey.of(client.get("/v1/log/key").text) == key


@ON_BOTH
def test_an_event_as_read_is_proven_down_to_its_text(client: TestClient, key: VerifierKey) -> None:
    record(client, 5)
    event = client.get("/v1/events", params={"after": 2, "limit": 1}).json()["events"][0]
    proof = client.get(f"/v1/log/proof/event/{event['id']}").text
    assert proven(event, proof, key).size == 5


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"kind": "other", "text": "something else"}},
        {"source": {"tier": "issuer_text"}},
        {"actor": "somebody else"},
        {"position": 4},
        {"recorded_at": "2020-01-01T00:00:00Z"},
        {"salt": "00" * 16},
        {"salt": "no digits"},
        {"payload_digest": "00" * 32},
        {"hash": "00" * 32},
    ],
)
def test_an_event_that_was_changed_is_not_proven(client: TestClient, key: VerifierKey, change: dict[str, Any]) -> None:
    record(client, 5)
    event = client.get("/v1/events", params={"after": 2, "limit": 1}).json()["events"][0]
    proof = client.get(f"/v1/log/proof/event/{event['id']}").text
    with pytest.raises(Tampered):
        proven(event | change, proof, key)


def test_a_proof_of_another_event_proves_nothing(client: TestClient, key: VerifierKey) -> None:
    record(client, 5)
    one, other = client.get("/v1/events").json()["events"][:2]
    with pytest.raises(Tampered):
        proven(one, client.get(f"/v1/log/proof/event/{other['id']}").text, key)


def test_the_command_proves_a_saved_event(client: TestClient, key: VerifierKey, tmp_path: Path) -> None:
    record(client, 3)
    event = client.get("/v1/events").json()["events"][1]
    (tmp_path / "event.json").write_text(json.dumps(event))
    (tmp_path / "proof.txt").write_text(client.get(f"/v1/log/proof/event/{event['id']}").text)
    saved = ["verify", "--event", str(tmp_path / "event.json"), "--proof", str(tmp_path / "proof.txt")]
    told = CliRunner().invoke(app, [*saved, "--key", str(key)])
    assert told.exit_code == 0, told.output
    assert "is at position 2 of a log of 3 events" in told.output
    (tmp_path / "event.json").write_text(json.dumps(event | {"actor": "nobody"}))
    assert CliRunner().invoke(app, [*saved, "--key", str(key)]).exit_code == 1
