"""Generates clients from openapi/openapi.json into clients/generated: Python always, TypeScript where node is there.

    clients/generated/python/lodestone_client       openapi-python-client, which works with httpx and attrs
    clients/generated/models/lodestone_models.py    datamodel-code-generator: pydantic models of every shape
    clients/generated/typescript/lodestone.d.ts     openapi-typescript, which works with openapi-fetch
    clients/generated/sdk                           hey-api openapi-ts: functions over fetch, one for each operation

The generators for Python have an environment of its own, clients/.venv, with requirements/clients.lock in it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "clients"
GENERATED = CLIENTS / "generated"
DOCUMENT = ROOT / "openapi" / "openapi.json"
LOCK = ROOT / "requirements" / "clients.lock"
VENV = CLIENTS / ".venv"
STAMP = VENV / "lodestone.sha256"
JSON = "application/json"


def main() -> int:
    # Two makes started at once would generate over each other: the second waits, and does it again.
    folder = os.open(CLIENTS, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        environment()
        python()
        models()
        typescript()
    except subprocess.CalledProcessError as failure:
        print(f"lodestone: {failure.cmd[0]} ended with {failure.returncode}", file=sys.stderr)
        return 1
    return 0


def environment() -> None:
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    print("lodestone: installing requirements/clients.lock", file=sys.stderr, flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-I", "-m", "venv", VENV], check=True)
    quiet = ["-qq", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    pinned = ["--require-hashes", "--no-deps", "-r", LOCK]
    subprocess.run([VENV / "bin" / "python", "-I", "-m", "pip", "install", *quiet, *pinned], check=True)
    STAMP.write_text(wanted)


def python() -> None:
    document = GENERATED / "openapi.json"
    target = GENERATED / "python" / "lodestone_client"
    target.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(json.dumps(in_json_alone(json.loads(DOCUMENT.read_text(encoding="utf-8")))))
    command = [VENV / "bin" / "openapi-python-client", "generate", "--path", document, "--output-path", target]
    options = ["--config", CLIENTS / "python.yaml", "--meta", "none", "--overwrite", "--fail-on-warning"]
    # What the generator could not read and leaves out is a warning: here, a failure.
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    (target / "py.typed").touch()


def models() -> None:
    target = GENERATED / "models" / "lodestone_models.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [VENV / "bin" / "datamodel-codegen", "--input", DOCUMENT, "--output", target]
    options = ["--input-file-type=openapi", "--output-model-type=pydantic_v2.BaseModel", "--target-python-version=3.11"]
    options += ["--use-annotated", "--use-title-as-name", "--formatters=builtin", "--disable-timestamp"]
    subprocess.run([*command, *options], check=True, stderr=subprocess.DEVNULL)


def in_json_alone(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the other forms of what also goes as JSON: a client in one language wants one of them."""

    def reduced(part: Any) -> Any:
        if isinstance(part, dict):
            content = part.get("content")
            if isinstance(content, dict) and isinstance(content.get(JSON), dict):
                part = part | {"content": {JSON: content[JSON]}}
            return {name: reduced(value) for name, value in part.items()}
        return [reduced(one) for one in part] if isinstance(part, list) else part

    made: dict[str, Any] = reduced(document)
    return made


def typescript() -> None:
    tools = CLIENTS / "node_modules"
    if not (tools / "lodestone.sha256").is_file():
        print("lodestone: SKIPPED the TypeScript client: it needs node 18 or newer, and npm.", file=sys.stderr)
        return
    target = GENERATED / "typescript" / "lodestone.d.ts"
    target.parent.mkdir(parents=True, exist_ok=True)
    # A field with a default may be left out of what is sent.
    options = ["--default-non-nullable=false", "--output", target]
    subprocess.run([tools / ".bin" / "openapi-typescript", DOCUMENT, *options], check=True, stdout=subprocess.DEVNULL)
    sdk = ["--input", DOCUMENT, "--output", GENERATED / "sdk", "--client", "@hey-api/client-fetch", "--silent"]
    subprocess.run([tools / ".bin" / "openapi-ts", *sdk], check=True, cwd=CLIENTS, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
