"""What the corpus says of everyone but China: its files about other countries, with the vocabulary and nothing else."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service import seeds
from service.app import create_app
from service.settings import Settings
from tests.answers.facts import Register, basis_of, possible_controls, unconfirmed
from tests.client import TestClient

VOCABULARY = ("commodities", "commodities-others", "companies-others", "groups")
OTHERS = (
    "cd-cobalt",
    "cn-nexperia",
    "ga-manganese",
    "gn-bauxite",
    "id-ores",
    "in-exports",
    "jp-chip-tools",
    "mm-concentrates",
    "mw-minerals",
    "my-rare-earths",
    "na-minerals",
    "nl-chip-tools",
    "ph-ores",
    "ru-uranium",
    "us-chips",
    "us-entity-list",
    "vn-rare-earths",
    "zw-lithium",
)
NO_DATA, SOON, FREE, OPEN = "no_data", "not_yet_in_force", "not_restricted", "undetermined"
PROHIBITED, DENIED, QUOTA, LICENSE = "prohibited", "presumption_of_denial", "quota", "license_required"
CHIPS = {"control_code": "3A090"}
WEIGHTS = {"control_code": "4E091"}


def named(name: str) -> dict[str, str]:
    return {"name": name}


def company(slug: str) -> dict[str, str]:
    return {"company": f"company/{slug}"}


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Nobody changes it, so that one serves all questions of this file."""
    file = tmp_path_factory.mktemp("others") / "lodestone.db"
    shutil.copyfile(sqlite_template, file)
    told = [seed for seed in seeds.read("corpus") if Path(seed.file).stem in (*VOCABULARY, *OTHERS)]
    settings = Settings(database_url=f"sqlite:///{file}", signing_key_file=file.with_name("key"))
    with TestClient(create_app(settings)) as client:
        seeds.load(client.app.state.register.log, told, lambda _done, _of: None)  # type: ignore[attr-defined]
        yield Register(client)


def controls(world: Register, controller: str, goods: dict[str, str], days: dict[str, str], **question: Any) -> None:
    """On each of the days the control is the one given."""
    found = world.controls(*days, controller=controller, commodity=goods, **({"destination": "CN"} | question))
    assert found == days


@pytest.mark.parametrize("goods", ["cobalt", "cobalt_hydroxide"])
def test_cobalt_from_the_drc_is_banned_until_the_quotas_begin_without_a_free_day(world: Register, goods: str):
    days = {"2025-02-21": NO_DATA, "2025-02-22": PROHIBITED, "2025-06-30": PROHIBITED, "2025-09-22": PROHIBITED}
    days |= {"2025-10-15": PROHIBITED, "2025-10-16": QUOTA, "2026-06-01": QUOTA, "2027-12-31": QUOTA}
    controls(world, "CD", named(goods), days)


def test_a_customs_code_that_nobody_verified_leaves_cobalt_open(world: Register):
    controls(world, "CD", {"hs": "8105.20"}, {"2025-03-01": OPEN})


def test_shares_of_the_quota_were_carried_over_to_the_end_of_march(world: Register):
    asked = {"controller": "CD", "destination": "CN", "commodity": named("cobalt"), "exporter": company("cmoc")}
    found = {day: world.answer(as_of=day, **asked) for day in ("2025-11-01", "2026-03-31", "2026-04-01")}
    assert [one["standing"] for one in found.values()] == ["possible", "possible", "none"]
    assert found["2026-04-01"]["standing_cause"] == "expired"
    assert found["2025-11-01"]["licenses"]["known"][0]["lines"][0]["quantity"] == {"value": "6650", "unit": "TNE"}


def test_goods_held_although_no_rule_says_so_are_a_note_and_no_control(world: Register):
    assert world.get("/v1/notes/cd-cobalt-shipments-did-not-resume")["kind"] == "practice"
    assert world.control_of(controller="MM", destination="CN", commodity=named("rare_earth_ores")) == NO_DATA


def test_the_chip_rule_of_2022_reaches_china_and_that_of_2023_more_destinations(world: Register):
    days = {"2022-10-06": NO_DATA, "2022-10-21": LICENSE, "2023-06-01": LICENSE, "2026-11-24": LICENSE}
    controls(world, "US", CHIPS, days)
    controls(world, "US", CHIPS, {"2023-06-01": NO_DATA, "2024-01-01": LICENSE}, destination="SA")
    controls(world, "US", {"control_code": "3B090"}, {"2022-10-06": NO_DATA, "2022-10-07": LICENSE})


def test_which_of_three_starts_the_chips_have_is_not_stated(world: Register):
    controls(world, "US", CHIPS, {"2022-10-07": OPEN, "2022-10-20": OPEN})


@pytest.mark.parametrize("goods", [CHIPS, WEIGHTS])
def test_the_worldwide_rule_on_chips_and_model_weights_never_applied(world: Register, goods: dict[str, str]):
    days = {"2025-01-14": NO_DATA, "2025-01-15": SOON, "2025-05-14": FREE, "2025-05-16": FREE, "2026-01-01": FREE}
    controls(world, "US", goods, days, destination="DE")


def test_its_withdrawal_clears_no_destination_of_the_rule_before_it(world: Register):
    controls(world, "US", CHIPS, {"2026-01-01": LICENSE}, destination="VN")
    controls(world, "US", CHIPS, {"2026-01-01": OPEN}, destination="EG")


def test_the_letter_to_nvidia_binds_nvidia_alone(world: Register):
    h20 = named("h20_gpus")
    controls(world, "US", h20, {"2025-04-08": OPEN, "2025-04-09": LICENSE}, exporter=company("nvidia"))
    answer = world.answer(
        controller="US",
        destination="CN",
        commodity=h20,
        as_of="2025-05-01",
        exporter={"name": "Another maker", "country": "US"},
    )
    assert answer["control"] == OPEN
    assert all("h20" not in one["restriction"] for one in answer["possible"])


def test_an_assurance_is_no_license_and_the_license_is_reported_only(world: Register):
    asked = {"controller": "US", "destination": "CN", "commodity": named("h20_gpus"), "exporter": company("nvidia")}
    found = {day: world.answer(as_of=day, **asked)["standing"] for day in ("2025-07-20", "2025-08-10", "2025-12-01")}
    assert found == {"2025-07-20": "unknown", "2025-08-10": "reported", "2025-12-01": "possible"}


@pytest.mark.parametrize("exporter", ["cadence", "synopsys", "siemens-eda"])
def test_the_letters_on_design_software_held_for_six_weeks(world: Register, exporter: str):
    days = {"2025-05-23": LICENSE, "2025-07-01": LICENSE}
    controls(world, "US", named("eda_software"), days, exporter=company(exporter))
    gone = world.answer(
        controller="US",
        destination="CN",
        commodity=named("eda_software"),
        as_of="2025-07-02",
        exporter=company(exporter),
    )
    assert gone["basis"] == []
    assert all("letters" not in one["restriction"] for one in gone["possible"])


def test_a_listed_party_is_hit_and_another_of_its_country_only_cannot_be_excluded(world: Register):
    asked = {"controller": "US", "destination": "CN", "commodity": named("eda_software"), "as_of": "2026-01-01"}
    assert world.control_of(end_user=company("gmc-semiconductor-wuxi"), **asked) == DENIED
    other = world.answer(end_user={"name": "Another firm", "country": "CN"}, **asked)
    assert (other["control"], possible_controls(other)) == (OPEN, {DENIED, LICENSE})


def test_the_affiliates_rule_reached_nexperia_was_suspended_for_a_year_and_is_back_by_inference(world: Register):
    days = {"2025-09-28": NO_DATA, "2025-09-29": DENIED, "2025-11-09": DENIED, "2025-11-10": "suspended"}
    days |= {"2026-11-09": "suspended", "2026-11-10": DENIED}
    asked = {"destination": "NL", "end_user": company("nexperia")}
    controls(world, "US", named("eda_software"), days, **asked)
    today = world.answer(controller="US", commodity=named("eda_software"), as_of="2026-11-24", **asked)
    assert basis_of(today) == {"us-bis-affiliates-rule-2025"}
    assert unconfirmed(today) == ["2026-11-10"]
    controls(world, "US", named("eda_software"), {"2026-11-24": NO_DATA}, destination="NL", end_user=company("asml"))


def test_the_ordinance_of_japan_is_one_provision_in_three_stages(world: Register):
    days = {"2023-04-01": NO_DATA, "2023-05-23": SOON, "2023-07-22": SOON, "2023-07-23": LICENSE, "2026-01-01": LICENSE}
    controls(world, "JP", named("semiconductor_manufacturing_equipment"), days)


@pytest.mark.parametrize(
    ("goods", "since"),
    [
        ("duv_lithography", "2023-09-01"),
        ("older_duv_lithography", "2024-09-07"),
        ("semiconductor_inspection_equipment", "2025-04-01"),
    ],
)
def test_the_dutch_order_grew_twice_and_ends_at_the_border_of_the_eu(world: Register, goods: str, since: str):
    assert world.control_of(controller="NL", destination="CN", commodity=named(goods), as_of="2023-08-31") != LICENSE
    controls(world, "NL", named(goods), {since: LICENSE, "2026-01-01": LICENSE})
    controls(world, "NL", named(goods), {"2026-01-01": NO_DATA}, destination="DE")


def test_the_license_of_asml_was_taken_back_in_part_and_has_run_out(world: Register):
    asked = {"controller": "NL", "destination": "CN", "commodity": named("asml_nxt_2050i"), "exporter": company("asml")}
    found = {day: world.answer(as_of=day, **asked) for day in ("2023-11-01", "2024-01-15", "2024-03-01")}
    assert [(one["standing"], one["standing_cause"]) for one in found.values()] == [
        ("possible", "vague_date"),
        ("possible", "vague_date"),
        ("none", "expired"),
    ]
    part = found["2024-01-15"]["licenses"]["known"][0]["lines"]
    assert [line["revoked"] for line in part] == [False, False, True]


def test_the_nexperia_ban_has_a_door_since_november_and_the_dutch_order_is_no_export_control(world: Register):
    days = {"2025-10-03": NO_DATA, "2025-10-04": PROHIBITED, "2025-10-31": PROHIBITED, "2025-11-01": DENIED}
    controls(world, "CN", named("nexperia_chips"), days, destination="DE")
    controls(world, "NL", named("nexperia_chips"), {"2025-10-15": NO_DATA}, destination="DE")


def test_zimbabwe_bans_ore_with_a_door_then_all_and_lets_concentrates_out_under_quotas(world: Register):
    ore = {"2022-12-19": NO_DATA, "2022-12-20": DENIED, "2023-01-06": DENIED, "2026-02-25": PROHIBITED}
    controls(world, "ZW", named("lithium_ore"), ore)
    concentrate = {"2023-06-01": NO_DATA, "2025-06-10": SOON, "2026-02-24": SOON, "2026-02-25": PROHIBITED}
    concentrate |= {"2026-04-02": QUOTA, "2026-12-31": QUOTA, "2027-01-01": PROHIBITED}
    controls(world, "ZW", named("lithium_concentrate"), concentrate)


def test_a_tax_and_commitments_stand_beside_the_quota_and_the_next_change_is_the_ban(world: Register):
    answer = world.answer(controller="ZW", destination="CN", commodity=named("lithium_concentrate"), as_of="2026-11-24")
    assert basis_of(answer) == {"zw-mines-lithium-2026-quota"}
    applying = {one["about"] for one in answer["reasons"] if one["outcome"] == "applies"}
    assert {f"restriction/zw-mines-lithium-2026-{part}" for part in ("quota", "tax", "commitments")} <= applying
    assert answer["next_change"]["earliest"] == "2027-01-01"


def test_indonesia_bans_ores_and_leaves_concentrates_to_permit_holders(world: Register):
    controls(world, "ID", named("nickel_ore"), {"2020-01-01": PROHIBITED, "2026-11-24": PROHIBITED})
    controls(world, "ID", named("bauxite"), {"2023-01-01": SOON, "2023-06-09": SOON, "2023-06-10": PROHIBITED})
    controls(world, "ID", named("copper_concentrate"), {"2023-07-01": DENIED, "2024-06-01": DENIED})


def test_the_permit_of_freeport_lapsed_at_the_end_of_2024_and_another_followed_in_march(world: Register):
    asked = {"controller": "ID", "destination": "CN", "commodity": named("copper_concentrate")}
    asked |= {"exporter": company("freeport-indonesia")}
    days = ("2024-12-31", "2025-01-01", "2025-04-01", "2025-10-01")
    found = [world.answer(as_of=day, **asked) for day in days]
    assert [(one["standing"], one["standing_cause"]) for one in found] == [
        ("possible", "destination_not_stated"),
        ("none", "expired"),
        ("possible", "destination_not_stated"),
        ("none", "expired"),
    ]


def test_a_bill_that_lost_its_ban_was_never_law(world: Register):
    controls(world, "PH", named("nickel_ore"), {"2025-03-01": NO_DATA, "2026-11-24": NO_DATA})


def test_malaysia_and_malawi_started_after_they_announced_and_gabon_has_not(world: Register):
    controls(world, "MY", named("rare_earth_ores"), {"2023-09-11": SOON, "2023-12-31": SOON, "2024-01-01": PROHIBITED})
    controls(world, "MW", named("rare_earth_ores"), {"2025-10-20": NO_DATA, "2025-10-21": PROHIBITED})
    controls(world, "GA", named("manganese_ore"), {"2025-05-30": SOON, "2026-11-24": SOON, "2029-01-01": PROHIBITED})


def test_vietnam_keeps_its_old_ban_restates_it_and_ties_refined_rare_earths_to_a_condition(world: Register):
    days = {"2020-06-01": OPEN, "2022-01-01": PROHIBITED, "2026-01-01": PROHIBITED}
    controls(world, "VN", named("rare_earth_ores"), days)
    controls(world, "VN", named("refined_rare_earths"), {"2025-12-31": SOON, "2026-01-01": "conditional"})


def test_bans_with_a_door_are_a_presumption_of_denial(world: Register):
    controls(world, "NA", named("lithium_ore"), {"2023-06-07": NO_DATA, "2023-06-08": DENIED})
    controls(world, "RU", named("enriched_uranium"), {"2024-11-14": NO_DATA, "2024-11-15": DENIED}, destination="US")
    controls(world, "RU", named("enriched_uranium"), {"2024-11-15": NO_DATA})


def test_a_request_to_one_exporter_restricts_nothing(world: Register):
    controls(world, "IN", named("neodymium"), {"2025-07-01": NO_DATA}, destination="JP")
    controls(world, "IN", named("monazite"), {"2026-11-24": LICENSE}, destination="JP")


def test_a_suspended_license_that_is_revoked_later_stays_unusable(world: Register):
    asked = {"controller": "GN", "destination": "CN", "commodity": named("bauxite")}
    asked |= {"exporter": company("guinea-alumina-corporation")}
    days = ("2024-11-01", "2025-08-04", "2026-11-24")
    causes = [world.answer(as_of=day, **asked)["standing_cause"] for day in days]
    assert causes == ["suspended", "revoked", "revoked"]


def test_the_code_of_namibia_is_a_string(world: Register):
    lines = (seeds.folder() / "corpus" / "na-minerals.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["data"]["controller"] == "NA"
    assert basis_of(world.answer(controller="NA", destination="CN", commodity=named("lithium_ore"))) == {
        "na-cabinet-minerals-2023"
    }
