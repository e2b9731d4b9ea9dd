"""China's export control list and watch list: every name of every notice, held against the register.

`chinese_lists.jsonl` holds the notices apart from the seeds: number, first day, and each party as the notice writes it,
in Latin and in Chinese script, with its country.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from service import seeds
from tests.answers.facts import Register

NOTICES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("chinese_lists.jsonl").read_text(encoding="utf-8").splitlines()
]
Answers = Callable[..., list[dict[str, Any]]]
NAMES = 193
CONTROL = [notice for notice in NOTICES if notice["list"] == "control"]
WATCH = [notice for notice in NOTICES if notice["list"] == "watch"]


def named(notice: dict[str, Any]) -> str:
    return str(notice["number"] or notice["first_day"])


@pytest.fixture(scope="module")
def answers(corpus: Register) -> Answers:
    """What is answered for each party of a notice on a day, about gallium from China for civil use."""

    @cache
    def asked(number: int, day: str, script: int) -> list[dict[str, Any]]:
        return corpus.answers(
            *(
                {
                    "controller": "CN",
                    "destination": party[2],
                    "commodity": {"name": "gallium"},
                    "end_user": {"name": party[script], "country": party[2]},
                    "end_use": "civil",
                    "as_of": day,
                }
                for party in NOTICES[number]["parties"]
            )
        )

    return lambda notice, day, script=0: asked(NOTICES.index(notice), day, script)


def day_before(notice: dict[str, Any]) -> str:
    return (date.fromisoformat(notice["first_day"]) - timedelta(days=1)).isoformat()


def test_all_names_of_all_notices_are_known():
    assert sum(len(notice["parties"]) for notice in NOTICES) == NAMES


@pytest.mark.parametrize("notice", CONTROL, ids=named)
def test_a_party_on_the_control_list_is_prohibited_from_the_first_day_on_and_not_before(
    answers: Answers, notice: dict[str, Any]
):
    before = [answer["control"] for answer in answers(notice, day_before(notice))]
    assert "prohibited" not in before
    assert {answer["control"] for answer in answers(notice, notice["first_day"])} == {"prohibited"}


@pytest.mark.parametrize("notice", NOTICES, ids=named)
def test_a_party_is_known_in_the_script_of_the_notice(answers: Answers, notice: dict[str, Any]):
    latin = [answer["basis"] for answer in answers(notice, notice["first_day"])]
    assert [answer["basis"] for answer in answers(notice, notice["first_day"], script=1)] == latin


@pytest.mark.parametrize("notice", WATCH, ids=named)
def test_a_party_on_the_watch_list_needs_a_license_by_that_list_from_the_first_day_on(
    answers: Answers, notice: dict[str, Any]
):
    for day, listed in ((day_before(notice), False), (notice["first_day"], True)):
        for answer in answers(notice, day):
            by = {one.get("number") for one in (*answer["basis"], *answer.get("beneath", []))}
            assert answer["control"] == "license_required"
            assert (notice["number"] in by) is listed


@pytest.mark.parametrize("slug", ["cn-mofcom-watch-list-2026-02", "cn-mofcom-watch-list-2026-06-29"])
def test_no_general_license_serves_a_party_on_the_watch_list(slug: str):
    told = [seed.event for seed in seeds.read("corpus") if seed.event.stream == f"restriction/{slug}"]
    latest = [event for event in told if event.type == "record.corrected"][-1]
    assert latest.data["data"]["bars_license_types"] == ["general"]


@pytest.mark.parametrize(
    ("number", "controls"),
    [
        ("13/2025", {"2025-06-15": "prohibited", "2025-11-09": "prohibited", "2025-11-10": "license_required"}),
        (
            "21/2025",
            {
                "2025-05-13": "prohibited",
                "2025-05-14": "license_required",
                "2025-11-09": "license_required",
                "2025-11-10": "license_required",
                "2026-11-08": "license_required",
            },
        ),
        ("22/2025", {"2025-04-09": "license_required", "2025-04-10": "prohibited", "2025-08-12": "license_required"}),
    ],
)
def test_a_listing_that_is_suspended_or_ended_prohibits_nobody(corpus: Register, number: str, controls: dict[str, str]):
    notice = next(one for one in NOTICES if one["number"] == number)
    found = corpus.controls(
        *controls,
        destination="US",
        commodity={"name": "samarium"},
        end_user={"name": notice["parties"][0][0], "country": "US"},
        end_use="civil",
    )
    assert found == controls


def test_a_listed_german_firm_that_asks_about_dysprosium_is_prohibited(corpus: Register):
    asked = {"destination": "DE", "commodity": {"name": "dysprosium"}, "end_use": "civil", "as_of": "2026-11-24"}
    for name in ("Rheinmetall AG", "HENSOLDT AG", "Sindlhauser Materials GmbH"):
        answer = corpus.answer(end_user={"name": name, "country": "DE"}, **asked)
        assert answer["control"] == "prohibited"
    other = corpus.answer(end_user={"name": "Beispiel Werke GmbH", "country": "DE"}, **asked)
    assert other["control"] == "license_required"
