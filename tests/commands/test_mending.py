"""`correct` and `retract`: what is recorded, by whose word, and what is shown to have changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.commands.effects import _difference, differences, questions
from tests.commands.conftest import Run

RULE: dict[str, Any] = {
    "id": "7d0f7f6c-0c0b-4b57-9d3e-0000000000a1",
    "stream": "restriction/cn-alloy",
    "type": "restriction.announced",
    "data": {
        "kind": "licensing",
        "controller": "CN",
        "instrument": {"number": "99/2025", "title": "A rule"},
        "scope": {"destinations": {"only": ["IN"]}, "commodities": [{"name": "alloy"}]},
        "announced_on": "2025-12-01",
        "in_force": {"from": "2026-01-01", "through": "open"},
    },
    "source": {"tier": "issuer_text", "title": "Announcement 99/2025", "published_at": "2025-12-01"},
}


@pytest.fixture
def ruled(lodestone: Run) -> Run:
    assert lodestone("post", "-", stdin=json.dumps(RULE)).exit_code == 0
    return lodestone


def last(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("events", "--after", 16, "--json").stdout)["events"][-1]
    return found


def test_a_correction_shows_what_changed_in_the_thing_and_in_its_answers(ruled: Run):
    done = ruled("correct", RULE["id"], "--set", "in_force.from=2026-07-01", "--as-of", "2026-03-01")
    assert done.exit_code == 0, done.output
    assert "in_force.from\t2026-01-01\t2026-07-01" in done.stdout
    assert "China → India · alloy · 2026-03-01" in done.stdout
    assert "  Before: A license is required for alloy from China to India" in done.stdout
    assert "  Now: Not yet in force for alloy from China to India" in done.stdout


def test_a_correction_holds_the_whole_data_and_the_source_of_what_it_corrects(ruled: Run):
    assert ruled("correct", 16, "--set", "in_force.from=2026-07-01", "--reason", "A typing error.").exit_code == 0
    recorded = last(ruled)
    wanted = {**RULE["data"], "in_force": {"from": "2026-07-01", "through": "open"}}
    assert (recorded["stream"], recorded["type"]) == (RULE["stream"], "record.corrected")
    assert (recorded["data"]["event"], recorded["data"]["reason"]) == (RULE["id"], "A typing error.")
    assert {name: value for name, value in recorded["data"]["data"].items() if value is not None} == wanted
    assert {name: value for name, value in recorded["source"].items() if value} == RULE["source"]


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        ("scope.destinations.only.0=JP", ("scope", "destinations"), {"only": ["JP"]}),
        ('scope.destinations="all"', ("scope", "destinations"), "all"),
        ('scope.end_uses=["military"]', ("scope", "end_uses"), ["military"]),
        ("instrument.number=100", ("instrument", "number"), "100"),
        ("instrument.url=https://example.org/a=b", ("instrument", "url"), "https://example.org/a=b"),
        ("instrument.title=null", ("instrument", "title"), None),
    ],
)
def test_a_field_is_named_by_its_path(ruled: Run, change: str, path: tuple[str, str], value: Any):
    done = ruled("correct", 16, "--set", change)
    assert done.exit_code == 0, done.output
    assert last(ruled)["data"]["data"][path[0]].get(path[1]) == value


def test_the_whole_data_may_come_from_a_file(ruled: Run, tmp_path: Path):
    (tmp_path / "data.json").write_text(json.dumps(RULE["data"] | {"kind": "prohibition"}))
    assert ruled("correct", 16, "--data", tmp_path / "data.json").exit_code == 0
    assert last(ruled)["data"]["data"]["kind"] == "prohibition"


def test_a_retraction_leaves_nothing_and_says_so(ruled: Run):
    done = ruled("retract", RULE["id"], "--as-of", "2026-03-01")
    assert done.exit_code == 0, done.output
    assert "Everything recorded about it is retracted" in done.stdout
    assert "  Now: Nothing is recorded about alloy from China to India" in done.stdout


def test_what_a_lower_tier_retracts_stands_and_it_is_told_why(ruled: Run):
    done = ruled("retract", 16, "--tier", "press_named", "--publisher", "A newspaper")
    assert last(ruled)["source"]["tier"] == "press_named"
    assert "What changed in restriction/cn-alloy\nNothing.\nSet aside: " in done.stdout
    assert "None of the 1 answers" in done.stdout


def test_said_twice_it_is_recorded_once(ruled: Run):
    first, again = (ruled("retract", 16, "--json") for _ in range(2))
    assert json.loads(first.stdout)["events"][0]["id"] == json.loads(again.stdout)["id"]
    assert (again.exit_code, last(ruled)["position"]) == (0, 17)


def test_what_is_retracted_is_not_retracted_again_whatever_the_reason(ruled: Run):
    assert ruled("retract", 16).exit_code == 0
    again = ruled("retract", 16, "--reason", "Once more.")
    assert (again.exit_code, again.stdout) == (0, "")
    assert f"Event 16 is already retracted by event 17 ({last(ruled)['id']}). Nothing is recorded." in again.stderr
    assert last(ruled)["position"] == 17


def test_a_correction_of_what_is_retracted_is_refused(ruled: Run):
    assert ruled("retract", 16).exit_code == 0
    refused = ruled("correct", 16, "--set", "in_force.from=2026-07-01")
    assert (refused.exit_code, last(ruled)["position"]) == (1, 17)
    assert "Event 16 is already retracted by event 17" in refused.stderr
    assert "lodestone retract 17" in refused.stderr


def test_a_retraction_that_was_taken_back_or_is_outranked_stands_in_nobodys_way(ruled: Run):
    assert ruled("retract", 16, "--tier", "press_named").exit_code == 0
    assert ruled("retract", 16).exit_code == 0
    assert ruled("retract", 18).exit_code == 0
    assert ruled("correct", 16, "--set", "in_force.from=2026-07-01").exit_code == 0
    assert [last(ruled)[name] for name in ("position", "type")] == [20, "record.corrected"]


def test_what_a_license_changes_is_shown_for_those_whom_it_names(ruled: Run):
    assert ruled("post", "-", stdin=json.dumps(license_to("Alloy Users Ltd"))).exit_code == 0
    done = ruled("retract", 17, "--as-of", "2026-03-01")
    asked, _, rest = done.stdout.partition("end user Alloy Users Ltd (IN) · 2026-03-01\n")
    assert asked and rest.splitlines()[0].count("Alloy Users Ltd is confirmed to hold a license.")
    assert "o license names Alloy Users Ltd." in rest.splitlines()[1]


def license_to(name: str) -> dict[str, Any]:
    return {
        "stream": "license/cn-alloy",
        "type": "license.granted",
        "effective": "2026-01-01",
        "data": {
            "type": "individual",
            "issuer": "CN",
            "destination": "IN",
            "end_users": [{"name": name, "country": "IN"}],
            "lines": [{"commodity": {"name": "alloy"}}],
            "validity": {"from": "2026-01-01", "through": "2099-12-31"},
        },
        "source": {"tier": "issuer_text"},
    }


@pytest.mark.parametrize("retracted", [17, 18])
def test_a_retraction_shows_what_it_takes_from_whom_a_correction_had_named(ruled: Run, retracted: int):
    assert ruled("post", "-", stdin=json.dumps(license_to("Zed Motors"))).exit_code == 0
    assert ruled("correct", 17, "--set", "end_users.0.name=Quorn Pumps").exit_code == 0
    done = ruled("retract", retracted, "--as-of", "2026-03-01")
    asked, _, rest = done.stdout.partition("end user Quorn Pumps (IN) · 2026-03-01\n")
    assert asked, done.stdout
    assert "Quorn Pumps is confirmed to hold a license." in rest.splitlines()[0]
    assert "o license names Quorn Pumps." in rest.splitlines()[1]


def test_two_answers_of_one_headline_are_told_apart_by_what_differs():
    then = {"headline": "A license is required.", "control": "license_required", "standing": "reported"}
    now = {**then, "standing": "unknown", "covered": None}
    assert list(_difference(then, now)) == [
        "The same in short: A license is required.",
        "Standing: reported, now unknown.",
    ]
    assert list(_difference(then, then))[1].startswith("What it rests on is otherwise")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Say what is corrected"),
        (["--set", "in_force"], "it is written FIELD=VALUE"),
        (["--set", "scope.commodities.7=x"], "nothing is at 7"),
        (["--set", "kind.x=1"], "There is no such field"),
        (["--set", "in_force.from=someday"], "  in_force.from: "),
        (["--set", "kind=prohibition", "--data", "-"], "not both"),
        (["--set", "kind=prohibition", "--publisher", "A newspaper"], "--tier: one of issuer_text"),
    ],
)
def test_what_cannot_be_corrected_is_told_and_nothing_is_recorded(ruled: Run, options: list[str], said: str):
    done = ruled("correct", 16, *options)
    assert (done.exit_code, said in done.stderr) == (1, True), done.output
    assert json.loads(ruled("events", "--after", 16, "--json").stdout)["events"] == []


def test_a_difference_is_told_field_by_field():
    before = {"state": "in_force", "lines": [{"line": 1, "x": None}], "said_by": ["a"], "to": ["IN", "DE"]}
    after = {"state": "ended", "lines": [{"line": 1, "x": "2"}], "said_by": ["b"], "to": ["IN"]}
    assert list(differences(before, after)) == [
        ("state", "in_force", "ended"),
        ("to", "IN, DE", "IN"),
        ("lines.1.x", "", "2"),
    ]
    assert list(differences(None, {"state": "ended"})) == [("state", "", "ended")]


def test_the_questions_of_a_license_are_about_its_goods_and_its_countries():
    thing = {
        "issuer": "CN",
        "destinations": ["IN", "group/asean"],
        "lines": [{"commodity": {"name": "alloy", "hs": None}}],
    }
    assert list(questions(thing)) == [{"controller": "CN", "destination": "IN", "commodity": {"name": "alloy"}}]


def test_the_questions_of_goods_are_about_them_from_anywhere():
    assert list(questions({"name": "alloy", "lines": [{"hs": "7202"}]})) == [{"commodity": {"name": "alloy"}}]
    assert list(questions({"title": "A meeting"})) == []
