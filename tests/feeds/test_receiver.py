"""The receiver that docs/receiver.md shows takes what the register sends, and nothing else."""

import asyncio
import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.feeds import signing
from service.feeds.addresses import networks_of
from service.feeds.sending import Sender
from service.log.database import writing
from service.log.instants import now
from tests.answers import facts
from tests.feeds.watched import SEAL, TO_INDIA, Watched

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "clients" / "receiver.py"
SHOWN = {"receiver.md": PROGRAM, "feed.md": ROOT / "clients" / "follow.mjs"}


@pytest.fixture
def program() -> Any:
    spec = importlib.util.spec_from_file_location("receiver", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def secret() -> signing.Secret:
    return signing.new_secret()


@pytest.fixture
def listening(program: Any, secret: signing.Secret) -> Iterator[str]:
    server = program.server(0, signing.new_secret().text, secret.text)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def send(register: Watched) -> None:
    async def sending() -> None:
        sender = Sender(register.engine, SEAL, networks_of("127.0.0.1/32"), register.clock)
        await sender.start()
        await sender.finish()
        await sender.close()

    register.evaluator.run()
    asyncio.run(sending())


def watch(register: Watched, url: str, secret: signing.Secret, **ask: Any) -> None:
    register.watch("magnets", url, **ask)
    with writing(register.engine) as connection:
        connection.exec_driver_sql("UPDATE watches SET secrets = ?", (SEAL.closed([secret]),))


def test_it_tells_a_change_once_in_a_sentence(
    register: Watched, listening: str, secret: signing.Secret, capsys: pytest.CaptureFixture[str]
):
    register.clock.now = now()
    watch(register, listening, secret, determination=TO_INDIA)
    event = facts.announced("magnets")
    register.record(event)
    for _ in range(2):
        send(register)
        with writing(register.engine) as connection:
            connection.exec_driver_sql("UPDATE watch_changes SET state = 'pending'")
    first, second, *more = capsys.readouterr().out.splitlines()
    assert first.startswith("magnets: A license is required for rare earth magnets from China to India")
    assert first.endswith(f"Because of event {event['id']}.")
    assert second.startswith("  Before: Nothing is recorded")
    assert more == []


def test_it_tells_an_event_and_the_day_of_a_change(program: Any, capsys: pytest.CaptureFixture[str]):
    headline = {"before": "Open.", "after": "Closed."}
    changed = {"title": "Magnets", "because": {"day": "2026-11-10"}, "headline": headline}
    program.tell({"type": "answer.changed", "data": changed})
    event = {"type": "note.recorded", "stream": "note/port"}
    program.tell({"type": "event.recorded", "data": {"title": None, "watch": "all", "event": event}})
    program.tell({"type": "ping", "data": {}})
    assert capsys.readouterr().out.splitlines() == [
        "Magnets: Closed. Because of the day 2026-11-10.",
        "  Before: Open.",
        "all: note.recorded in note/port.",
    ]


def test_it_refuses_what_is_not_signed(
    program: Any, listening: str, secret: signing.Secret, capsys: pytest.CaptureFixture[str]
):
    body = '{"type": "ping", "data": {}}'
    right = signing.headers([secret], "message", body, now())
    wrong = signing.headers([signing.new_secret()], "message", body, now())
    sent = [httpx.post(listening, content=body, headers=headers) for headers in (right, wrong, {})]
    assert [answer.status_code for answer in sent] == [204, 401, 401]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("page", SHOWN)
def test_the_page_shows_the_program_as_it_is_run(page: str):
    assert SHOWN[page].read_text() in (ROOT / "docs" / page).read_text()
