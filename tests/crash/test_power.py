"""SQLite after power cuts: the file as the last acknowledged commit left it, and any part of what came after it."""

import secrets
import shutil
import uuid
from pathlib import Path
from random import Random

from service.log import read
from service.log.append import Log
from service.log.database import engine_for, reading
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed

CUTS = 30
SECTOR_BYTES = 512


def test_after_a_power_cut_every_acknowledged_event_is_there_and_no_gap(sqlite_url: str, tmp_path: Path):
    """A commit is acknowledged once its part of the WAL is on the disk. Of what the next one wrote, a cut leaves some
    sectors, in any order, and garbage in others."""
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random, database = Random(seed), Path(sqlite_url.removeprefix("sqlite:///"))
    engine = engine_for(sqlite_url)
    with Log(engine, decide, project_nothing) as log:
        acknowledged: list[str] = []
        durable = _files(database)
        for cut in range(CUTS):
            ids = [str(uuid.UUID(int=random.getrandbits(128), version=4)) for _ in range(random.randint(1, 5))]
            log.append([proposed(f"license/{random.randrange(3)}", id=id_) for id_ in ids], "ann")
            after = _files(database)
            left = tmp_path / f"cut-{cut}"
            left.mkdir()
            _cut(left, durable, after, random)
            recorded = _recorded(left / database.name)
            assert recorded[: len(acknowledged)] == acknowledged
            assert recorded[len(acknowledged) :] in ([], ids)
            shutil.rmtree(left)
            acknowledged += ids
            durable = after
    engine.dispose()


def _files(database: Path) -> dict[str, bytes]:
    """The file, and its WAL. The index of the WAL is in memory, and made anew."""
    return {name.name: name.read_bytes() for name in (database, Path(f"{database}-wal")) if name.exists()}


def _cut(folder: Path, durable: dict[str, bytes], after: dict[str, bytes], random: Random) -> None:
    for name, content in after.items():
        before = durable.get(name, b"")
        left = bytearray(content[: random.randint(min(len(before), len(content)), len(content))])
        for at in range(len(before) // SECTOR_BYTES * SECTOR_BYTES, len(left), SECTOR_BYTES):
            if random.random() < 0.3 and at >= len(before):
                left[at : at + SECTOR_BYTES] = random.randbytes(min(SECTOR_BYTES, len(left) - at))
        (folder / name).write_bytes(left)


def _recorded(database: Path) -> list[str]:
    engine = engine_for(f"sqlite:///{database}")
    with reading(engine) as connection:
        head = verify(connection)
        found = [event.id for batch in read.batches(connection, head.position) for event in batch]
    engine.dispose()
    return found
