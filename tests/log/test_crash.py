"""A process killed in the middle of appending."""

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import Engine

from service.log import read
from service.log.append import Log
from service.log.database import reading
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed

# Each acknowledged id is written to standard output at once; what was not written was not acknowledged.
APPENDING = """
import os, sys, threading
from service.log.append import Log
from service.log.database import engine_for
from tests.log.examples import decide, project_nothing, proposed
log = Log(engine_for(sys.argv[1]), decide, project_nothing)
def write(name):
    while True:
        for event in log.append([proposed(f"license/{name}"), proposed("license/shared")], str(name)).events:
            os.write(1, (event.id + "\\n").encode())
for name in range(8):
    threading.Thread(target=write, args=(name,)).start()
"""


@pytest.mark.crash
@pytest.mark.parametrize("after_s", [0.1, 0.25, 0.4, 0.6])
def test_a_killed_process_leaves_no_gap_and_every_acknowledged_event(
    database_url: str, engine: Engine, after_s: float
) -> None:
    process = subprocess.Popen([sys.executable, "-c", APPENDING, database_url], stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    acknowledged = (first + process.stdout.read()).decode().split()
    process.stdout.close()
    process.wait()
    with Log(engine, decide, project_nothing) as log:
        log.append([proposed()], "after the crash")
    with reading(engine) as connection:
        head = verify(connection)
        recorded = [event.id for batch in read.batches(connection, head.position) for event in batch]
    assert len(recorded) == head.position
    assert len(acknowledged) > 8
    # The last line may have been cut by the kill.
    assert {id_ for id_ in acknowledged if len(id_) == len(recorded[0])} <= set(recorded)
