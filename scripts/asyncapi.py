"""Writes openapi/asyncapi.json from the code; with `--check` compares it, and has AsyncAPI's own parser read it.

Where node or npm is missing the parser is left out, and that is said; with LODESTONE_REQUIRE_NODE=1 it is a failure.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from service.api.document.asyncapi import document
from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "clients"
FILE = ROOT / "openapi" / "asyncapi.json"


def main(*, check: bool) -> int:
    made = json.dumps(document(create_app(Settings()).openapi()), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if not check:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != made:
        print("lodestone: openapi/asyncapi.json is not what the code gives; run make openapi.", file=sys.stderr)
        return 1
    return parsed()


def parsed() -> int:
    if (CLIENTS / "node_modules" / "@asyncapi" / "parser").exists():
        return subprocess.run(["node", "asyncapi.mjs", FILE], cwd=CLIENTS, check=False).returncode
    print("asyncapi: SKIPPED the parser: it needs node 18 or newer, and npm.", file=sys.stderr)
    return int(os.environ.get("LODESTONE_REQUIRE_NODE") == "1")


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
