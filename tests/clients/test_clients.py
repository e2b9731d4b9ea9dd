"""The generated clients: checked as strictly as their languages can, and run against a live register.

`make clients-test` generates them first. Without node the test of the TypeScript client is skipped, or fails where
LODESTONE_REQUIRE_NODE is 1.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.keys import Scope
from service.log.database import migrate
from tests import serving
from tests.api.keys import new_key

pytestmark = pytest.mark.clients

CLIENTS = Path(__file__).parents[2] / "clients"
PYTHON = CLIENTS / ".venv" / "bin" / "python"
PROGRAM_TIMEOUT_S = 60


@dataclass
class Opened:
    """A register that listens, and a key that writes."""

    url: str
    key: str
    events: int


@pytest.fixture
def live(database_url: str) -> Iterator[Opened]:
    with serving.live(database_url) as register:
        yield Opened(register.url, new_key(database_url, Scope.WRITE), register.events)


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found and (CLIENTS / "generated" / "typescript" / "lodestone.d.ts").is_file():
        return found
    reason = "No TypeScript client: node or npm is missing, or `make clients` was not run."
    if os.environ.get("LODESTONE_REQUIRE_NODE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def said(*command: str | Path, **environment: str) -> list[str]:
    """What a program prints that ends well."""
    outcome = subprocess.run(
        command,
        cwd=CLIENTS,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PROGRAM_TIMEOUT_S,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout.splitlines()


def did_the_job(lines: list[str], live: Opened) -> None:
    recorded, headline, *rest = lines
    assert recorded == f"recorded at {live.events + 1}"
    assert headline.startswith("A license is required for rare earth magnets from China to India")
    assert rest == [
        "control: license_required facts to state: 0",
        "rests on China's licensing requirement by press_named",
        f"events: {live.events + 1} companies: 1",
        "refused: 422 /data/country",
    ]


def test_the_use_of_the_python_client_and_the_client_itself_are_typed_strictly():
    mypy = Path(sys.executable).with_name("mypy")
    strictly = ("--strict", "--config-file", "", "--python-executable")
    said(mypy, *strictly, PYTHON, "with_python.py", MYPYPATH="generated/python")


def test_the_python_client_does_the_main_job(live: Opened):
    did_the_job(said(PYTHON, "with_python.py", live.url, live.key, PYTHONPATH="generated/python"), live)


@pytest.fixture(scope="module")
def compiled(node: str) -> Path:
    """The TypeScript program, compiled with settings that allow nothing to be left to chance."""
    said(node, "node_modules/typescript/bin/tsc", "--project", "tsconfig.json")
    return CLIENTS / "generated" / "compiled" / "with_typescript.js"


def test_the_typescript_client_compiles_strictly_and_does_the_main_job(node: str, compiled: Path, live: Opened):
    did_the_job(said(node, compiled, live.url, live.key), live)


WRONG = [
    ('tier: "holder"', 'tier: "hearsay"'),
    ('name: "Example Magnets", country', "country"),
    ("source?.tier", "source.tier"),
    ("answer.turns_on", "answer.turns_of"),
    ("posted.data.position", "posted.data.posision"),
    ('"name" in recorded.data', "recorded.data.name"),
]


@pytest.fixture
def wrong(node: str) -> Iterator[Path]:
    """A project of programs that ask for what the document does not hold, one each."""
    folder = CLIENTS / "generated" / "wrong"
    folder.mkdir(exist_ok=True)
    program = (CLIENTS / "with_typescript.ts").read_text()
    for number, (before, after) in enumerate(WRONG):
        assert before in program
        there = program.replace("./generated/typescript", "../typescript")
        (folder / f"wrong{number}.ts").write_text(there.replace(before, after))
    files = [f"wrong{number}.ts" for number in range(len(WRONG))]
    settings = {"extends": "../../tsconfig.json", "compilerOptions": {"noEmit": True}, "files": files}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    yield folder
    shutil.rmtree(folder)


def test_what_the_document_does_not_hold_does_not_compile(node: str, wrong: Path):
    compiler = CLIENTS / "node_modules" / "typescript" / "bin" / "tsc"
    outcome = subprocess.run(
        [node, compiler, "--project", "."],
        cwd=wrong,
        capture_output=True,
        text=True,
        timeout=PROGRAM_TIMEOUT_S,
        check=False,
    )
    assert outcome.returncode != 0
    faulty = re.findall(r"^(wrong[0-9]\.ts)", outcome.stdout, re.MULTILINE)
    assert sorted(set(faulty)) == sorted(file.name for file in wrong.glob("wrong*.ts")), outcome.stdout


READS_ALL = """
import sys
from lodestone_client import Client
from lodestone_client.api.countries import get_country_status, list_countries
from lodestone_client.api.events import list_events
from lodestone_client.models import CountryList, CountryStatus, EventPage

with Client(base_url=sys.argv[1]) as client:
    after, events = 0, 0
    while (page := list_events.sync(client=client, after=after, limit=100)).events:
        assert isinstance(page, EventPage)
        after, events = page.next_after, events + len(page.events)
    countries = list_countries.sync(client=client)
    assert isinstance(countries, CountryList)
    for country in [one for one in countries.countries if one.controls][:8]:
        status = get_country_status.sync(country.code, client=client, limit=20)
        assert isinstance(status, CountryStatus), status
print(events)
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Live]:
    """A register with all that `make run` loads."""
    url = f"sqlite:///{tmp_path_factory.mktemp('corpus') / 'lodestone.db'}"
    migrate(url)
    with serving.live(url, "all") as register:
        yield register


def test_the_python_client_reads_every_event_of_the_corpus_and_the_status_of_controlling_countries(
    corpus: serving.Live,
):
    assert said(PYTHON, "-c", READS_ALL, corpus.url, PYTHONPATH="generated/python") == [str(corpus.events)]


FITS_ALL = """
import sys
import httpx
import lodestone_models as models

client, after = httpx.Client(base_url=sys.argv[1], timeout=120), 0
while (page := models.EventPage.model_validate_json(client.get("/v1/events", params={"after": after}).content)).events:
    after = page.next_after
for path, model in {
    "/v1/restrictions": models.RestrictionPage,
    "/v1/licenses": models.LicensePage,
    "/v1/milestones": models.MilestonePage,
    "/v1/notes": models.NotePage,
    "/v1/companies": models.CompanyPage,
    "/v1/commodities": models.CommodityPage,
    "/v1/groups": models.GroupPage,
    "/v1/calendar": models.Calendar,
    "/v1/conflicts": models.ConflictList,
    "/v1/countries/IN/status?limit=5": models.CountryStatus,
    "/v1/companies/jay-ushin/status": models.CompanyStatus,
}.items():
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    model.model_validate_json(answer.content)
question = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}, "detail": "full"}
models.AnswerList.model_validate_json(client.post("/v1/determinations", json=question).content)
models.Problem.model_validate_json(client.post("/v1/determinations", json={"hs": 1}).content)
print(after)
"""


def test_pydantic_models_of_the_document_take_every_event_and_every_kind_of_thing_of_the_corpus(corpus: serving.Live):
    assert said(PYTHON, "-c", FITS_ALL, corpus.url, PYTHONPATH="generated/models") == [str(corpus.events)]


SDK = """
import { client } from "./client.gen.js";
import { determine, listEvents } from "./sdk.gen.js";

client.setConfig({ baseUrl: process.argv[2] ?? "" });
let after = 0;
for (;;) {
  const page = await listEvents({ query: { after, limit: 500 }, throwOnError: true });
  if (page.data.events.length === 0) break;
  after = page.data.next_after;
}
const body = { controller: "CN", destination: "IN", commodity: { name: "rare_earth_magnets" } };
const answered = await determine({ body, throwOnError: true });
console.log(after, answered.data.answers.length);
"""
SDK_SETTINGS = ["--target", "ES2022", "--module", "NodeNext", "--moduleResolution", "NodeNext", "--strict"]


def test_the_functions_of_hey_api_compile_strictly_and_read_every_event_of_the_corpus(node: str, corpus: serving.Live):
    source, compiled = CLIENTS / "generated" / "sdk", CLIENTS / "generated" / "sdk-compiled"
    (source / "main.ts").write_text(SDK)
    compiler = [node, "node_modules/typescript/bin/tsc", *SDK_SETTINGS, "--types", "node"]
    said(*compiler, "--outDir", compiled, source / "main.ts")
    assert said(node, compiled / "main.js", corpus.url) == [f"{corpus.events} 1"]


def test_plain_httpx_does_the_main_job(live: Opened):
    did_the_job(said(PYTHON, "with_httpx.py", live.url, live.key), live)
