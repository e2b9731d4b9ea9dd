"""Makes `.venv` what a lock file says, from whatever state it is in: `environment.py runtime` or `environment.py dev`.

Only the standard library, and only syntax that an old Python can read far enough to be told that it is too old. What is
installed is written to `.venv/lodestone.json` last of all, so an interrupted run is simply done again from nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "lodestone.json"

# A user's own settings may send packages elsewhere than into the environment, or lend it packages from outside.
FOREIGN_SETTINGS = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_DRY_RUN", "PIP_CONSTRAINT")


def main() -> None:
    if sys.argv[1:] not in (["runtime"], ["dev"]):
        sys.exit("usage: environment.py runtime|dev")
    refuse_unfit_python()
    # Two makes started at once would install over each other: the second waits, and then finds the work done.
    checkout = os.open(str(ROOT), os.O_RDONLY)
    fcntl.flock(checkout, fcntl.LOCK_EX)
    try:
        bring_up_to_date(sys.argv[1])
    except subprocess.CalledProcessError as failure:
        sys.exit(f"Setting up {VENV} failed: {' '.join(map(str, failure.cmd))} ended with {failure.returncode}.")
    except OSError as failure:
        sys.exit(f"Setting up {VENV} failed: {failure}")
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run starts the environment anew.")


def refuse_unfit_python() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info < (3, 11):
        sys.exit(
            f"Lodestone needs Python 3.11 or newer, and {sys.executable} is {version}: "
            f"install a newer one, or name it as in: make PYTHON=python3.13 run"
        )
    try:
        import ensurepip  # noqa: F401, PLC0415 - only asked whether it is there
        import venv  # noqa: F401, PLC0415 - only asked whether it is there
    except ImportError:
        sys.exit(
            f"{sys.executable} has no venv and ensurepip modules, which make the environment: install them "
            f"(on Debian and Ubuntu: apt-get install python{version}-venv), or name another Python: make PYTHON=... run"
        )


def bring_up_to_date(wanted: str) -> None:
    """Does as little as is needed: nothing, the project alone, the packages missing for `dev`, or everything anew."""
    stamp = read_stamp()
    # The development lock holds all that the runtime lock holds, so an environment once made for it stays so.
    lock = "dev" if "dev" in (wanted, stamp.get("lock")) else "runtime"
    if not holds(stamp):
        stamp = {}
    # What the stamp does not say of the interpreter yet is filled in below, once the environment exists.
    target = {"lock": lock, "packages": digest(lock), "project": project_digest(), "place": str(VENV)}
    if target.items() <= stamp.items():
        return
    STAMP.unlink(missing_ok=True)
    if not stamp:
        make_venv()
    if stamp.get("lock") != lock:
        install_packages(lock)
    install_project()
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text(json.dumps({**target, "python": venv_python_version()}, indent=1, sort_keys=True))
    unfinished.replace(STAMP)


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def holds(stamp: dict[str, str]) -> bool:
    """Whether the environment that the stamp describes is still there, at this place and with these packages."""
    return (
        stamp.get("lock") in ("runtime", "dev")
        and stamp.get("packages") == digest(stamp["lock"])
        and stamp.get("place") == str(VENV)
        and stamp.get("python") == venv_python_version() != ""
    )


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{lock}.lock").read_bytes()).hexdigest()


def project_digest() -> str:
    """Of what an editable installation is made from: the settings of linters in the same file do not count."""
    import tomllib  # noqa: PLC0415 - not there in a Python that is yet to be told that it is too old

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    parts = [settings["project"], settings["build-system"], settings.get("tool", {}).get("hatch")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def venv_python_version() -> str:
    """As `3.13`; empty where the environment's Python is missing, broken, or runs from another place."""
    probe = "import sys, pip; print(sys.prefix); print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [VENV / "bin" / "python", "-I", "-c", probe], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    prefix, version = answer.stdout.decode().splitlines()
    return version if Path(prefix).resolve() == VENV.resolve() else ""


def make_venv() -> None:
    say("making .venv with Python " + sys.version.split()[0])
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    subprocess.run([sys.executable, "-I", "-m", "venv", VENV], check=True, env=clean_environment())


def install_packages(lock: str) -> None:
    say(f"installing requirements/{lock}.lock")
    # Hashes pin every file whatever indexes the machine's own pip settings name; nothing outside the lock is resolved.
    pip("--require-hashes", "--no-deps", "-r", ROOT / "requirements" / f"{lock}.lock")


def install_project() -> None:
    pip("--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT)


def pip(*arguments: str | Path) -> None:
    quiet = ["-qq", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    subprocess.run(
        [VENV / "bin" / "python", "-I", "-m", "pip", "install", *quiet, *arguments], check=True, env=clean_environment()
    )


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN_SETTINGS}
    return {**kept, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


def say(what: str) -> None:
    print(f"lodestone: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
