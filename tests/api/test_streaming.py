"""Many answers are sent one by one, and are still one document."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from starlette.types import Message

from service import seeds
from service.api import determinations
from service.api.http import streaming
from service.api.http.streaming import Streamed, joined
from service.app import create_app
from service.settings import Settings
from tests.client import TestClient

QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}, "as_of": "2025-10-31"}


@pytest.fixture
def client(sqlite_url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=sqlite_url))) as opened:
        seeds.load(opened.app.state.register.log, seeds.read("article"), lambda _done, _of: None)  # type: ignore[attr-defined]
        yield opened


def asked(count: int) -> list[dict[str, Any]]:
    return [{**QUESTION, "commodity": {"name": f"goods_{at}"}} if at % 2 else QUESTION for at in range(count)]


def both_ways(client: TestClient, monkeypatch: pytest.MonkeyPatch, **request: Any) -> tuple[bytes, bytes]:
    """The answer sent part by part, and as a whole."""
    parts = client.post("/v1/determinations", **request)
    assert "content-length" not in parts.headers
    monkeypatch.setattr(determinations, "MOST_AT_ONCE", 1_000)
    whole = client.post("/v1/determinations", **request)
    assert "content-length" in whole.headers
    assert (parts.status_code, whole.status_code) == (200, 200)
    assert parts.headers["position"] == whole.headers["position"]
    assert parts.headers["content-type"] == whole.headers["content-type"]
    return parts.content, whole.content


@pytest.mark.parametrize("since", [{}, {"changed_since": 3}])
def test_many_answers_are_the_same_document_as_a_whole(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, since: dict[str, int]
):
    parts, whole = both_ways(client, monkeypatch, json={"questions": asked(21), **since})
    assert parts == whole


def test_a_long_sheet_is_the_same_sheet_as_a_whole(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    rows = "".join(f"A-{at},CN,{'IN' if at % 3 else 'ZZ'},gallium,2025-10-31\n" for at in range(21))
    sheet = f"order,controller,destination,commodity,as_of\n{rows}"
    parts, whole = both_ways(client, monkeypatch, content=sheet, headers={"Content-Type": "text/csv"})
    assert parts == whole
    assert len(list(csv.reader(io.StringIO(parts.decode(), newline="")))) == 22


def test_few_answers_are_sent_at_once(client: TestClient):
    answer = client.post("/v1/determinations", json={"questions": asked(20)})
    assert "content-length" in answer.headers


@pytest.mark.parametrize("fault", [{"as_of": "yesterday"}, {"known_at": 16}, {"destination": "ZZ"}])
def test_a_fault_in_the_last_question_is_refused_before_the_first_answer(client: TestClient, fault: dict[str, Any]):
    refused = client.post("/v1/determinations", json={"questions": [*asked(20), QUESTION | fault]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith("/questions/20/")


def test_a_position_to_compare_with_that_is_ahead_is_refused_before_the_first_answer(client: TestClient):
    refused = client.post("/v1/determinations", json={"questions": asked(21), "changed_since": 99})
    assert refused.status_code == 422
    assert "/changed_since" in refused.json()["errors"][0]["pointer"]


def test_parts_are_sent_as_they_are_made_and_put_together_to_few():
    assert [len(part) for part in joined(iter(["x" * 10_000] * 4))] == [20_000, 20_000]
    assert list(joined(iter([]))) == []
    assert list(joined(iter(["a", "ü"]))) == ["aü".encode()]


class Parts:
    """Parts that tell how many were made, and whether they were closed."""

    def __init__(self, count: int) -> None:
        self.made, self.closed, self._count = 0, False, count

    def all(self) -> Iterator[str]:
        try:
            for _ in range(self._count):
                self.made += 1
                yield "x" * streaming.CHUNK_BYTES
        finally:
            self.closed = True


def test_no_part_is_made_before_the_one_before_it_was_taken():
    made = Parts(5)
    sent = list[tuple[int, int]]()

    async def send(message: Message) -> None:
        sent.append((len(message.get("body", b"")), made.made))

    anyio.run(Streamed(made.all(), "text/plain").stream_response, send)
    assert sent == [(0, 1), *((streaming.CHUNK_BYTES, at) for at in range(1, 6)), (0, 5)]
    assert made.closed


def test_a_client_that_reads_nothing_lets_go_of_what_is_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streaming, "SEND_TIMEOUT_S", 0.01)
    made = Parts(5)

    async def send(message: Message) -> None:
        if "body" in message:
            await anyio.sleep_forever()

    with pytest.raises(TimeoutError):
        anyio.run(Streamed(made.all(), "text/plain").stream_response, send)
    assert (made.made, made.closed) == (1, True)
