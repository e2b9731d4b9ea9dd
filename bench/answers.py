"""What an answer costs as a country's licenses grow: `python -m bench.answers`.

For questions that name a company or a customs code, as ratios to the same questions over a hundredth of the licenses.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from service.api.http.register import Register, known_at
from service.app import open_register
from service.log.database import migrate
from service.register.ask import answer
from service.register.known import Known
from service.register.post import posted_of
from service.register.shapes import Question
from service.settings import Settings

SIZES = (1_000, 100_000)
TOGETHER = 500
ASKED = 60


def main() -> None:
    cost = {size: cost_us(size) for size in SIZES}
    for name, small in cost[SIZES[0]].items():
        large = cost[SIZES[1]][name]
        print(
            f"a question that names {name:16} {SIZES[0]:,} licenses {small:8.0f} µs, "
            f"{SIZES[1]:,} licenses {large:8.0f} µs {large / small:8.2f} times"
        )


def cost_us(size: int) -> dict[str, float]:
    with register(size) as found:
        return {name: median_us(found, questions) for name, questions in questions_of(size).items()}


@contextmanager
def register(size: int) -> Iterator[Register]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/lodestone.db", signing_key_file=f"{folder}/key")  # type: ignore[arg-type]
        migrate(settings.database_url)
        found = open_register(settings)
        for first in range(0, size, TOGETHER):
            events = [license_(number) for number in range(first, min(first + TOGETHER, size))]
            found.log.append(posted_of({"events": events}, TOGETHER).events, "bench")
        found.log.append(posted_of(RESTRICTION, 1).events, "bench")
        try:
            yield found
        finally:
            found.close()


RESTRICTION = {
    "stream": "restriction/cn-bench",
    "type": "restriction.announced",
    "data": {
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [{"hs": "8505"}]},
        "in_force": {"from": "2025-04-04"},
    },
    "source": {"tier": "issuer_text", "published_at": "2025-04-04"},
}


def license_(number: int) -> dict[str, Any]:
    """Each names its own company; of each thousand, one is for the heading asked about, the rest for others."""
    return {
        "stream": f"license/bench-{number}",
        "type": "license.granted",
        "effective": "2025-05-01",
        "data": {
            "issuer": "CN",
            "destination": "IN",
            "end_users": [{"name": f"Company {number}", "country": "IN"}],
            "lines": [{"commodity": {"hs": f"{heading(number)}11"}}],
            "validity": {"from": "2025-05-01", "through": "open"},
        },
        "source": {"tier": "issuer_text", "published_at": "2025-05-01"},
    }


def heading(number: int) -> str:
    """As many licenses share a heading whatever the size, so that the same number is in scope."""
    return f"{1000 + number // 10:04}"[-4:] if number >= 10 else "8505"


def questions_of(size: int) -> dict[str, list[Question]]:
    asked = {"controller": "CN", "destination": "IN"}
    companies = [
        {"commodity": {"hs": "850511"}, "end_user": {"name": f"Company {number * 7919 % size}", "country": "IN"}}
        for number in range(ASKED)
    ]
    return {
        "a company": [Question.model_validate(asked | one) for one in companies],
        "a customs code": [Question.model_validate(asked | {"commodity": {"hs": "850511"}})] * ASKED,
    }


def median_us(found: Register, questions: list[Question]) -> float:
    spent = []
    for question in questions:
        started = time.perf_counter()
        with found.reading() as connection:
            answer(question, Known(connection, known_at(connection, None)), found.today())
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1e6


if __name__ == "__main__":
    main()
