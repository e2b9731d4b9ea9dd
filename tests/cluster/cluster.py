"""The cluster that deploy/cluster describes, on this machine: three addresses of its loopback stand for three machines.

The files are those that ship. Beside them stands what is other here: where programs and data are, certificates made for
the run, and that no machine is reset.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg

SHIPPED = Path(__file__).parents[2] / "deploy" / "cluster"
USER = "postgres"
PASSWORD = "for-this-run"
ADDRESSES = {"one": "127.0.0.11", "two": "127.0.0.12", "three": "127.0.0.13"}
PROGRAMS = ("patroni", "etcd", "etcdctl", "openssl")
LOG_CHARACTERS = 2_000
PATRONI_PORT, ETCD_PORT = 8008, 2379
HEALTHY_TIMEOUT_S, STOP_TIMEOUT_S = 120, 20
HERE = """\
postgresql:
  bin_dir: {bin}
  data_dir: {folder}/data
  parameters:
    unix_socket_directories: {folder}
    ssl_cert_file: {folder}/server.crt
    ssl_key_file: {folder}/server.key
    shared_buffers: 32MB
watchdog: {{mode: "off"}}
"""


def missing() -> list[str]:
    """The programs that a run needs and this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name) is None] + ([] if _bin() else ["postgresql"])


def _bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [one for child in (task / "children").read_text().split() for one in family(int(child))]
    return found


def send(processes: Sequence[int], number: int) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@dataclass
class Machine:
    name: str
    folder: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return ADDRESSES[self.name]

    def prepare(self) -> None:
        self.folder.mkdir()
        (self.folder / "patroni").mkdir()
        here = HERE.format(bin=_bin(), folder=self.folder)
        (self.folder / "patroni" / "1-shipped.yml").write_text(self._filled("patroni.yml"))
        (self.folder / "patroni" / "2-here.yml").write_text(here)
        (self.folder / "etcd.yml").write_text(
            self._filled("etcd.conf.yml").replace("/var/lib/etcd", f"{self.folder}/etcd")
        )
        made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={self.name}"]
        files = ["-keyout", f"{self.folder}/server.key", "-out", f"{self.folder}/server.crt"]
        subprocess.run(["openssl", "req", *made, *files], check=True, capture_output=True)
        for path in (self.folder, *self.folder.rglob("*")):
            shutil.chown(path, USER, USER)
            path.chmod(0o700 if path.is_dir() else 0o600)

    def _filled(self, name: str) -> str:
        text = (SHIPPED / name).read_text()
        values = {"NAME": self.name, "ADDRESS": self.address}
        values |= {f"ETCD{number}": address for number, address in enumerate(ADDRESSES.values(), 1)}
        values |= {f"{role}_PASSWORD": PASSWORD for role in ("SUPERUSER", "REPLICATION", "REWIND")}
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        return text

    def start_etcd(self) -> None:
        self._start("etcd", ["etcd", "--config-file", self.folder / "etcd.yml"])

    def start_patroni(self) -> None:
        self._start("patroni", ["patroni", self.folder / "patroni"])

    def _start(self, name: str, command: list[str | Path]) -> None:
        home = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=USER, group=USER,
                extra_groups=[], start_new_session=True, cwd=self.folder,
            )  # fmt: skip

    def postgres(self) -> list[int]:
        """The processes of PostgreSQL, the postmaster first; none where it is not running."""
        data = self.folder / "data"
        with contextlib.suppress(OSError):
            pid = int((data / "postmaster.pid").read_text().split()[0])
            # The file outlives a server that was killed, and another process may have its number by now.
            if Path(f"/proc/{pid}/cwd").readlink() == data:
                return family(pid)
        return []

    def patroni(self) -> list[int]:
        return family(self.running["patroni"].pid)

    def etcd(self) -> list[int]:
        return [self.running["etcd"].pid]

    def end(self) -> None:
        """At once, and for good."""
        send([*self.patroni(), *self.postgres(), *self.etcd()], signal.SIGCONT)
        send([*self.patroni(), *self.postgres(), *self.etcd()], signal.SIGKILL)
        for process in self.running.values():
            process.wait(STOP_TIMEOUT_S)


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.machines = [Machine(name, folder / name) for name in ADDRESSES]

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator["Cluster"]:
        shutil.chown(folder, USER, USER)
        folder.chmod(0o755)
        cluster = cls(folder)
        for machine in cluster.machines:
            machine.prepare()
        try:
            for machine in cluster.machines:
                machine.start_etcd()
            for machine in cluster.machines:
                machine.start_patroni()
            cluster.wait_until(cluster.healthy)
            yield cluster
        finally:
            for machine in cluster.machines:
                with contextlib.suppress(KeyError):
                    machine.end()

    def url(self, database: str) -> str:
        return f"postgresql://postgres:{PASSWORD}@{','.join(ADDRESSES.values())}/{database}"

    def new_database(self, name: str) -> str:
        with psycopg.connect(self.url("postgres") + "?target_session_attrs=read-write", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return self.url(name)

    def members(self) -> list[dict[str, Any]]:
        """As the first of the Patronis that answers sees them."""
        for address in ADDRESSES.values():
            with (
                contextlib.suppress(OSError, ValueError),
                urlopen(self._patroni(address, "cluster"), timeout=3) as said,
            ):
                found: list[dict[str, Any]] = json.load(said)["members"]
                return found
        return []

    def of_role(self, role: str) -> Machine | None:
        name = next((one["name"] for one in self.members() if one["role"] == role), None)
        return next((machine for machine in self.machines if machine.name == name), None)

    @property
    def primary(self) -> Machine:
        return self._surely("leader")

    @property
    def standby(self) -> Machine:
        """The one that commits wait for."""
        return self._surely("sync_standby")

    def _surely(self, role: str) -> Machine:
        found = self.of_role(role)
        assert found, f"Nobody is {role}: {self.members()}"
        return found

    def takes_writes(self, machine: Machine) -> bool:
        try:
            with urlopen(self._patroni(machine.address, "primary"), timeout=1):
                return True
        except OSError:
            return False

    def other_than(self, machine: Machine) -> Callable[[], bool]:
        """Whether another machine takes writes."""
        return lambda: any(self.takes_writes(one) for one in self.machines if one is not machine)

    def healthy(self) -> bool:
        members = self.members()
        up = [one for one in members if one["state"] in ("running", "streaming") and one.get("lag", 0) == 0]
        return len(up) == len(ADDRESSES) and {"leader", "sync_standby"} <= {one["role"] for one in members}

    def wait_until(self, holds: Callable[[], bool]) -> float:
        """How long it took, in seconds."""
        started_s = time.monotonic()
        while not holds():
            waited_s = time.monotonic() - started_s
            assert waited_s < HEALTHY_TIMEOUT_S, f"Not so after {waited_s:.0f} s: {self.members()}\n{self.logs()}"
            time.sleep(0.1)
        return time.monotonic() - started_s

    def logs(self) -> str:
        """The last that each Patroni said."""
        said = (f"{one.name}: {(one.folder / 'patroni.log').read_text()[-LOG_CHARACTERS:]}" for one in self.machines)
        return "\n".join(said)

    def switch_over(self) -> None:
        wanted = {"leader": self.primary.name, "candidate": self.standby.name}
        asked = Request(
            self._patroni(self.primary.address, "switchover"),
            data=json.dumps(wanted).encode(),
            headers={"Content-Type": "application/json"},
        )
        urlopen(asked, timeout=60).close()

    def etcd_leader(self) -> Machine:
        endpoints = ",".join(f"{address}:{ETCD_PORT}" for address in ADDRESSES.values())
        command = ["etcdctl", f"--endpoints={endpoints}", "endpoint", "status", "--write-out=json"]
        said = subprocess.run(
            command, env={**os.environ, "ETCDCTL_API": "3"}, capture_output=True, text=True, check=True
        )
        for one in json.loads(said.stdout):
            if one["Status"]["leader"] == one["Status"]["header"]["member_id"]:
                return next(machine for machine in self.machines if machine.address in one["Endpoint"])
        raise AssertionError(f"No etcd leads: {said.stdout}")

    @staticmethod
    def _patroni(address: str, what: str) -> str:
        return f"http://{address}:{PATRONI_PORT}/{what}"


def may_run() -> bool:
    """Whether processes can be started as the user that PostgreSQL runs as."""
    with contextlib.suppress(KeyError):
        return os.geteuid() in (0, pwd.getpwnam(USER).pw_uid)
    return False
