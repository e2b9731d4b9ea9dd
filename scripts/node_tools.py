"""Makes clients/node_modules what clients/package-lock.json says, where node and npm are there; else does nothing.

What needs them says what it leaves out. With LODESTONE_REQUIRE_NODE=1 their absence is a failure.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent.parent / "clients"
STAMP = CLIENTS / "node_modules" / "lodestone.sha256"
OLDEST_NODE = 18


def main() -> int:
    if not fit():
        # Old tools must not answer for those that the lock names.
        STAMP.unlink(missing_ok=True)
        return int(os.environ.get("LODESTONE_REQUIRE_NODE") == "1")
    # Two makes started at once would install over each other: the second waits, and then finds the work done.
    folder = os.open(CLIENTS, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    wanted = hashlib.sha256((CLIENTS / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    print("lodestone: installing clients/package-lock.json", file=sys.stderr, flush=True)
    failed = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=CLIENTS, check=False)
    if failed.returncode == 0:
        STAMP.write_text(wanted)
    return failed.returncode


def fit() -> bool:
    """Whether there is a node that is new enough, with npm."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        print("lodestone: node and npm are not installed", file=sys.stderr)
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    if not (major.isdecimal() and int(major) >= OLDEST_NODE):
        print(f"lodestone: node is {said.strip() or 'broken'}, and {OLDEST_NODE} is the oldest of use", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
