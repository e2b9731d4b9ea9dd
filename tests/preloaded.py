"""The `lodestone` command without the seconds that its imports take: a process that has imported them forks for it.

`preloaded.py serve FOLDER` is that process; it imports once there is a file `FOLDER/wanted`, and ends when its standard
input does. `FOLDER/lodestone` is a command which
hands its arguments, its environment and its standard streams to it, hands on the signals that it gets, and ends as the
command ended. `FOLDER/program -c PROGRAM` runs one of Python in the same way.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

PRELOADED = (
    "service.app",
    "service.seeds",
    "httpx",
    "rich.progress",
    "typer.rich_utils",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
)
"""All but the command's own modules, which look at the terminal when they are imported."""
LENGTH_BYTES = 4
STREAMS = 3
STUB = """#!{python} -IS
import sys
sys.path.insert(0, {tests!r})
from preloaded import start
sys.exit(start({door!r}, {name!r}))
"""


def start(door: str, name: str) -> int:
    """Runs a command there by its name. The exit status, a signal's as 128 and its number."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(door)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: connection.sendall(bytes([number])))
        asked = {"arguments": [name, *sys.argv[1:]], "environment": dict(os.environ), "folder": str(Path.cwd())}
        request = json.dumps(asked).encode()
        socket.send_fds(connection, [len(request).to_bytes(LENGTH_BYTES)], range(STREAMS))
        connection.sendall(request)
        status = connection.recv(1)
        return status[0] if status else 1


def serve(folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nobody waits for those that look after one command each.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while not (folder / "wanted").exists():
        if select.select([sys.stdin], [], [], 0.05)[0]:
            return
    for name in PRELOADED:
        import_module(name)
    # So that a child that ends does not take apart what it never touched, which takes a second.
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door"))
        door.listen(100)
        for name in ("program", "lodestone"):
            write_stub(folder, name)
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                look_after(connection)
            connection.close()


def write_stub(folder: Path, name: str) -> None:
    stub, tests = folder / "unfinished", str(Path(__file__).parent)
    stub.write_text(STUB.format(python=sys.executable, tests=tests, door=str(folder / "door"), name=name))
    stub.chmod(0o700)
    stub.rename(folder / name)


def look_after(connection: socket.socket) -> None:
    """Starts the command, hands on its signals, ends it with whoever asked for it, and tells how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, streams, _, _ = socket.recv_fds(connection, LENGTH_BYTES, STREAMS)
    request = json.loads(connection.recv(int.from_bytes(length), socket.MSG_WAITALL))
    pid = os.fork()
    if pid == 0:
        connection.close()
        become(request, streams)
    for stream in (*streams, *range(STREAMS)):
        os.close(stream)
    threading.Thread(target=hand_on, args=(connection, pid), daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    connection.sendall(bytes([status if status >= 0 else 128 - status]))
    os._exit(0)


def hand_on(connection: socket.socket, pid: int) -> None:
    while number := connection.recv(1):
        os.kill(pid, number[0])
    os.kill(pid, signal.SIGKILL)


def become(request: dict[str, Any], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Made anew, since whether lines are kept back depends on what a stream leads to.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    name, *arguments = request["arguments"]
    if name == "program":
        option, program, *rest = arguments
        sys.argv = [option, *rest]
        exec(program, {"__name__": "__main__"})
        raise SystemExit
    sys.argv = [name, *arguments]
    raise SystemExit(import_module("service.cli").app())


if __name__ == "__main__":
    serve(Path(sys.argv[2]))
