"""Changes the code of domain/ and log/ in small ways, one at a time, and tells which changes no test notices.

    make mutants                        a random sample of 200 mutants
    make mutants ARGS="--sample 0"      all of them: hours
    make mutants ARGS="--only 'service.domain.claims*'"
    make mutants ARGS=--survivors       once more those that lived on in the run before, after tests were written

mutmut makes the mutants and runs the direct tests of the domain and of the log against each. What it writes stands in
mutants/, which is not committed. Ends with 1 where the share of mutants that were killed is below `--at-least`.
"""

import argparse
import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "mutants"
KILLED = {1, 3, -11, -24, 24, 36, 152, 255}
"""Exit codes of a run in which a test failed, or that never came to an end."""
SURVIVED, UNTESTED = 0, 33


def main() -> int:
    asked = _asked()
    lived_on = {name for name, code in _outcomes().items() if code is not None and code not in KILLED}
    if not (asked.again or asked.survivors):
        shutil.rmtree(MADE, ignore_errors=True)
    # The first run makes all mutants; one small module is tested, so that mutmut has something to do.
    _mutmut(["service.domain.truth*"], asked.at_once)
    names = [name for name in sorted(_outcomes()) if fnmatch.fnmatch(name, asked.only)]
    chosen = [name for name in names if name in lived_on] if asked.survivors else _sample(names, asked)
    if not chosen:
        # Without a name mutmut would run them all.
        print("No mutant fits.", file=sys.stderr)
        return 1
    _mutmut(chosen, asked.at_once)
    return _told(chosen, asked)


def _sample(names: list[str], asked: argparse.Namespace) -> list[str]:
    return random.Random(asked.seed).sample(names, asked.sample) if 0 < asked.sample < len(names) else names


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="how many mutants; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="what the sample is drawn by")
    parser.add_argument("--only", default="*", help="only mutants whose name fits this pattern")
    parser.add_argument("--again", action="store_true", help="keep the mutants of code that did not change")
    parser.add_argument("--survivors", action="store_true", help="only those that lived on in the run before")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, help="how many mutants at once")
    parser.add_argument("--at-least", type=float, default=0.9, help="the share that must be killed")
    return parser.parse_args()


def _mutmut(names: list[str], at_once: int) -> None:
    # The spinner that mutmut draws fills a log; what came of each mutant stands in files.
    with (ROOT / "mutants.log").open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", str(at_once), *names],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )


def _outcomes() -> dict[str, int | None]:
    """The exit code of the tests under each mutant; None where it was not run."""
    found: dict[str, int | None] = {}
    for file in MADE.rglob("*.meta"):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _told(chosen: list[str], asked: argparse.Namespace) -> int:
    outcomes = _outcomes()
    run = {name: outcomes[name] for name in chosen if outcomes.get(name) is not None}
    if not run:
        print("No mutant was run; mutants.log says why.", file=sys.stderr)
        return 1
    survivors = sorted(name for name, code in run.items() if code not in KILLED)
    for name in survivors:
        print(f"{'untested' if run[name] == UNTESTED else 'survived'}  {name}")
        print(_difference(name))
    share = 1 - len(survivors) / len(run)
    drawn = "those that had lived on" if asked.survivors else f"seed {asked.seed}"
    print(f"{len(run) - len(survivors)} of {len(run)} mutants killed ({share:.1%}), {drawn}")
    return 0 if share >= asked.at_least else 1


def _difference(name: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    changed = [line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(f"          {line}" for line in changed)


if __name__ == "__main__":
    sys.exit(main())
