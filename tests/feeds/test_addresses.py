"""A webhook reaches the public internet, and networks that the operator names; nothing else, by no way round."""

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from service.feeds import signing
from service.feeds.addresses import may_reach, networks_of
from service.feeds.deliveries import Tried
from service.feeds.sending import NOT_SECURE, Sender
from service.log.database import engine_for
from tests.feeds.watched import SEAL

LOOPBACK = networks_of("127.0.0.1/32")


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_public_internet_may_be_reached(address: str):
    assert may_reach(ipaddress.ip_address(address), ())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.88.99.1",
        "192.0.0.8",
        "168.63.129.16",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "3fff::1",
        "::ffff:0:7f00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_what_only_the_service_can_reach_may_not(address: str):
    assert not may_reach(ipaddress.ip_address(address), ())


def test_a_network_that_is_named_may_be_reached_and_no_more():
    allowed = networks_of("10.1.0.0/16, fd00::/8")
    assert may_reach(ipaddress.ip_address("10.1.255.255"), allowed)
    assert may_reach(ipaddress.ip_address("::ffff:10.1.0.1"), allowed)
    assert may_reach(ipaddress.ip_address("fd00::1"), allowed)
    assert not may_reach(ipaddress.ip_address("10.2.0.0"), allowed)
    with pytest.raises(ValueError, match="10"):
        networks_of("10.0.0.1/8")


class Answers(BaseHTTPRequestHandler):
    """Answers each path in its own bad way."""

    seen: list[str] = []

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/ok")
            self.end_headers()
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self._flood()
        elif self.path == "/dripping":
            self._drip()
        else:
            self.send_response(204)
            self.end_headers()

    def _flood(self) -> None:
        try:
            for _ in range(1_000):
                self.wfile.write(b"x" * 1_000_000)
        except OSError:
            self.seen.append("hung up")

    def _drip(self) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            self.seen.append("hung up")

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def receiver() -> Iterator[str]:
    Answers.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def tried(tmp_path: Path, url: str, allowed: Any = LOOPBACK) -> Tried:
    async def sending() -> Tried:
        sender = Sender(engine_for(f"sqlite:///{tmp_path}/none.db"), SEAL, allowed)
        try:
            return await sender.send(url, SEAL.closed([signing.new_secret()]), "m", "{}")
        finally:
            await sender.close()

    return asyncio.run(sending())


def test_a_redirect_is_not_followed(tmp_path: Path):
    with receiver() as url:
        outcome = tried(tmp_path, f"{url}/redirect")
        assert (outcome.status, outcome.problem) == (307, "a redirect, which is not followed")
        assert Answers.seen == ["/redirect"]


def test_an_answer_without_end_is_not_read(tmp_path: Path):
    with receiver() as url:
        outcome = tried(tmp_path, f"{url}/endless")
        assert (outcome.status, outcome.problem) == (200, None)
        assert outcome.took_ms < 5_000
    assert Answers.seen == ["/endless", "hung up"]


def test_a_proxy_of_the_environment_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiver() as url:
        assert tried(tmp_path, f"{url}/ok").delivered


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_another_spelling_of_a_refused_address_is_refused(tmp_path: Path, host: str):
    allowed = networks_of("203.0.113.0/24")
    outcome = tried(tmp_path, f"http://{host}:9/", allowed)
    assert outcome.problem == "The address is not one that webhooks may reach."


def test_the_address_that_was_checked_is_connected_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A name that leads elsewhere at each look-up (DNS rebinding) is looked up once."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, *more: Any, **named: Any) -> Any:
        if host not in ("rebinding.example", b"rebinding.example"):
            return real(host, *more, **named)
        looked_up.append("once")
        return real("127.0.0.1" if len(looked_up) == 1 else "127.0.0.2", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with receiver() as url:
        assert tried(tmp_path, f"{url.replace('127.0.0.1', 'rebinding.example')}/ok").delivered
    assert looked_up == ["once"]


def test_names_that_nobody_answers_for_keep_no_other_work_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answered = threading.Event()

    def silent(*_: Any, **__: Any) -> Any:
        answered.wait(30)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", silent)

    async def sending() -> set[str | None]:
        sender = Sender(engine_for(f"sqlite:///{tmp_path}/none.db"), SEAL, ())
        secrets = SEAL.closed([signing.new_secret()])
        tries = [asyncio.create_task(sender.send("https://silent.example/", secrets, "m", "{}")) for _ in range(40)]
        await asyncio.sleep(0)
        await asyncio.wait_for(asyncio.to_thread(lambda: "done"), 5)
        answered.set()
        found = {one.problem for one in await asyncio.gather(*tries)}
        await sender.close()
        return found

    assert asyncio.run(sending()) == {"The host name cannot be resolved."}


def test_a_name_with_one_refused_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def both(_host: Any, port: int, *_: Any, **__: Any) -> Any:
        found = ("93.184.215.14", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    outcome = tried(tmp_path, "https://both.example/", ())
    assert outcome.problem == "The address is not one that webhooks may reach."


def test_plain_http_is_for_named_networks_alone(tmp_path: Path):
    assert tried(tmp_path, "http://93.184.215.14/", ()).problem == NOT_SECURE
