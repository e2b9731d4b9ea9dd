"""Does without Docker what the Dockerfile does: builds the wheel, installs it into an empty environment, and runs the
image's very commands there, over an empty SQLite path and over an empty PostgreSQL, with two processes at once. They
run in a folder that they may not write; where this is run as root, as the image's user, who is nobody on this machine.

`make image-test`. Writes dist/lodestone.cdx.json, the components of that environment (CycloneDX), on its way.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SBOM = ROOT / "dist" / "lodestone.cdx.json"
KEY = "image-test-" + "k" * 32
AS_ROOT = os.geteuid() == 0
HEALTHY_TIMEOUT_S = 60
STOP_TIMEOUT_S = 10
EVENT = {
    "stream": "note/image-test",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        environment = Path(folder) / "environment"
        install(environment, Path(folder))
        write_sbom(environment)
        data, root = Path(folder) / "data", Path(folder) / "root"
        data.mkdir()
        root.mkdir(0o555)
        if AS_ROOT:
            os.chown(data, *user())
        check("an empty SQLite path", environment, data, [f"sqlite:///{data}/lodestone.db"])
        with postgresql(Path(folder)) as url:
            check("an empty PostgreSQL, two at once", environment, data, [url, url])
    print("2 passed, 0 failed")


def run(*command: str | Path, **more: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **more)  # type: ignore[call-overload]


def install(environment: Path, folder: Path) -> None:
    """As the Dockerfile does, by uv, which keeps what it has fetched."""
    uv = BIN / "uv"
    python = environment / "bin" / "python"
    run(
        uv, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder, ROOT
    )
    run(uv, "venv", "--quiet", "--python", python_for_all(), environment)
    lock = ROOT / "requirements" / "runtime.lock"
    run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        python,
        "--require-hashes",
        "--no-deps",
        "-r",
        lock,
    )
    run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        python,
        "--no-deps",
        next(folder.glob("*.whl")),
    )


def write_sbom(environment: Path) -> None:
    SBOM.parent.mkdir(exist_ok=True)
    made = [BIN / "cyclonedx-py", "environment", environment / "bin" / "python"]
    run(*made, "--pyproject", ROOT / "pyproject.toml", "--output-reproducible", "--output-file", SBOM)
    names = {component["name"] for component in json.loads(SBOM.read_text())["components"]}
    must({"fastapi", "sqlalchemy", "psycopg"} <= {name.lower() for name in names}, f"The components are {names}.")


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"1 failed: {otherwise}")


def instruction(name: str) -> list[str]:
    """The last command that the Dockerfile gives in a form of a list."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    found = re.findall(rf"^{name}\b.*?(\[.*\])\s*$", text, re.MULTILINE)
    parsed: list[str] = json.loads(found[-1])
    return parsed


def variables(environment: Path, data: Path, url: str, port: int) -> dict[str, str]:
    """Those of the Dockerfile, and nothing of this machine but where its files are."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    stated = dict(re.findall(r"(\w+)=(\S+)", re.findall(r"^ENV (.*)$", text, re.MULTILINE)[-1]))
    stated = {name: value.replace("/data", str(data)) for name, value in stated.items()}
    own = {"PATH": f"{environment / 'bin'}:/usr/bin:/bin", "LODESTONE_DATABASE_URL": url, "LODESTONE_PORT": str(port)}
    return stated | own | {"LODESTONE_ACCESS_KEY": KEY}


def check(what: str, environment: Path, data: Path, urls: list[str]) -> None:
    started = time.monotonic()
    ports = [free_port() for _ in urls]
    each = [variables(environment, data, url, port) for url, port in zip(urls, ports, strict=True)]
    services = [start(one, data) for one in each]
    try:
        for service, one in zip(services, each, strict=True):
            wait_until_healthy(service, one)
        for number, port in enumerate(ports, 1):
            position = ask(port, "/v1/events", EVENT)["position"]
            must(position == number, f"Event {number} has position {position}.")
            ask(port, "/v1/log/checkpoint")
    finally:
        for service in services:
            service.send_signal(signal.SIGTERM)
        ended = [service.wait(STOP_TIMEOUT_S) for service in services]
    must(not any(ended), f"They ended with {ended}.")
    print(f"{what}: healthy, records, signs, stops; {time.monotonic() - started:.1f} s", flush=True)


def start(variables: Mapping[str, str], data: Path) -> "subprocess.Popen[bytes]":
    """The image's command. Its folder is read-only, as all of a container is that compose.yaml starts, but the data."""
    who: dict[str, Any] = dict(zip(("user", "group"), user(), strict=True)) | {"extra_groups": []} if AS_ROOT else {}
    return subprocess.Popen(instruction("CMD"), env=variables, cwd=data.with_name("root"), **who)


def user() -> tuple[int, int]:
    """Whom the Dockerfile names, and that user's group. Fails where it is root."""
    found = re.findall(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1]
    must("0" not in found, "The image runs as root.")
    return int(found[0]), int(found[1])


def python_for_all() -> str:
    """A Python that the image's user can read, whoever runs this; its own where there is no other."""
    other = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    if not AS_ROOT or other is None or readable(Path(sys.executable).resolve()):
        return sys.executable
    new_enough = subprocess.run([other, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False)
    return sys.executable if new_enough.returncode else other


def readable(file: Path) -> bool:
    """By everybody."""
    return all(folder.stat().st_mode & 0o001 for folder in file.parents)


def wait_until_healthy(service: "subprocess.Popen[bytes]", environment: Mapping[str, str]) -> None:
    deadline = time.monotonic() + HEALTHY_TIMEOUT_S
    healthy = instruction("HEALTHCHECK")
    path = environment["PATH"]
    command = [shutil.which(healthy[0], path=path) or healthy[0], *healthy[1:]]
    while subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, check=False).returncode:
        if service.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"It did not become healthy; exit status {service.poll()}.")
        time.sleep(0.2)


def ask(port: int, path: str, body: object = None) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", sent, headers), timeout=10) as answer:
        text = answer.read()
        return json.loads(text) if answer.headers["content-type"] == "application/json" else {"text": text}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server with an empty database."""
    place = folder / "server"
    place.mkdir()
    (place / "wanted").touch()
    server = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "postgres_server.py", place], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        while not (place / "server.json").exists():
            time.sleep(0.1)
        # Its socket is in its data, which others may not enter once it runs.
        place.chmod(0o711)
        (place / "data").chmod(0o711)
        yield json.loads((place / "server.json").read_text())["url"].replace("postgresql+psycopg://", "postgresql://")
    finally:
        server.communicate(timeout=60)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
