"""message-db: its schema as its package installs it, and its function for writing, once for each message."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg

url, clients, count, home = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
SQL = home / "node_modules/@eventide/message-db/database"
# In the order of its own script of installation. What that takes of pgcrypto, PostgreSQL 13 has itself.
ORDER = [
    "schema/message-store",
    "tables/messages",
    "types/message",
    *(
        f"functions/{name}"
        for name in (
            "message-store-version",
            "hash-64",
            "acquire-lock",
            "category",
            "is-category",
            "id",
            "cardinal-id",
            "stream-version",
            "write-message",
        )
    ),
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
]
DATA = json.dumps({"text": "x" * 590})
WRITE = "SELECT message_store.write_message(%s, %s, 'license.granted', %s, '{}', -1)"


def connected() -> "psycopg.Connection[tuple[int]]":
    return psycopg.connect(url, autocommit=True, options="-c search_path=message_store,public")


with connected() as owner:
    if owner.execute("SELECT to_regclass('message_store.messages')").fetchone() == (None,):
        for name in ORDER:
            owner.execute((SQL / f"{name}.sql").read_text())


def work(connection: "psycopg.Connection[tuple[int]]") -> None:
    for _ in range(count // clients):
        connection.execute(WRITE, (str(uuid4()), f"license-{uuid4()}", DATA))


connections = [connected() for _ in range(clients)]
work(connections[0])
started = time.perf_counter()
with ThreadPoolExecutor(clients) as pool:
    list(pool.map(work, connections))
print(json.dumps({"seconds": time.perf_counter() - started}))
for one in connections:
    one.close()
