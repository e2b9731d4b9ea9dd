"""`import-list`: editions of official lists, made up in the form in which they are published."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run

GOODS = {
    "stream": "commodity/items-subject-to-the-ear",
    "type": "commodity.defined",
    "data": {"name": "items_subject_to_the_ear", "title": "Items subject to the regulations", "parts": []},
    "source": {"tier": "issuer_text", "title": "The regulations", "published_at": "2022-01-01"},
}
DENIED = "Presumption of denial"


def result(name: str, country: str | None = "CN", **more: Any) -> dict[str, Any]:
    """An entry as the Consolidated Screening List has it."""
    return {
        "id": name.lower().replace(" ", "-"),
        "source": "Entity List (EL) - Bureau of Industry and Security",
        "entity_number": None,
        "name": name,
        "alt_names": [],
        "addresses": [{"address": "1 Road", "city": "Town", "state": None, "postal_code": None, "country": country}],
        "federal_register_notice": "90 FR 1234",
        "start_date": "2025-09-16",
        "end_date": None,
        "license_policy": DENIED,
        "license_requirement": "For all items subject to the EAR",
        "source_list_url": "https://example.org/entity-list",
        "source_information_url": "https://example.org/entity-list",
    } | more


def edition(where: Path, day: str, *results: dict[str, Any]) -> Path:
    used = [{"source": results[0]["source"], "source_last_updated": f"{day}T04:00:00+00:00"}] if results else []
    file = where / f"csl-{day}.json"
    file.write_text(json.dumps({"total": len(results), "sources_used": used, "results": list(results)}))
    return file


@pytest.fixture
def register(lodestone: Run) -> Run:
    assert lodestone("post", "-", stdin=json.dumps(GOODS)).exit_code == 0
    return lodestone


def loaded(run: Run, *arguments: object) -> str:
    outcome = run("import-list", *arguments)
    assert outcome.exit_code == 0, outcome.stderr
    return str(outcome.stdout)


def control(run: Run, name: str, day: str, country: str = "CN") -> Any:
    question = {
        "controller": "US",
        "destination": country,
        "commodity": {"name": "items_subject_to_the_ear"},
        "end_user": {"name": name, "country": country},
        "as_of": day,
    }
    return json.loads(run("ask", "-", "--json", stdin=json.dumps(question)).stdout)["answers"][0]["control"]


def changed(run: Run, file: Path, *more: object) -> list[tuple[str, str]]:
    """What a preview says of an edition: each change with its names."""
    lines = [line.split("\t") for line in loaded(run, file, "--preview", *more).splitlines() if "\t" in line]
    return [(line[0], line[2]) for line in lines[1:]]


def test_a_party_is_listed_from_its_first_day_on_under_each_of_its_names(register: Run, tmp_path: Path):
    file = edition(tmp_path, "2026-01-10", result("Some Circuits", alt_names=["Circuits of Somewhere"]))
    loaded(register, file)
    for name in ("Some Circuits", "Circuits of Somewhere"):
        assert control(register, name, "2025-09-15") == "no_data"
        assert control(register, name, "2025-09-16") == "presumption_of_denial"
    assert control(register, "Another Works", "2026-02-01") == "no_data"


def test_the_same_edition_loaded_again_changes_nothing(register: Run, tmp_path: Path):
    file = edition(tmp_path, "2026-01-10", result("Some Circuits"), result("Other Circuits"))
    assert "2 names added" in loaded(register, file)
    assert "nothing changes" in loaded(register, file)


def test_a_newer_edition_adds_amends_and_takes_off_and_says_so(register: Run, tmp_path: Path):
    kept, gone = result("Some Circuits"), result("Old Circuits")
    alone = result("Lone Circuits", federal_register_notice="88 FR 9")
    loaded(register, edition(tmp_path, "2026-01-10", kept, gone, alone))
    new = result("New Circuits")
    later = result("Late Circuits", federal_register_notice="91 FR 5", start_date="2026-02-01")
    newer = edition(tmp_path, "2026-03-01", kept, new, later)
    assert sorted(changed(register, newer)) == [
        ("add", "+ Late Circuits"),
        ("amend", "+ New Circuits, - Old Circuits"),
        ("take off", "- Lone Circuits"),
    ]
    assert control(register, "Old Circuits", "2026-03-02") == "presumption_of_denial"
    loaded(register, newer)
    assert control(register, "Old Circuits", "2026-02-28") == "presumption_of_denial"
    assert control(register, "Old Circuits", "2026-03-01") != "presumption_of_denial"
    assert control(register, "Lone Circuits", "2026-03-01") != "presumption_of_denial"
    assert control(register, "New Circuits", "2026-03-01") == "presumption_of_denial"
    assert control(register, "Some Circuits", "2026-03-01") == "presumption_of_denial"


def test_a_party_that_comes_back_is_listed_anew(register: Run, tmp_path: Path):
    back, other = result("Some Circuits"), result("Other Circuits", federal_register_notice="88 FR 9")
    loaded(register, edition(tmp_path, "2026-01-10", back, other))
    loaded(register, edition(tmp_path, "2026-02-10", other))
    loaded(register, edition(tmp_path, "2026-03-10", back, other))
    assert control(register, "Some Circuits", "2026-02-20") != "presumption_of_denial"
    assert control(register, "Some Circuits", "2026-03-10") == "presumption_of_denial"


def test_an_older_edition_is_refused(register: Run, tmp_path: Path):
    loaded(register, edition(tmp_path, "2026-03-01", result("Some Circuits")))
    older = register("import-list", edition(tmp_path, "2026-01-10", result("Other Circuits")))
    assert older.exit_code == 1
    assert "newer than that of 2026-01-10" in older.stderr


def test_a_preview_records_nothing(register: Run, tmp_path: Path):
    loaded(register, edition(tmp_path, "2026-01-10", result("Some Circuits")), "--preview")
    assert control(register, "Some Circuits", "2026-01-10") == "no_data"


def test_a_list_of_which_nobody_knows_how_it_restricts_is_left_out_and_said_to_be(register: Run, tmp_path: Path):
    sanctions = result("Some Bank", source="Specially Designated Nationals (SDN) - Treasury Department")
    file = edition(tmp_path, "2026-01-10", result("Some Circuits"), sanctions)
    outcome = register("import-list", file, "--preview")
    assert "SDN is left out" in outcome.stderr
    assert "Some Bank" not in outcome.stdout
    asked = loaded(register, file, "--list", "SDN", "--kind", "prohibition", "--as-of", "2026-01-10", "--preview")
    assert "+ Some Bank" in asked


def test_no_license_exception_serves_a_party_that_nobody_verified(register: Run, tmp_path: Path):
    unverified = result("Some Circuits", source="Unverified List (UVL) - Bureau of Industry and Security")
    loaded(register, edition(tmp_path, "2026-01-10", unverified))
    events = json.loads(register("events", "--after", 16, "--json").stdout)["events"]
    assert [event["data"]["bars_license_types"] for event in events] == [["exception"]]
    assert control(register, "Some Circuits", "2026-01-10") == "conditional"


def test_an_entry_without_a_country_is_described_and_said_to_be(register: Run, tmp_path: Path):
    file = edition(tmp_path, "2026-01-10", result("Nowhere Works", country=None, addresses=[]))
    outcome = register("import-list", file)
    assert "1 of 1 entries state no country" in outcome.stderr
    assert control(register, "Nowhere Works", "2026-01-10") == "presumption_of_denial"
    assert control(register, "Somewhere Works", "2026-01-10") == "no_data"


TABLE = (
    "name,aliases,country,list,from,through,source\n"
    "Some Circuits,Circuits of Somewhere; Irgendwo,CN;HK,Watch List,2025-09-16,2026-06-30,https://example.org/1\n"
    "Other Circuits,,CN,Watch List,2025-09-16,,Notice 7\n"
)


def table(where: Path, text: str = TABLE) -> list[object]:
    file = where / "list.csv"
    file.write_text(text, encoding="utf-8")
    return [file, "--format", "csv", "--kind", "prohibition", "--as-of", "2026-01-10"]


def test_a_table_lists_parties_for_their_period(register: Run, tmp_path: Path):
    loaded(register, *table(tmp_path))
    for name, country in (("Some Circuits", "CN"), ("Irgendwo", "HK")):
        assert control(register, name, "2026-06-30", country) == "prohibited"
        assert control(register, name, "2026-07-01", country) != "prohibited"
    assert control(register, "Other Circuits", "2026-07-01") == "prohibited"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,country\nA,CN\n", "names the columns"),
        (TABLE.replace("2026-06-30", "30 June"), "YYYY-MM-DD"),
        (TABLE.replace("Other Circuits", ""), "an entry has a name"),
        (TABLE + "One,two\n", "all columns"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(register: Run, tmp_path: Path, text: str, said: str):
    outcome = register("import-list", *table(tmp_path, text))
    assert outcome.exit_code == 1
    assert said.lower() in outcome.stderr.lower()


def test_a_file_that_is_no_such_list_is_refused(register: Run, tmp_path: Path):
    file = tmp_path / "other.json"
    file.write_text('{"results": [{"name": "A"}]}')
    outcome = register("import-list", file)
    assert outcome.exit_code == 1
    assert "/results/0" in outcome.stderr
