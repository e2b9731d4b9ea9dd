"""Saved answers asked again of an export, and the commands about the log, on a register with the article in it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from service import offline, seeds
from service.app import create_app, open_register
from service.cli import app
from service.errors import InvalidRequest
from service.log.checkpoint import Checkpoint, signed_checkpoint
from service.log.database import engine_for, reading
from service.log.exported import Export
from service.log.note import SigningKey
from service.log.progress import silent
from service.log.read import read_head
from service.settings import Settings
from tests.client import TestClient

KEY = SigningKey.generate("example.org/log")
ASKED = {
    "controller": "CN",
    "destination": "IN",
    "commodity": {"name": "rare_earth_magnets"},
    "end_user": {"name": "Jay Ushin", "country": "IN"},
    "as_of": "2025-10-31",
    "known_at": 12,
}


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    (tmp_path / "key").write_text(KEY.secret())
    return Settings(database_url=sqlite_url, signing_key_file=tmp_path / "key")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    register = open_register(settings)
    with register.log:
        seeds.load(register.log, seeds.read("article"), silent)
    register.leave()
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture
def lodestone(settings: Settings) -> Callable[..., Result]:
    def run(*arguments: object, database: str = settings.database_url, stdin: bytes = b"", **more: str) -> Result:
        env = {"LODESTONE_DATABASE_URL": database, "LODESTONE_SIGNING_KEY_FILE": str(settings.signing_key_file), **more}
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, env=env)

    return run


@pytest.fixture
def log_file(client: TestClient, lodestone: Callable[..., Result], tmp_path: Path) -> Path:
    file = tmp_path / "log.jsonl"
    assert lodestone("export", file).exit_code == 0
    return file


def differences(log_file: Path, body: Any, request: Any = None) -> list[str]:
    return offline.ask_again(Export(offline.lines_of(log_file)), offline.saved_answers(body, request))


def ask(client: TestClient, question: dict[str, Any]) -> Any:
    response = client.post("/v1/determinations", json=question)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("known_at", [0, 1, 7, 12, 15, "14", "2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z", None])
def test_an_answer_is_the_same_when_it_is_asked_again_of_an_export(
    client: TestClient, log_file: Path, known_at: object
) -> None:
    asked = ASKED | {"known_at": known_at}
    assert differences(log_file, ask(client, asked), asked) == []


def test_many_answers_of_several_knowledge_times_are_compared_each_with_its_question(
    client: TestClient, log_file: Path
) -> None:
    asked = {
        "questions": [ASKED | {"known_at": at, "as_of": day} for at in (3, 15) for day in ("2025-04-05", "2026-01-01")]
    }
    answered = ask(client, asked)
    assert differences(log_file, answered, asked) == []
    answered["answers"][2]["covered"] = "certainly"
    assert [found.split(":")[0] for found in differences(log_file, answered, asked)] == ["/answers/2/covered"]


def test_a_row_of_a_country_status_holds_its_question(client: TestClient, log_file: Path) -> None:
    status = client.get("/v1/countries/IN/status", params={"as_of": "2025-10-31", "known_at": "9"}).json()
    assert status["controls"]
    for row in status["controls"]:
        assert differences(log_file, row) == []


CHANGES: dict[str, Any] = {
    "/control": "not_restricted",
    "/standing": "none",
    "/position": 3,
    "/headline": "All is well.",
    "/basis": [],
    "/as_of": "2025-10-30",
    "/known_at/position": 11,
    "/known_at/root": "00" * 32,
    "/known_at/instant": "2020-01-01T00:00:00Z",
    "/recorded_through": None,
    "/added": 1,
}


@pytest.mark.parametrize("pointer", CHANGES)
def test_whatever_was_changed_in_an_answer_is_named(client: TestClient, log_file: Path, pointer: str) -> None:
    answered = ask(client, ASKED)
    *above, name = pointer.removeprefix("/").split("/")
    place = answered["answers"][0]
    for step in above:
        place = place[step]
    assert place.get(name) != CHANGES[pointer]
    place[name] = CHANGES[pointer]
    found = [difference.split(":")[0] for difference in differences(log_file, answered, ASKED)]
    assert any(each.startswith(f"/answers/0{pointer.removesuffix('/position')}") for each in found), found


def test_another_question_than_the_one_asked_is_noticed(client: TestClient, log_file: Path) -> None:
    answered = ask(client, ASKED)
    assert differences(log_file, answered, ASKED | {"destination": "US"}) != []
    assert differences(log_file, answered, ASKED | {"as_of": "2025-01-01"}) != []
    assert differences(log_file, answered, ASKED | {"known_at": 11}) != []


def test_an_answer_without_its_question_and_what_is_no_answer_are_refused(client: TestClient, log_file: Path) -> None:
    answered = ask(client, ASKED)
    assert differences(log_file, answered) == []
    of_another_version = {"answers": [{k: v for k, v in answered["answers"][0].items() if k != "question"}]}
    with pytest.raises(InvalidRequest, match="does not hold its question"):
        differences(log_file, of_another_version)
    with pytest.raises(InvalidRequest, match="1 answers to 2 questions"):
        differences(log_file, answered, {"questions": [ASKED, ASKED]})
    bodies: list[Any] = [{}, [], 1, {"answers": [{}]}, {"answers": []}, {"answers": 1}]
    for body in bodies:
        with pytest.raises(InvalidRequest):
            differences(log_file, body, ASKED)


def test_an_answer_that_knows_more_than_the_export_holds_is_refused(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], tmp_path: Path
) -> None:
    answered = ask(client, ASKED)
    answered["answers"][0]["known_at"]["position"] = 16
    with pytest.raises(InvalidRequest, match="ends at log position 15"):
        differences(log_file, answered, ASKED)


def test_the_verify_command_takes_a_saved_answer_and_needs_no_database(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], tmp_path: Path
) -> None:
    saved, asked = tmp_path / "answer.json", tmp_path / "question.json"
    asked.write_text(json.dumps(ASKED))
    answered = ask(client, ASKED)
    saved.write_text(json.dumps(answered))
    command = ["verify", "--export", log_file, "--answer", saved, "--question", asked]
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    assert lodestone(*command, database=nowhere).exit_code == 0
    answered["answers"][0]["standing"] = "none"
    saved.write_text(json.dumps(answered))
    refused = lodestone(*command, database=nowhere)
    assert refused.exit_code == 1
    assert "/answers/0/standing: the answer says" in refused.stderr
    assert lodestone("verify", "--answer", saved).exit_code == 1


def test_verify_says_the_size_and_the_root_or_the_first_bad_position(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], settings: Settings, tmp_path: Path
) -> None:
    head = head_of(settings)
    said = f"Verified: 15 events, root {head.root.hex()}.\n"
    note, other = tmp_path / "note", tmp_path / "other"
    note.write_text(signed_checkpoint(Checkpoint(head.position, head.root), KEY))
    other.write_text(signed_checkpoint(Checkpoint(head.position, bytes(32)), KEY))
    for where in ([], ["--export", log_file]):
        for key in ([], ["--key", KEY.verifier]):
            found = lodestone("verify", *where, *key, "--checkpoint", note, "--checkpoint", note)
            assert (found.exit_code, found.stdout) == (0, said), found.output
        assert lodestone("verify", *where, "--checkpoint", note, "--checkpoint", other).exit_code == 1
        wrong_key = SigningKey.generate("example.org/log").verifier
        assert lodestone("verify", *where, "--checkpoint", note, "--key", wrong_key).exit_code == 1
    lines = log_file.read_bytes().splitlines(keepends=True)
    log_file.write_bytes(b"".join([*lines[:5], lines[5].replace(b"seed:", b"sown:"), *lines[6:]]))
    refused = lodestone("verify", "--export", log_file)
    assert (refused.exit_code, refused.stderr) == (1, "lodestone: The event at position 5 is not the one recorded.\n")


def head_of(settings: Settings) -> Any:
    register = open_register(settings)
    with register.log, reading(register.engine) as connection:
        head = read_head(connection)
    register.leave()
    return head


def subjects(url: str) -> list[Any]:
    engine = engine_for(url)
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT subject, position FROM subjects")).all()
    engine.dispose()
    return sorted(map(tuple, rows))


def test_an_imported_register_gives_the_same_answers_and_the_same_bytes(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], settings: Settings, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert lodestone("db", "upgrade", database=other).exit_code == 0
    imported = lodestone("import", log_file, database=other)
    assert imported.stdout.startswith("15 events are new; the log has 15, root "), imported.output
    again = lodestone("import", "-", database=other, stdin=log_file.read_bytes())
    assert again.stdout.startswith("0 events are new"), again.output
    assert lodestone("export", "-", database=other).stdout_bytes == log_file.read_bytes()
    assert subjects(other) == subjects(settings.database_url) != []
    with TestClient(create_app(Settings(database_url=other))) as copy:
        for at in range(16):
            params = {"as_of": "2025-10-31", "known_at": str(at)}
            for path in ("/v1/countries/IN/status", "/v1/licenses", "/v1/restrictions", "/v1/companies"):
                assert copy.get(path, params=params).json() == client.get(path, params=params).json()


def test_a_bad_file_is_refused_before_its_first_event_is_stored(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    lodestone("db", "upgrade", database=other)
    log_file.write_bytes(b"".join(log_file.read_bytes().splitlines(keepends=True)[:-1]))
    refused = lodestone("import", log_file, database=other)
    assert refused.exit_code == 1
    assert "cut off" in refused.stderr
    assert lodestone("verify", database=other).stdout.startswith("Verified: 0 events")


def test_an_import_that_is_killed_goes_on_when_it_is_started_again(
    client: TestClient, log_file: Path, lodestone: Callable[..., Result], tmp_path: Path, python_command: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    lodestone("db", "upgrade", database=other)
    slow = (
        "import os, sys, service.log.exported as exported, service.log.transfer as transfer\n"
        "exported.TOGETHER, store = 2, transfer.take_in\n"
        "def dying(engine, batch, *rest):\n"
        "    store(engine, batch, *rest)\n"
        "    if batch[-1].event.position == 6: os.kill(os.getpid(), 9)\n"
        "transfer.take_in = dying\n"
        "from service.cli import app\n"
        "app(['import', sys.argv[1]])\n"
    )
    env = {**os.environ, "LODESTONE_DATABASE_URL": other}
    killed = subprocess.run([python_command, "-c", slow, str(log_file)], env=env, timeout=60, check=False)
    assert killed.returncode == 128 + 9
    assert lodestone("verify", database=other).stdout.startswith("Verified: 6 events")
    assert lodestone("import", log_file, database=other).stdout.startswith("9 events are new; the log has 15")
    assert lodestone("export", "-", database=other).stdout_bytes == log_file.read_bytes()


def test_db_init_says_on_sqlite_that_there_are_no_roles(lodestone: Callable[..., Result], sqlite_url: str) -> None:
    assert "no roles" in lodestone("db", "init", database=sqlite_url).stdout


def test_accepting_a_restore_raises_the_epoch_and_brings_the_file_up_to_it(
    client: TestClient, lodestone: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "last-checkpoint"
    for epoch in (2, 3):
        accepted = lodestone("db", "accept-restore", LODESTONE_LAST_CHECKPOINT=str(file))
        assert accepted.stdout == f"The log goes on in epoch {epoch}.\n", accepted.output
        assert f"\nepoch {epoch}\n" in file.read_text()
