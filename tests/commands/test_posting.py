"""`post`: what is recorded, what is refused and where in the file it stands, and what a repetition does."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import Result

from tests.commands.conftest import Run, runner, served


def company(slug: str, country: str = "IN", **more: Any) -> dict[str, Any]:
    return {
        "stream": f"company/{slug}",
        "type": "company.registered",
        "data": {"name": f"Some {slug}", "country": country},
        "source": {"tier": "holder"},
        **more,
    }


def remark(text: str, **more: Any) -> dict[str, Any]:
    return {
        "stream": "note/remarks",
        "type": "note.recorded",
        "data": {"kind": "market", "text": text},
        "source": {"tier": "holder"},
        **more,
    }


def recorded(run: Run, after: int = 15) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("events", "--after", after, "--limit", "1000", "--json").stdout)[
        "events"
    ]
    return found


def streams(run: Run) -> list[str]:
    return [event["stream"] for event in recorded(run)]


FORMS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "batch": lambda events: json.dumps({"events": events}, indent=2),
    "list": json.dumps,
    "lines": lambda events: "\n" + "\n".join(json.dumps(event) for event in events),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_is_recorded_as_a_whole_from_a_file_or_standard_input(either: Run, tmp_path: Path, form: str):
    (tmp_path / "events").write_text(FORMS[form]([company("a"), company("b")]), encoding="utf-8")
    posted = either("post", tmp_path / "events")
    assert posted.exit_code == 0, posted.output
    assert "2 events are recorded, up to log position 17." in posted.stderr
    assert either("post", "-", stdin=FORMS[form]([company("c"), company("d")])).exit_code == 0
    assert streams(either) == ["company/a", "company/b", "company/c", "company/d"]


@pytest.mark.parametrize("form", ["one", *FORMS])
def test_the_same_file_posted_again_gives_the_first_outcome_again(either: Run, form: str):
    text = json.dumps(company("a")) if form == "one" else FORMS[form]([company("a"), remark("twice"), remark("twice")])
    first, again = either("post", "-", "--json", stdin=text), either("post", "-", "--json", stdin=text)
    assert first.exit_code == again.exit_code == 0, first.output
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert len(recorded(either)) == (1 if form == "one" else 3)
    assert "nothing is new" in either("post", "-", stdin=text).stderr


def test_an_id_of_ones_own_is_kept(lodestone: Run):
    own = "0b9d1f1e-5c0e-4c53-9d3e-5d8f4f6e7a01"
    assert lodestone("post", "-", stdin=json.dumps(company("a", id=own))).exit_code == 0
    assert [event["id"] for event in recorded(lodestone)] == [own]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (json.dumps(company("b", "INDIA")), "  /data/country: "),
        (json.dumps({"events": [company("a"), company("b", "INDIA")]}), "  event 2 /data/country: "),
        (json.dumps([company("a"), company("b", "INDIA")]), "  event 2 /data/country: "),
        (f"{json.dumps(company('a'))}\n\n{json.dumps(company('b', 'INDIA'))}\n", "  line 3 /data/country: "),
        (f"{json.dumps(company('a'))}\n{json.dumps(company('b'))[:-1]}\n", "lodestone: Line 2: "),
        (f'{json.dumps(company("a"))}\n{{"a": 1.5}}\n', "  line 2 /a: a number is an integer"),
    ],
)
def test_a_refusal_names_the_place_in_the_file_and_nothing_is_stored(either: Run, text: str, where: str):
    refused = either("post", "-", stdin=text)
    assert refused.exit_code == 1
    assert any(line.startswith(where) for line in refused.stderr.splitlines()), refused.stderr
    assert "Traceback" not in refused.output
    assert recorded(either) == []


def test_one_by_one_what_stands_before_a_refusal_is_kept_and_a_repetition_goes_on(either: Run):
    lines = [company("a"), company("b", "INDIA"), company("c")]
    refused = either("post", "--each", "-", stdin=json.dumps(lines))
    assert refused.exit_code == 1
    assert "  event 2 /data/country: " in refused.stderr
    assert "the first 1 of 3 events" in refused.stderr
    assert streams(either) == ["company/a"]
    lines[1] = company("b")
    assert either("post", "--each", "-", stdin=json.dumps(lines)).exit_code == 0
    assert streams(either) == ["company/a", "company/b", "company/c"]


def test_a_condition_of_a_batch_is_kept(either: Run):
    batch = {"events": [remark("late")], "condition": {"after": 13, "types": ["note.recorded"]}}
    assert either("post", "-", stdin=json.dumps(batch)).exit_code == 1
    batch["condition"] = {"after": 14, "types": ["note.recorded"]}
    assert either("post", "-", stdin=json.dumps(batch)).exit_code == 0


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "not json", "[]", "[1]", "1", '{"events": []}', '{"events": [], "more": 1}', '{"a": 1, "a": 2}'],
)
def test_what_holds_no_event_is_refused_in_a_sentence(lodestone: Run, text: str):
    refused = lodestone("post", "-", stdin=text)
    assert refused.exit_code == 1, refused.output
    assert refused.stderr.startswith("lodestone: ")
    assert recorded(lodestone) == []


def test_what_the_command_line_records_bears_its_name(lodestone: Run, article_url: str):
    lodestone("keys", "create", "--name", "somebody", "--scope", "read")
    lodestone("post", "-", stdin=json.dumps(company("a")))
    assert [event["actor"] for event in recorded(lodestone)] == ["key:command-line"]


def test_a_post_beside_a_running_service_on_the_same_database_loses_nothing(
    lodestone_command: Path, article_on_both: str
):
    """Both write, at once, to one database: its lock orders them."""
    each, writers = 15, 3
    with served(database_url=article_on_both) as url, ThreadPoolExecutor() as pool:

        def by_network(writer: int) -> None:
            with httpx.Client(base_url=url, timeout=60) as client:
                for number in range(each):
                    answered = client.post("/v1/events", json=company(f"network-{writer}-{number}"))
                    assert answered.status_code == 201, answered.text

        def by_command(writer: int) -> None:
            lines = "\n".join(json.dumps(company(f"command-{writer}-{number}")) for number in range(each))
            done = subprocess.run(
                [lodestone_command, "post", "--each", "-"],
                input=lines.encode(),
                env={"LODESTONE_DATABASE_URL": article_on_both},
                capture_output=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr

        for done in [pool.submit(work, writer) for writer in range(writers) for work in (by_network, by_command)]:
            done.result()
        events = recorded(runner(LODESTONE_URL=url))
    expected = {f"company/{how}-{w}-{n}" for how in ("network", "command") for w in range(writers) for n in range(each)}
    assert {event["stream"] for event in events} == expected
    assert [event["position"] for event in events] == list(range(16, 16 + len(expected)))
    verified = runner(LODESTONE_DATABASE_URL=article_on_both)("verify")
    assert verified.stdout.startswith(f"Verified: {15 + len(expected)} events"), verified.output


class Busy(BaseHTTPRequestHandler):
    """A service that cannot answer at first. It keeps what it was sent."""

    sent: list[bytes]
    busy: int

    def do_POST(self) -> None:
        self.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
        if len(self.sent) <= self.busy:
            problem = {"type": "/problems/unavailable", "title": "Away", "status": 503, "detail": "Away.", "errors": []}
            self._answer(503, "application/problem+json", problem)
        else:
            self._answer(201, "application/json", {"events": [], "position": 0})

    def _answer(self, status: int, media_type: str, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Retry-After", "0")
        self.send_header("Position", "0")
        raw = json.dumps(body).encode()
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def post_to_a_busy_service() -> Iterator[Callable[[int], tuple[Result, list[bytes]]]]:
    servers = []

    def post(busy: int) -> tuple[Result, list[bytes]]:
        sent: list[bytes] = []
        handler = type("Busy", (Busy,), {"sent": sent, "busy": busy})
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever).start()
        url = f"http://127.0.0.1:{servers[-1].server_port}"
        return runner(LODESTONE_URL=url)("post", "-", "--json", stdin=json.dumps(company("a"))), sent

    yield post
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_a_busy_service_did_not_answer_is_sent_again_with_the_same_id(
    post_to_a_busy_service: Callable[[int], tuple[Result, list[bytes]]],
):
    posted, sent = post_to_a_busy_service(2)
    assert posted.exit_code == 0, posted.output
    assert len(sent) == 3
    assert len(set(sent)) == 1 and json.loads(sent[0])["events"][0]["id"]


def test_after_a_few_tries_a_busy_service_is_left_alone(
    post_to_a_busy_service: Callable[[int], tuple[Result, list[bytes]]],
):
    posted, sent = post_to_a_busy_service(100)
    assert (posted.exit_code, len(sent)) == (3, 4)
