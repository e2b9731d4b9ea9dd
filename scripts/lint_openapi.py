"""Holds the OpenAPI document against the specification, and against what Spectral and Redocly recommend.

Where node or npm is missing those two are left out, and that is said; with LODESTONE_REQUIRE_NODE=1 it is a failure.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "clients"
DOCUMENT = ROOT / "openapi" / "openapi.json"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def main(document: Path) -> int:
    failed = not valid(document)
    if (CLIENTS / "node_modules" / "lodestone.sha256").exists():
        failed |= spectral_finds(document) or redocly_finds(document)
    elif os.environ.get("LODESTONE_REQUIRE_NODE") == "1":
        print("openapi: Spectral and Redocly have to run here, and node or npm is missing.", file=sys.stderr)
        failed = True
    else:
        print("openapi: SKIPPED Spectral and Redocly: they need node 18 or newer, and npm.", file=sys.stderr)
    return int(failed)


def valid(document: Path) -> bool:
    # They take seconds to import, and tests import this file.
    from openapi_spec_validator import validate  # noqa: PLC0415
    from openapi_spec_validator.validation.exceptions import OpenAPIValidationError  # noqa: PLC0415

    try:
        validate(json.loads(document.read_text(encoding="utf-8")))
    except OpenAPIValidationError as invalid:
        print(f"openapi: {document.name} is no OpenAPI document: {invalid}", file=sys.stderr)
        return False
    return True


def spectral_finds(document: Path) -> bool:
    """Whether anything is found, down to a hint; it is printed."""
    said = run("spectral", "lint", "--quiet", "--ruleset", CLIENTS / "spectral.yaml", "-F", "hint", document)
    if said.returncode:
        print(said.stdout + said.stderr, file=sys.stderr)
    return said.returncode != 0


def redocly_finds(document: Path) -> bool:
    """The same, down to a warning: its own exit status counts errors alone."""
    said = run("redocly", "lint", "--config", CLIENTS / "redocly.yaml", "--format", "json", document)
    try:
        found = json.loads(said.stdout)["problems"]
    except (ValueError, KeyError):
        print(said.stdout + said.stderr, file=sys.stderr)
        return True
    for one in found:
        where = ", ".join(place.get("pointer", "") for place in one["location"])
        print(f"openapi: {one['severity']} {one['ruleId']} at {where}: {one['message']}", file=sys.stderr)
    return bool(found) or said.returncode != 0


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CLIENTS / "node_modules" / ".bin" / program, *arguments],
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT))
