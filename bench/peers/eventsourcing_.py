"""eventsourcing: one event of its own stream for each insert, by its recorder for applications."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

url, clients, count = urlsplit(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
STATE = b"x" * 600
datastore = PostgresDatastore(
    url.path[1:], parse_qs(url.query)["host"][0], url.port or 5432, url.username or "postgres", "", pool_size=clients
)
recorder = PostgresApplicationRecorder(datastore)
recorder.create_table()


def work(_: int) -> None:
    for _ in range(count // clients):
        recorder.insert_events([StoredEvent(uuid4(), 1, "license.granted", STATE)])


work(0)
started = time.perf_counter()
with ThreadPoolExecutor(clients) as pool:
    list(pool.map(work, range(clients)))
print(json.dumps({"seconds": time.perf_counter() - started}))
datastore.close()
