"""Writes requirements/*.lock from pyproject.toml, for CPython 3.11 to 3.14 on Linux and macOS.

With `--upgrade` it takes the newest versions. The runtime lock is resolved with the versions of the development lock as
its preferences, since the first has to be a part of the second.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "requirements" / "dev.lock"
RUNTIME = ROOT / "requirements" / "runtime.lock"
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--annotation-style=line"]
# Addresses are the business of the machine that installs; a lock names packages, versions and hashes.
ADDRESS = re.compile(r"^\s*(--(extra-)?index-url|--find-links|-i|-f)\b.*\n", re.MULTILINE)


def main() -> None:
    compile_lock(DEV, "dev", *sys.argv[1:])
    shutil.copyfile(DEV, RUNTIME)
    compile_lock(RUNTIME, "build")


def compile_lock(lock: Path, group: str, *options: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "compile", "--quiet", *OPTIONS, *options, "--group", group, "pyproject.toml"]
    subprocess.run([*command, "--output-file", lock.relative_to(ROOT)], check=True, cwd=ROOT)
    lock.write_text(ADDRESS.sub("", lock.read_text()))


if __name__ == "__main__":
    main()
