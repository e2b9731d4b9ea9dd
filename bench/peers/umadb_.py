"""UmaDB: its own server on a port of this machine, and one tagged event for each append."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import umadb

clients, count = int(sys.argv[2]), int(sys.argv[3])
DATA = b"x" * 600
with socket.socket() as door:
    door.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{door.getsockname()[1]}"


def work(client: umadb.Client) -> None:
    for _ in range(count // clients):
        client.append([umadb.Event("license.granted", DATA, tags=[f"license/{uuid4()}"])])


with tempfile.TemporaryDirectory() as folder:
    command = [str(Path(sys.executable).with_name("umadb")), "--listen", address, "--db-path", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connected = [umadb.Client(f"http://{address}") for _ in range(clients)]
                break
            except Exception:
                time.sleep(0.05)
        work(connected[0])
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(work, connected))
        print(json.dumps({"seconds": time.perf_counter() - started}))
    finally:
        server.terminate()
        server.wait()
