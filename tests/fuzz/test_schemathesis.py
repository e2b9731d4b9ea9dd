"""What Schemathesis makes of the document is answered as the document says: all its checks, sequences of requests too.

A short run with the same cases each time; with the profile `fuzz` (`make fuzz`) a long one, other cases each time, that
says how many there were.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from service.keys import Scope
from tests import serving
from tests.api.keys import new_key

pytestmark = [pytest.mark.fuzz, pytest.mark.slow]

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
LONG = hypothesis.settings().max_examples > 1_000
LEAST_CASES = 25_000
SHORT = ["--phases", "fuzzing,stateful", "--max-examples", "1", "--generation-deterministic"]


def options() -> list[str]:
    if not LONG:
        return SHORT
    # A bound for a machine that is shared: LODESTONE_FUZZ_S seconds for each database, and as many cases as they give.
    if seconds := os.environ.get("LODESTONE_FUZZ_S"):
        return ["--max-time", seconds, "--no-shrink"]
    return ["--max-examples", "900", "--no-shrink"]


def test_every_case_is_answered_as_the_document_says(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """SQLite is asked without any key, PostgreSQL with one."""
    report = tmp_path / "report.json"
    with serving.live(database_url) as register:
        with_key = not database_url.startswith("sqlite")
        headers = ["--header", f"Authorization: Bearer {new_key(database_url, Scope.ADMIN)}"] if with_key else []
        command: list[str | Path] = [SCHEMATHESIS, "--config-file", CONFIG, "run", f"{register.url}/openapi.json"]
        reported = ["--no-color", "--report", "json", "--report-json-path", str(report)]
        outcome = subprocess.run(
            [*command, "--checks", "all", *reported, *headers, *options()],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    told = json.loads(report.read_text()) if report.exists() else {}
    cases = told.get("test_cases", {}).get("generated", 0)
    if LONG:
        with capsys.disabled():
            sys.stdout.write(f"\n{database_url.partition(':')[0]}: {cases} cases\n")
    assert outcome.returncode == 0, outcome.stdout[-20_000:] + outcome.stderr[-5_000:]
    assert told["operations"]["tested"] == told["operations"]["total"] > 30
    assert cases >= (LEAST_CASES if LONG and "LODESTONE_FUZZ_S" not in os.environ else 50)
