"""How large answers are over the corpus: `python -m bench.sizes`.

All commodities of the corpus × all countries as determinations, every country's status with and without a commodity,
and every company's; median, 95th percentile and maximum in bytes. The whole sweep takes many minutes; `--every N` asks
each Nth question of it.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator

from starlette.testclient import TestClient

from service import seeds
from service.app import create_app
from service.domain.countries import names
from service.log.database import migrate
from service.log.progress import silent
from service.settings import Settings

LIMITS = {"determination": 8_000, "status of a commodity": 12_000, "status of a company": 20_000, "status page": 60_000}
TOGETHER = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="Ask each Nth question only.")
    every = parser.parse_args().every
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/lodestone.db", signing_key_file=f"{folder}/key")  # type: ignore[arg-type]
        migrate(settings.database_url)
        with TestClient(create_app(settings)) as client:
            seeds.load(client.app.state.register.log, seeds.read("all"), silent)  # type: ignore[attr-defined]
            for name, found in sizes(client, every).items():
                told = f"median {statistics.median(found):,.0f}, p95 {percentile(found, 95):,}, max {max(found):,}"
                print(f"{name}: {len(found):,} asked; {told} bytes; at most {LIMITS[name]:,}")


def sizes(client: TestClient, every: int) -> dict[str, list[int]]:
    goods = [one["name"] for one in client.get("/v1/commodities", params={"limit": 1000}).json()["commodities"]]
    companies = [one["id"] for one in client.get("/v1/companies", params={"limit": 1000}).json()["companies"]]
    pairs = [(name, country) for name in goods for country in names()]
    return {
        "determination": list(determinations(client, pairs[::every])),
        "status of a commodity": [
            size(client, f"/v1/countries/{country}/status", commodity=name) for name, country in pairs[:: every * 10]
        ],
        "status of a company": [size(client, f"/v1/companies/{company}/status") for company in companies],
        "status page": [size(client, f"/v1/countries/{country}/status") for country in list(names())[::every]],
    }


def determinations(client: TestClient, pairs: list[tuple[str, str]]) -> Iterator[int]:
    for start in range(0, len(pairs), TOGETHER):
        questions = [{"destination": to, "commodity": {"name": name}} for name, to in pairs[start : start + TOGETHER]]
        body = client.post("/v1/determinations", json={"questions": questions}).text
        yield from lengths(body)


def lengths(body: str) -> Iterator[int]:
    """The bytes of each answer of a list, as they were sent."""
    for answer in json.loads(body)["answers"]:
        yield len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def size(client: TestClient, path: str, **parameters: str) -> int:
    response = client.get(path, params=parameters)
    response.raise_for_status()
    return len(response.content)


def percentile(found: list[int], percent: int) -> int:
    return sorted(found)[min(len(found) * percent // 100, len(found) - 1)]


if __name__ == "__main__":
    main()
