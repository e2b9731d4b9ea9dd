"""The command line: what starts, what refuses to, and how it stops."""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from service.commands.serving import doors, listen, prepare
from service.errors import Unavailable
from service.settings import Settings

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 5
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(lodestone_command: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts the command with settings of its own; what still runs afterwards is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}
        # Neither register nor key of whoever works in this folder.
        own = {"LODESTONE_DATABASE_URL": f"sqlite:///{tmp_path / 'register.db'}"}
        own |= {"LODESTONE_SIGNING_KEY_FILE": str(tmp_path / "signing-key")}
        started.append(
            subprocess.Popen(
                [lodestone_command, *arguments],
                env=clean | own | {"LODESTONE_" + name.upper(): value for name, value in settings.items()},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """Where it listens, read from what it prints."""
    assert process.stdout
    deadline = time.monotonic() + START_TIMEOUT_S
    # Past Python's buffer, which would hide a line from select.
    descriptor, printed = process.stdout.fileno(), ""
    while time.monotonic() < deadline:
        if select.select([descriptor], [], [], 0.1)[0]:
            part = os.read(descriptor, 4096).decode()
            printed += part
            if found := re.search(r"listens on (http://\S+)\n", printed):
                return found[1]
            if not part:
                break
    raise AssertionError(f"It did not say where it listens: {printed!r}, exit status {process.poll()}")


def get(url: str) -> dict[str, object]:
    with urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        found: dict[str, object] = json.loads(answer.read())
        return found


def ended(process: subprocess.Popen[str], timeout_s: float) -> tuple[int, str]:
    """The exit status, and the complaint: what it said beside the requests that it logged."""
    _, said = process.communicate(timeout=timeout_s)
    complaint = [line for line in said.splitlines() if '"event": "request"' not in line]
    return process.returncode, "\n".join(complaint).strip()


def one_sentence(complaint: str) -> bool:
    return complaint.startswith("lodestone: ") and "\n" not in complaint and "Traceback" not in complaint


@pytest.mark.parametrize(("command", "host"), [("serve", "0.0.0.0"), ("run", "0.0.0.0"), ("serve", "::")])
def test_without_a_key_nothing_but_loopback_is_served(start: Start, tmp_path: Path, command: str, host: str):
    status, complaint = ended(start(command, "--host", host, "--port", "0"), START_TIMEOUT_S)
    assert status == 2
    assert complaint.startswith(f"lodestone: {host} is not a loopback address")
    assert one_sentence(complaint.replace(". Make one with", ", make one with"))
    assert not (tmp_path / "register.db").exists()


def test_the_host_of_the_environment_is_looked_at_too(start: Start):
    assert ended(start("serve", "--port", "0", host="0.0.0.0"), START_TIMEOUT_S)[0] == 2


def test_with_a_key_every_address_may_be_served(start: Start):
    key = "0123456789abcdef0123456789abcdef"
    assert ended(start("db", "upgrade"), START_TIMEOUT_S) == (0, "")
    process = start("serve", "--host", "0.0.0.0", "--port", "0", access_key=key)
    url = address(process).replace("0.0.0.0", "127.0.0.1")
    assert get(f"{url}/health/ready")["status"] == "ready"
    process.terminate()
    status, complaint = ended(process, STOP_TIMEOUT_S)
    assert (status, complaint) == (0, "")


def test_a_key_in_the_database_is_enough_to_serve_every_address_until_it_is_revoked(start: Start):
    assert ended(start("db", "upgrade"), START_TIMEOUT_S) == (0, "")
    made = start("keys", "create", "--name", "a test", "--scope", "read")
    key = made.communicate(timeout=START_TIMEOUT_S)[0].strip()
    process = start("serve", "--host", "0.0.0.0", "--port", "0")
    url = address(process).replace("0.0.0.0", "127.0.0.1")
    asked = Request(f"{url}/v1/events", headers={"Authorization": f"Bearer {key}"})
    with urlopen(asked, timeout=10) as answer:
        assert answer.status == 200
    process.terminate()
    assert ended(process, STOP_TIMEOUT_S) == (0, "")
    assert ended(start("keys", "revoke", key[:12]), START_TIMEOUT_S)[0] == 0
    assert ended(start("serve", "--host", "0.0.0.0", "--port", "0"), START_TIMEOUT_S)[0] == 2


@pytest.mark.parametrize("command", ["serve", "run"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_in_use_is_told_in_one_sentence_before_anything_is_done(
    start: Start, tmp_path: Path, command: str, host: str
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, complaint = ended(start(command, "--host", host, "--port", str(port)), START_TIMEOUT_S)
    assert status == 3
    assert one_sentence(complaint)
    assert complaint.startswith(f"lodestone: Port {port} of {host} is in use: ")
    assert "--port" in complaint and "PORT=" in complaint
    assert not (tmp_path / "register.db").exists()


def test_a_host_that_this_machine_does_not_have_is_told_in_one_sentence(start: Start):
    key = "0123456789abcdef0123456789abcdef"
    status, complaint = ended(start("serve", "--host", "192.0.2.1", "--port", "0", access_key=key), START_TIMEOUT_S)
    assert status == 3
    assert one_sentence(complaint)
    assert "--host" in complaint and "in use" not in complaint


def test_of_two_that_bind_one_port_at_once_the_second_to_listen_is_told_so():
    """Both may bind, as long as neither listens; the second finds out only then."""
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind(("127.0.0.1", 0))
        settings = Settings(port=first.getsockname()[1])
        opened = doors(settings)
        first.listen()
        with pytest.raises(Unavailable, match="is in use"):
            listen(settings, opened)
    for door in opened:
        door.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_on_loopback_it_answers_and_stops_when_asked_to(start: Start, number: signal.Signals):
    assert ended(start("db", "upgrade"), START_TIMEOUT_S) == (0, "")
    process = start("serve", "--port", "0")
    url = address(process)
    assert url.startswith("http://127.0.0.1:")
    assert get(f"{url}/health/ready") == {"status": "ready", "position": 0}
    process.send_signal(number)
    assert ended(process, STOP_TIMEOUT_S) == (0, "")


@pytest.mark.parametrize("logged", ["true", "false"])
def test_a_server_logs_its_requests_unless_it_is_told_not_to(start: Start, logged: str):
    process = start("run", "--port", "0", "--seed", "none", log_requests=logged)
    get(f"{address(process)}/v1/events")
    process.terminate()
    lines = [json.loads(line) for line in process.communicate(timeout=START_TIMEOUT_S)[1].splitlines()]
    assert [line["route"] for line in lines] == (["/v1/events"] if logged == "true" else [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_connection_that_is_kept_alive_does_not_keep_it_from_stopping(start: Start, number: signal.Signals):
    process = start("run", "--port", "0", "--seed", "none")
    host = urlsplit(address(process))
    kept = http.client.HTTPConnection(str(host.hostname), host.port, timeout=10)
    kept.request("GET", "/health/ready")
    answer = kept.getresponse()
    assert answer.read()
    assert not answer.will_close
    process.send_signal(number)
    assert ended(process, STOP_TIMEOUT_S) == (0, "")
    kept.close()


def test_a_request_whose_body_never_comes_does_not_keep_it_from_stopping(start: Start):
    process = start("run", "--port", "0", "--seed", "none", shutdown_timeout_s="1")
    host = urlsplit(address(process))
    with socket.create_connection((host.hostname, host.port), timeout=10) as half:
        half.sendall(b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        half.sendall(b"Content-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        process.terminate()
        assert ended(process, STOP_TIMEOUT_S)[0] == 0


def test_a_client_that_hangs_up_in_the_middle_of_its_body_is_no_failure_of_the_service(start: Start):
    key = "0123456789abcdef0123456789abcdef"
    process = start("run", "--port", "0", "--seed", "none", access_key=key)
    url = address(process)
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=10) as half:
        half.sendall(b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        half.sendall(f"Authorization: Bearer {key}\r\nContent-Length: 100\r\n\r\n{{".encode())
        time.sleep(0.2)
    assert get(f"{url}/health/ready")["position"] == 0
    process.terminate()
    printed, complaint = process.communicate(timeout=START_TIMEOUT_S)
    assert process.returncode == 0
    assert "request_failed" not in printed + complaint
    assert "Traceback" not in printed + complaint
    assert key not in printed + complaint


def test_run_twice_it_loads_the_seeds_once(start: Start):
    positions = []
    for _ in range(2):
        process = start("run", "--port", "0", "--seed", "article")
        url = address(process)
        positions.append(get(f"{url}/health/ready")["position"])
        process.terminate()
        assert ended(process, STOP_TIMEOUT_S) == (0, "")
    assert positions[0] == positions[1] != 0


def test_what_was_recorded_is_there_after_a_kill(start: Start):
    process = start("run", "--port", "0", "--seed", "article")
    recorded = get(f"{address(process)}/v1/events?limit=1000")
    process.kill()
    process.wait()
    again = start("run", "--port", "0", "--seed", "none")
    assert get(f"{address(again)}/v1/events?limit=1000") == recorded


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("access_key", "short-and-secret"),
        ("shutdown_timeout_s", "soon"),
    ],
)
def test_a_setting_that_cannot_be_read_is_told_in_one_sentence(start: Start, name: str, value: str):
    status, complaint = ended(start("serve", **{name: value}), START_TIMEOUT_S)
    assert status == 2
    assert one_sentence(complaint), complaint
    assert f"LODESTONE_{name.upper()}" in complaint
    assert "short-and-secret" not in complaint


@pytest.mark.parametrize("url", ["mysql://localhost/lodestone", "postgresql://someone:s3cret@127.0.0.1:1/nothing"])
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(start: Start, url: str):
    status, complaint = ended(start("run", "--port", "0", database_url=url), START_TIMEOUT_S)
    assert status == 3
    assert one_sentence(complaint), complaint
    assert "s3cret" not in complaint


def test_a_port_that_is_taken_is_told_in_a_sentence(start: Start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, complaint = ended(start("run", "--port", port, "--seed", "none"), START_TIMEOUT_S)
    assert status not in (0, None)
    assert "Traceback" not in complaint
    assert port in complaint
    assert "in use" in complaint


def test_a_database_that_was_never_migrated_is_not_called_ready(start: Start):
    process = start("serve", "--port", "0")
    try:
        url = address(process)
    except AssertionError:
        assert process.wait(STOP_TIMEOUT_S) != 0
        return
    host = urlsplit(url)
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=10)
    connection.request("GET", "/health/ready")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-type")) == (503, "application/problem+json")
    connection.close()


def test_told_to_upgrade_it_migrates_an_empty_database_and_makes_a_signing_key(start: Start, tmp_path: Path):
    key = tmp_path / "keys" / "signing"
    url = address(start("serve", "--upgrade", "--port", "0", signing_key_file=str(key)))
    assert get(f"{url}/health/ready") == {"status": "ready", "position": 0}
    assert key.is_file()


def test_a_database_that_is_away_is_waited_for_before_it_is_migrated(monkeypatch: pytest.MonkeyPatch):
    tries = [Unavailable("Away.", cause="no route"), Unavailable("Away.", cause="no route"), None]

    def upgrade(_settings: Settings) -> None:
        if (failed := tries.pop(0)) is not None:
            raise failed

    monkeypatch.setattr("service.commands.serving.upgrade", upgrade)
    monkeypatch.setattr("service.commands.serving.DATABASE_PAUSE_S", 0)
    monkeypatch.setattr("service.commands.serving.keys.key_made", lambda *_: None)
    prepare(Settings())
    assert tries == []
    tries.append(Unavailable("The database holds tables of another program."))
    with pytest.raises(Unavailable, match="another program"):
        prepare(Settings())
