"""Rules about the tree as a whole: which way imports point, and what no file may hold."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Put together here, so that this file holds none of them itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("docker", "io"),
            ("docker", "com"),
            ("ghcr", "io"),
            ("quay", "io"),
            ("deb", "debian", "org"),
            ("crates", "io"),
        )
    )
    + r"|--(?:extra-)?index-url|--find-links"
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}-])/(?:root|work|home/[a-z]+|Users/[a-z]+)/")
LOCKED = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_one_way():
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.fixture
def small_service(tmp_path: Path) -> Path:
    """A package of the same shape as ours that keeps the rule."""
    files = {
        "__init__": "",
        "errors": "",
        "logs": "",
        "settings": "",
        "domain/__init__": "import service.errors",
        "log/__init__": "import sqlalchemy, service.domain",
        "feeds/__init__": "import service.register",
        "projections/__init__": "import service.log",
        "register/__init__": "import service.projections",
        "api/__init__": "import fastapi, service.register",
        "console": "import service.api",
        "keys": "import service.log",
        "lists": "import service.register",
        "offline": "import service.register",
        "redaction": "import service.projections",
        "seeds": "import service.register",
        "terminal": "import service.settings",
        "app": "import service.api, service.settings",
        "client": "import service.local",
        "local": "import service.app",
        "commands/__init__": "import service.app, service.client, service.offline, service.terminal",
        "cli": "import service.app, service.commands, service.seeds, service.settings",
    }
    for name, content in files.items():
        file = tmp_path / "service" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def test_a_package_that_keeps_the_import_rule_passes(small_service: Path):
    outcome = lint_imports(small_service)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


BREAKS = [
    ("errors", "service.domain"),
    ("domain/__init__", "service.log"),
    ("domain/__init__", "sqlalchemy"),
    ("domain/__init__", "fastapi"),
    ("log/__init__", "service.projections"),
    ("projections/__init__", "service.api"),
    ("projections/__init__", "service.settings"),
    ("register/__init__", "service.api"),
    ("seeds", "service.api"),
    ("api/__init__", "service.app"),
    ("app", "service.cli"),
]


def test_a_package_that_breaks_the_import_rule_is_refused_with_each_import_that_breaks_it(small_service: Path):
    for importer, imported in BREAKS:
        with (small_service / "service" / f"{importer}.py").open("a") as file:
            file.write(f"\nimport {imported}\n")
    outcome = lint_imports(small_service)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    told = " ".join(outcome.stdout.split())
    assert "BROKEN" in told
    names = [
        (f"service.{importer}".removesuffix("/__init__").replace("/", "."), imported) for importer, imported in BREAKS
    ]
    assert [pair for pair in names if f"{pair[0]} -> {pair[1]}" not in told] == []


def test_a_new_module_has_to_be_given_its_place_in_the_import_rule(small_service: Path):
    (small_service / "service" / "helpers.py").touch()
    assert lint_imports(small_service).returncode != 0


def our_files() -> list[Path]:
    """What is committed, or would be if all were."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip(f"Not a git checkout: {listed.stderr.strip()}")
    return sorted(file for name in set(listed.stdout.split("\0")) if name and (file := ROOT / name).is_file())


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for file in our_files():
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def test_no_file_names_a_package_registry():
    allowed = ("tests/test_layout.py:", "scripts/lock.py:")
    assert [line for line in lines_with(REGISTRY_HOSTS) if not line.startswith(allowed)] == []


def test_no_file_names_a_path_of_one_machine():
    assert lines_with(MACHINE_PATHS) == []


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (REGISTRY_HOSTS, "see https://" + "files.python" + "hosted.org/x", True),
        (REGISTRY_HOSTS, "--index" + "-url here", True),
        (REGISTRY_HOSTS, "image: python:3.13-slim", False),
        (MACHINE_PATHS, "open('/wo" + "rk/main/x')", True),
        (MACHINE_PATHS, "a frame/work/station", False),
        (MACHINE_PATHS, "/data/lodestone.db", False),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str, matches: bool):
    assert bool(pattern.search(text)) == matches


def test_alembic_has_no_init_file_since_it_would_shadow_the_library():
    assert not (ROOT / "alembic" / "__init__.py").exists()


def locked(name: str) -> dict[str, tuple[str, str]]:
    """Each package of a lock with its version and with the lines that belong to it."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    entries = (LOCKED.match(entry) for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE))
    return {canonicalize_name(entry[1]): (entry[2], entry.string) for entry in entries if entry}


def versions(name: str) -> dict[str, str]:
    return {package: version for package, (version, _) in locked(name).items()}


def requirements(group: str) -> list[Requirement]:
    """The project's own and those of a dependency group, with the groups that it includes."""
    found = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    waiting = [group]
    while waiting:
        for entry in PROJECT["dependency-groups"][waiting.pop()]:
            if isinstance(entry, dict):
                waiting.append(entry["include-group"])
            else:
                found.append(Requirement(entry))
    return found


@pytest.mark.parametrize(("lock", "group"), [("runtime", "build"), ("dev", "dev")])
def test_a_lock_holds_what_pyproject_asks_for_and_nothing_it_no_longer_asks_for(lock: str, group: str):
    asked = {canonicalize_name(requirement.name): requirement for requirement in requirements(group)}
    held = versions(lock)
    unmet = [str(asked[name]) for name in asked if held.get(name, "none") not in asked[name].specifier]
    named = {name for name, (_, lines) in locked(lock).items() if "lodestone (pyproject.toml" in lines}
    assert (unmet, named) == ([], set(asked)), "pyproject.toml and the lock differ: make lock"


def test_the_development_lock_holds_all_of_the_runtime_lock_at_the_same_versions():
    assert versions("runtime").items() <= versions("dev").items()


@pytest.mark.parametrize("lock", ["runtime", "dev", "clients"])
def test_every_locked_package_has_hashes(lock: str):
    entries = locked(lock)
    assert len(entries) > 20
    assert [name for name, (_, lines) in entries.items() if "--hash=sha256:" not in lines] == []


def test_the_lock_of_the_node_tools_names_no_address_and_a_digest_for_each():
    text = (ROOT / "clients" / "package-lock.json").read_text()
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert len(packages) > 20
    assert "://" not in text
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []
