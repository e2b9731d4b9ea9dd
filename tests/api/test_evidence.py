"""The evidence for an answer: made by the register, checked without it, and refused once anything in it was changed."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.app import create_app
from service.cli import app
from service.commands.keys import key_made
from service.errors import InvalidRequest, Tampered
from service.log.note import VerifierKey
from service.register.evidence import verify_bundle
from service.settings import Settings
from tests.answers.facts import MAGNETS, Register, announced, granted
from tests.api.conftest import ON_BOTH
from tests.client import TestClient

QUESTION = {"controller": "CN", "destination": "IN", "commodity": MAGNETS, "as_of": "2025-07-01"}
JAY = {"name": "Jay Ushin", "country": "IN"}


@pytest.fixture
def key(tmp_path: Path) -> VerifierKey:
    return key_made(tmp_path / "key", "example.org/log").verifier


@pytest.fixture
def client(database_url: str, tmp_path: Path, key: VerifierKey) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, signing_key_file=tmp_path / "key"))) as client:
        Register(client).record(announced("m"), granted("l", JAY))
        yield client


def changed(content: bytes, **files: bytes | None) -> bytes:
    """The bundle with some of its files otherwise, or left out. A file is named with _ for / and without its ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            given = files.get(name.partition(".")[0].replace("/", "_"), b"")
            if given is not None:
                new.writestr(name, given or old.read(name))
    return made.getvalue()


@ON_BOTH
def test_every_event_of_the_answer_is_proven(client: TestClient, key: VerifierKey) -> None:
    response = client.post("/v1/evidence", json=QUESTION | {"end_user": JAY})
    assert response.headers["content-type"] == "application/zip"
    assert verify_bundle(response.content, key).size == 2
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert json.loads(archive.read("answer.json"))["control"] == "license_required"
        assert json.loads(archive.read("question.json"))["commodity"] == MAGNETS
        assert json.loads(archive.read("events/1.json"))["type"] == "restriction.announced"
        assert str(key) in archive.read("README.txt").decode()


def test_a_changed_event_is_noticed(client: TestClient, key: VerifierKey) -> None:
    content = client.post("/v1/evidence", json=QUESTION).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        event = json.loads(archive.read("events/1.json"))
    event["data"]["kind"] = "prohibition"
    with pytest.raises(Tampered):
        verify_bundle(changed(content, events_1=json.dumps(event).encode()), key)


@pytest.mark.parametrize("left_out", ["events_1", "proofs_1", "answer"])
def test_a_bundle_that_lacks_a_file_proves_nothing(client: TestClient, key: VerifierKey, left_out: str) -> None:
    content = client.post("/v1/evidence", json=QUESTION).content
    with pytest.raises(Tampered):
        verify_bundle(changed(content, **{left_out: None}), key)


def test_a_bundle_signed_with_another_key_proves_nothing(client: TestClient, tmp_path: Path) -> None:
    other = key_made(tmp_path / "other", "example.org/log").verifier
    with pytest.raises(Tampered):
        verify_bundle(client.post("/v1/evidence", json=QUESTION).content, other)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
def test_what_is_no_bundle_is_refused(key: VerifierKey, content: bytes) -> None:
    with pytest.raises(InvalidRequest):
        verify_bundle(content, key)


def test_without_a_signing_key_there_is_no_evidence(sqlite_url: str) -> None:
    with TestClient(create_app(Settings(database_url=sqlite_url, signing_key_file=Path("missing")))) as client:
        assert client.post("/v1/evidence", json=QUESTION).status_code == 503


def test_evidence_is_for_one_question(client: TestClient) -> None:
    assert client.post("/v1/evidence", json={"questions": [QUESTION]}).status_code == 422


def test_the_command_checks_a_bundle(client: TestClient, key: VerifierKey, tmp_path: Path) -> None:
    file = tmp_path / "evidence.zip"
    file.write_bytes(client.post("/v1/evidence", json=QUESTION).content)
    told = CliRunner().invoke(app, ["verify", "--evidence", str(file), "--key", str(key)])
    assert (told.exit_code, "is in the log of 2 events" in told.output) == (0, True), told.output
