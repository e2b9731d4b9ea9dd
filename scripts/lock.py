"""Writes requirements/*.lock for CPython 3.11 to 3.14 on Linux and macOS, and the node tools' lock.

With `--upgrade` it takes the newest versions. The runtime lock is resolved with the versions of the development lock as
its preferences, since the first has to be a part of the second.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "requirements" / "dev.lock"
RUNTIME = ROOT / "requirements" / "runtime.lock"
CLIENTS = ROOT / "requirements" / "clients.lock"
NODE = ROOT / "clients" / "package-lock.json"
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--annotation-style=line"]
# Addresses are the business of the machine that installs; a lock names packages, versions and hashes.
ADDRESS = re.compile(r"^\s*(--(extra-)?index-url|--find-links|-i|-f)\b.*\n", re.MULTILINE)


def main() -> None:
    compile_lock(DEV, "--group", "dev", "pyproject.toml", *sys.argv[1:])
    shutil.copyfile(DEV, RUNTIME)
    compile_lock(RUNTIME, "--group", "build", "pyproject.toml")
    compile_lock(CLIENTS, "--group", "clients", *sys.argv[1:])
    if shutil.which("npm"):
        lock_node_tools()


def compile_lock(lock: Path, *options: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "compile", "--quiet", *OPTIONS, *options]
    subprocess.run([*command, "--output-file", lock.relative_to(ROOT)], check=True, cwd=ROOT)
    lock.write_text(ADDRESS.sub("", lock.read_text()))


def lock_node_tools() -> None:
    """From the versions in clients/package.json. Addresses of those who ask for money are addresses too."""
    subprocess.run(["npm", "install", "--package-lock-only", "--loglevel=error"], check=True, cwd=NODE.parent)
    lock = json.loads(NODE.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    NODE.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
