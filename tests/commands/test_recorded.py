"""`event`, `history`, `commodities`, `companies`, `proof` and `evidence`: over a database and over a service."""

import json
import re
import shutil
from pathlib import Path

import pytest

from service.commands.recorded import PLURALS, history_path
from service.errors import InvalidRequest
from tests.commands.conftest import DAY, Run, runner

LICENSE = "license/cn-in-magnets-2025-10"
QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}, "as_of": DAY}


@pytest.fixture
def signing(sqlite_article: str, tmp_path: Path) -> Run:
    """The command line over the article, with a signing key."""
    run = runner(LODESTONE_DATABASE_URL=sqlite_article, LODESTONE_SIGNING_KEY_FILE=str(tmp_path / "signing.key"))
    assert run("keys", "signing").exit_code == 0
    return run


HELIUM = {
    "id": "628ffbd4-aed1-5f1d-a6b7-7bd4e992c55e",
    "stream": "commodity/helium",
    "type": "commodity.defined",
    "data": {"name": "helium", "title": "Helium", "lines": [{"hs": f"28042900{at}"} for at in range(10, 17)]},
    "source": {
        "tier": "issuer_statement",
        "publisher": "A ministry",
        "url": "https://example.org/helium",
        "published_at": "2026-07-10",
    },
}
COMPANIES = [
    {
        "stream": f"company/{name.lower()}",
        "type": "company.registered",
        "data": {"name": f"{name} Motors", "country": country},
        "source": {"tier": "press_named", "publisher": "A newspaper", "published_at": "2025-10-01"},
    }
    for name, country in (("Bharat", "IN"), ("Zagreb", "HR"))
]


@pytest.fixture
def with_more(sqlite_article: str, tmp_path: Path) -> Run:
    """The command line over a copy of the article, with goods and two companies added."""
    shutil.copyfile(sqlite_article.removeprefix("sqlite:///"), tmp_path / "lodestone.db")
    run = runner(LODESTONE_DATABASE_URL=f"sqlite:///{tmp_path / 'lodestone.db'}")
    assert run("post", "-", stdin=json.dumps([HELIUM, *COMPANIES])).exit_code == 0
    return run


@pytest.fixture
def asking(sqlite_article: str) -> Run:
    return runner(LODESTONE_DATABASE_URL=sqlite_article)


def test_an_event_is_shown_by_its_position_as_by_its_id(asking: Run):
    first = asking("event", 1, "--json")
    found = json.loads(first.stdout)
    assert found["position"] == 1
    assert asking("event", found["id"], "--json").stdout == first.stdout
    shown = asking("event", 1).stdout
    assert shown.startswith(f"{found['type']} of {found['stream']}\n")
    assert f"Id: {found['id']}" in shown


def test_an_event_is_shown_with_its_data_and_a_link_to_its_source(with_more: Run):
    shown = with_more("event", "628ffbd4-aed1-5f1d-a6b7-7bd4e992c55e").stdout.splitlines()
    assert "  Said by: A ministry, issuer statement" in shown
    assert "  Source: https://example.org/helium" in shown
    assert "  Published: 2026-07-10" in shown
    assert json.loads("".join(shown[shown.index("Data") + 1 :])) == HELIUM["data"]


@pytest.mark.parametrize(
    ("named", "said"),
    [("0", "not a log position"), ("99999", "has not reached"), ("abc", "not an event id"), ("-", "not an event id")],
)
def test_what_names_no_event_is_refused_with_what_to_write(asking: Run, named: str, said: str):
    told = asking("event", named)
    assert told.exit_code == 1
    assert said in told.stderr


def test_a_history_has_the_state_after_each_event_and_says_how_to_go_on(asking: Run):
    whole = json.loads(asking("history", LICENSE, "--json").stdout)["history"]
    shown = asking("history", LICENSE).stdout.splitlines()
    assert len(shown) == len(whole) + 1
    assert shown[1].split("\t")[:2] == [str(whole[0]["position"]), whole[0]["event"]["type"]]
    cut = asking("history", LICENSE, "--limit", 1)
    assert len(cut.stdout.splitlines()) == 2
    assert f"--after {whole[0]['position']}" in cut.stderr
    rest = asking("history", LICENSE, "--after", whole[0]["position"]).stdout.splitlines()
    assert rest[1:] == shown[2:]


def test_every_kind_of_thing_has_its_history():
    assert {history_path(f"{noun}/a") for noun in PLURALS} == {f"/v1/{plural}/a/history" for plural in PLURALS.values()}


@pytest.mark.parametrize("thing", ["license", "license/", "license/A", "lizenz/a", f"note/{'a' * 101}", "note/a/b"])
def test_what_is_no_thing_is_refused(thing: str):
    with pytest.raises(InvalidRequest, match="Write its kind and id"):
        history_path(thing)


@pytest.mark.parametrize("words", ["Helium", "helium gas", "2804290010"])
def test_goods_are_found_by_words_or_a_code_and_five_of_their_codes_are_shown(with_more: Run, words: str):
    goods = with_more("commodities", words).stdout.splitlines()
    codes = ", ".join(f"28042900{at}" for at in range(10, 15))
    assert goods == ["Name\tTitle\tCodes", f"helium\tHelium\t{codes} and 2 more"]


def test_a_company_is_found_by_its_name_and_a_cut_list_says_how_to_go_on(with_more: Run):
    cut = with_more("companies", "--limit", 1)
    assert cut.stdout.splitlines()[1:] == ["company/bharat\tBharat Motors\tIndia\t\t"]
    assert cut.stderr == "There is more: --after bharat\n"
    rest = with_more("companies", "--after", "bharat")
    assert [line.split("\t")[0] for line in rest.stdout.splitlines()[1:]] == ["company/zagreb"]
    found = with_more("companies", "zagreb motors").stdout.splitlines()[1].split("\t")
    assert (found[0], found[2], found[4]) == ("company/zagreb", "Croatia", "100")
    assert not with_more("companies", "zagreb motors", "--country", "de").stdout


@pytest.mark.parametrize("noun", ["commodities", "companies"])
def test_a_name_that_finds_nothing_is_told_so(asking: Run, noun: str):
    told = asking(noun, "xqzwvk")
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr.startswith("No ")


def test_a_saved_proof_is_verified_by_the_command_that_is_shown(signing: Run, tmp_path: Path):
    saved = signing("proof", 3, "--folder", tmp_path)
    assert saved.exit_code == 0, saved.output
    assert signing(*shown_command(saved.stdout)).stdout.startswith("Proven: event ")


def test_saved_evidence_is_verified_by_the_command_that_is_shown(signing: Run, tmp_path: Path):
    out = tmp_path / "answer.zip"
    saved = signing("evidence", "-", "-o", out, stdin=json.dumps(QUESTION))
    assert saved.exit_code == 0, saved.output
    assert signing(*shown_command(saved.stdout)).stdout.startswith("Proven: every event")
    out.write_bytes(out.read_bytes()[:-100])
    assert signing(*shown_command(saved.stdout)).exit_code == 1


def shown_command(printed: str) -> list[str]:
    """The arguments of the command that is shown to the person."""
    line = printed.splitlines()[-1].removeprefix("  lodestone ")
    return [one.strip("'") for one in re.findall(r"'[^']*'|\S+", line)]


def test_a_register_without_a_signing_key_proves_nothing(sqlite_article: str, tmp_path: Path):
    run = runner(LODESTONE_DATABASE_URL=sqlite_article, LODESTONE_SIGNING_KEY_FILE=str(tmp_path / "none"))
    assert run("proof", 1, "--folder", tmp_path).exit_code == 3
    assert not list(tmp_path.glob("*.proof"))
