"""What goes wrong: one sentence, the fields at fault, a status that says which kind it is, and never the key."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import Result

from service.log.database import opened, writing
from service.projections.tables import FORM, live
from tests.commands.conftest import DAY, Run, runner, served

KEY = "a-key-for-tests-0123456789-abcdef"
READING = [["status", "IN"], ["calendar"], ["events"], ["ask", "--commodity", "gallium"]]
EVENT = '{"stream":"note/a","type":"note.recorded","data":{"kind":"market","text":"A"},"source":{"tier":"holder"}}'


def told(outcome: Result, status: int) -> str:
    """What was said on standard error; that it is no traceback, and that nothing else was printed."""
    assert outcome.exit_code == status, outcome.output
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("lodestone: ")
    assert "Traceback" not in outcome.stderr
    return outcome.stderr


@pytest.fixture(scope="module")
def locked(sqlite_article: str) -> Iterator[str]:
    with served(database_url=sqlite_article, access_key=KEY) as url:
        yield url


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["status", "IN", "--as-of", "2025-13-01"], "  --as-of: "),
        (["status", "IN", "--known-at", "99999"], "  --known-at: "),
        (["status", "IN", "--commodity", "No!Name"], "  --commodity: "),
        (["status", "IN", "--controller", "ZZ"], "  --controller: "),
        (["status", "IN", "--role", "bystander"], "  --role: "),
        (["status", "company/nobody"], "Nothing is recorded of this company"),
        (["calendar", "--from", "someday"], "  --from: "),
        (["calendar", "--from", DAY, "--through", "2020-01-01"], "  --through: "),
        (["events", "--type", "license.lost"], "  --type: "),
        (["events", "--country", "ZZ"], "  --country: "),
        (["ask", "--commodity", "gallium", "--destination", "ZZ"], "  --destination: "),
        (["ask", "--commodity", "No!Name"], "  --commodity: "),
        (["ask", "--hs", "x"], "  --hs: "),
        (["ask", "--commodity", "gallium", "--quantity", "1 XXX"], "  --quantity: "),
        (["ask", "--control-code", "x y"], "  --control-code: not a control code: write it like 1C902"),
        (["ask", "--commodity", "gallium", "--parameter", "a=b"], "  --parameter: "),
        (["ask", "--commodity", "gallium", "--end-user", "X", "--end-user-country", "ZZ"], "  --end-user-country: "),
        (["ask", "--commodity", "gallium", "--known-at", "yesterday"], "  --known-at: "),
    ],
)
def test_a_refusal_names_the_option_at_fault(reading: Run, command: list[str], said: str):
    assert said in told(reading(*command), 1)


@pytest.mark.parametrize(
    ("quantity", "said"), [("1,5 TNE", "write 1.5 TNE"), ("45,000 kgm", "write 45000 kgm or 45.000 kgm")]
)
def test_a_quantity_with_a_comma_is_told_how_to_write_it(reading: Run, quantity: str, said: str):
    assert said in told(reading("ask", "--hs", "2805", "--quantity", quantity), 2)


@pytest.mark.parametrize(
    "command",
    [
        ["ask"],
        ["ask", "questions.json", "--hs", "2805"],
        ["ask", "--hs", "2805", "--quantity", "many"],
        ["ask", "--hs", "2805", "--end-user", "Nobody"],
        ["ask", "--hs", "2805", "--parameter", "dysprosium"],
        ["status", "IN", "--url", "ftp://127.0.0.1"],
        ["status", "IN", "--url", "127.0.0.1:8000"],
        ["events", "--country", "IN", "--company", "x"],
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(lodestone: Run, command: list[str]):
    told(lodestone(*command), 2)


def test_what_typer_refuses_ends_with_2_too(lodestone: Run):
    for command in (["events", "--limit", "0"], ["events", "--limit", "1001"], ["statsu", "IN"], ["status"]):
        assert lodestone(*command).exit_code == 2, command


@pytest.mark.parametrize("command", [*READING, ["post", "-"]], ids=" ".join)
def test_where_nothing_listens_a_command_ends_with_3(tmp_path: Path, command: list[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    outcome = runner(LODESTONE_URL=url)(*command, stdin=EVENT)
    assert f"lodestone: {url} cannot be reached: Connection refused." in told(outcome, 3).splitlines()


def test_a_host_that_nobody_knows_is_told():
    told(runner(LODESTONE_URL="http://no-such-host.invalid")("events"), 3)


class Elsewhere(BaseHTTPRequestHandler):
    """Some other web server, which may send visitors on, break, or speak JSON of its own."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        self.send_response({"sent-on": 302, "broken": 500}.get(kind, 200))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Type", {"json": "application/json"}.get(kind, "text/html"))
        self.end_headers()
        self.wfile.write(b"{}" if kind == "json" else b"<p>Hello</p>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("path", ["", "/sent-on", "/broken", "/json"])
def test_what_is_no_register_is_told_apart(path: str):
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            outcome = runner(LODESTONE_URL=f"http://127.0.0.1:{server.server_port}{path}")("events")
        finally:
            server.shutdown()
    assert "is not a Lodestone register" in told(outcome, 3)


def test_where_there_is_no_database_none_is_made(tmp_path: Path):
    file = tmp_path / "folder" / "lodestone.db"
    said = told(runner(LODESTONE_DATABASE_URL=f"sqlite:///{file}")("status", "IN"), 3)
    assert str(file) in said and "lodestone db upgrade" in said
    assert not file.parent.exists()


def test_a_database_without_tables_is_told_what_makes_them(tmp_path: Path):
    (tmp_path / "lodestone.db").touch()
    said = told(runner(LODESTONE_DATABASE_URL=f"sqlite:///{tmp_path / 'lodestone.db'}")("status", "IN"), 3)
    assert "lodestone db upgrade" in said.splitlines()[-1]


def test_a_database_that_is_away_ends_a_command_with_3_and_its_password_is_not_told():
    outcome = runner(LODESTONE_DATABASE_URL="postgresql://someone:s3cret@127.0.0.1:1/nothing")("status", "IN")
    assert "s3cret" not in told(outcome, 3)


@pytest.mark.parametrize("command", [*READING, ["post", "-"]], ids=" ".join)
@pytest.mark.parametrize("key", ["", KEY[:-1] + "X"])
def test_without_the_key_of_a_service_a_command_ends_with_4(locked: str, command: list[str], key: str):
    said = told(runner(LODESTONE_URL=locked, LODESTONE_KEY=key)(*command, stdin=EVENT), 4)
    assert "LODESTONE_KEY" in said
    assert KEY[:-1] not in said


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_with_its_key_a_service_answers_and_the_key_is_nowhere_to_be_seen(locked: str, command: list[str]):
    for outcome in (
        runner(LODESTONE_URL=locked, LODESTONE_KEY=KEY)(*command),
        runner()(*command, "--url", locked, "--key", KEY),
        runner(LODESTONE_URL=locked, LODESTONE_KEY=KEY)(*command, "--json"),
        runner(LODESTONE_URL=locked, LODESTONE_KEY=KEY)(*command, "--help"),
    ):
        assert outcome.exit_code == 0, outcome.output
        assert KEY not in outcome.output


def test_a_reader_s_key_does_not_record(article_url: str, lodestone: Run):
    key = lodestone("keys", "create", "--name", "a reader", "--scope", "read").stdout.strip()
    with served(database_url=article_url, access_key=KEY) as url:
        reader = runner(LODESTONE_URL=url, LODESTONE_KEY=key)
        assert reader("events").exit_code == 0
        assert key not in told(reader("post", "-", stdin=EVENT), 4)


@pytest.mark.parametrize("key", ["two words-0123456789-abcdefghijkl", "línea-0123456789-abcdefghijklmno", "a\nb"])
def test_a_key_that_cannot_be_sent_is_refused_without_repeating_it(locked: str, key: str):
    said = told(runner(LODESTONE_URL=locked, LODESTONE_KEY=key)("events"), 2)
    assert key not in said and key[:5] not in said


def test_a_password_in_the_address_is_refused_without_repeating_it():
    assert "s3cret" not in told(runner(LODESTONE_URL="http://me:s3cret@127.0.0.1:1")("events"), 2)


def test_an_owner_of_the_database_needs_none_of_its_keys(lodestone: Run):
    assert lodestone("keys", "create", "--name", "somebody", "--scope", "read").exit_code == 0
    assert lodestone("events", LODESTONE_ACCESS_KEY=KEY).exit_code == 0
    assert lodestone("post", "-", LODESTONE_ACCESS_KEY=KEY, LODESTONE_HOST="0.0.0.0", stdin=EVENT).exit_code == 0


@pytest.mark.parametrize("command", [["status", "IN"], ["ask", "--hs", "2805"], ["calendar"]], ids=" ".join)
def test_with_json_a_refusal_is_the_problem_itself(reading: Run, command: list[str]):
    option = "--from" if command == ["calendar"] else "--as-of"
    refused = reading(*command, option, "2025-13-01", "--json")
    problem = json.loads(refused.stdout)
    assert (refused.exit_code, problem["status"]) == (1, 422)
    assert problem["errors"][0]["pointer"].strip("/") == option.strip("-").replace("-", "_")
    assert refused.stderr.startswith("lodestone: ")


class Unreadable(Elsewhere):
    """A proxy that says it has a problem, and has none to show."""

    def do_GET(self) -> None:
        self.send_response(502)
        self.send_header("Content-Type", "application/problem+json")
        self.end_headers()
        self.wfile.write(b"<p>Bad gateway</p>")


def test_a_problem_that_cannot_be_read_is_told_by_its_status():
    with HTTPServer(("127.0.0.1", 0), Unreadable) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            outcome = runner(LODESTONE_URL=f"http://127.0.0.1:{server.server_port}")("events")
        finally:
            server.shutdown()
    assert told(outcome, 3) == "lodestone: The status is 502.\n"


@pytest.mark.parametrize("command", [["rebuild"], ["keys", "list"], ["export", "-"]], ids=" ".join)
def test_a_command_on_the_database_itself_says_that_no_service_is_asked(lodestone: Run, command: list[str]):
    elsewhere = lodestone(*command, LODESTONE_URL="http://127.0.0.1:1")
    assert elsewhere.exit_code == 0, elsewhere.output
    assert "the service of LODESTONE_URL is not asked" in elsewhere.stderr
    assert lodestone(*command).stderr == ""


@pytest.mark.parametrize("command", READING)
def test_rows_that_an_older_version_wrote_are_not_answered_from(article_url: str, command: list[str]):
    with opened(article_url) as engine, writing(engine) as connection:
        connection.execute(update(live).values(form=FORM - 1))
    said = told(runner(LODESTONE_DATABASE_URL=article_url)(*command), 3)
    assert "run `lodestone rebuild`" in said
