"""What the check asks of acts: each is possible where it stands, and contradicts a higher tier only on purpose."""

from pathlib import Path
from typing import Any

import pytest

from tests.seeds.made_up import SOURCE, Line, act, announced, faults, found, line, period, remarks

UNDECLARED = "what a higher tier sets aside is declared with metadata.contradicts"
ENDED = " needs a provision that has not ended"


def suspended(first: str | None, last: str | None, **more: Any) -> Line:
    return act("suspended", data=period(first, last), **more)


def asked_of(where: Path, *lines: Line) -> list[str]:
    """What is asked of acts on the provision that was announced on 2023-07-03 and applies from 2023-08-01."""
    return faults(where, announced(), *lines)


def test_an_act_comes_after_the_announcement(tmp_path: Path):
    for name, data in (("amended", {"kind": "quota"}), ("repealed", {}), ("withdrawn", {})):
        assert asked_of(tmp_path, act(name, "2023-07-02", data=data)) == [
            f"restriction.{name} comes after the announcement"
        ]
        assert asked_of(tmp_path, act(name, "2023-07-03", data=data)) == []
        assert asked_of(tmp_path, act(name, "2023-07", data=data)) == []


def test_an_act_does_not_come_after_the_end(tmp_path: Path):
    ended = act("repealed", "2024-12-01")
    for one in (suspended("2024-12-02", None), act("amended", "2024-12-01", data={"kind": "quota"})):
        assert asked_of(tmp_path, ended, one) == [one["type"] + ENDED]
    assert asked_of(tmp_path, ended, suspended("2024-11-30", None)) == []
    assert asked_of(tmp_path, ended, act("repealed", "2024-12-05")) == ["restriction.repealed" + ENDED]


def test_an_act_does_not_come_after_the_last_day_unless_an_extension_moved_it(tmp_path: Path):
    short = announced(in_force={"from": "2023-08-01", "through": "2023-12-31"})
    late = act("amended", "2024-01-01", data={"kind": "quota"})
    longer = act("extended", "2023-12-01", data=period(None, "2024-06-30", "in_force"))
    assert faults(tmp_path, short, late) == ["restriction.amended" + ENDED]
    assert faults(tmp_path, short, act("amended", "2023-12-31", data={"kind": "quota"})) == []
    assert faults(tmp_path, short, longer, late) == []


def test_what_was_only_proposed_is_amended_or_withdrawn_and_nothing_else(tmp_path: Path):
    data = {name: value for name, value in announced()["data"].items() if name != "announced_on"}
    proposed = act("proposed", "2023-07-03", data=data)
    assert faults(tmp_path, proposed, act("withdrawn", "2023-09-01")) == []
    for one in (suspended("2023-09-01", None), act("repealed", "2023-09-01")):
        assert faults(tmp_path, proposed, one) == [one["type"] + " needs a provision that was announced"]
        assert faults(tmp_path, proposed, announced(), one) == []


def test_a_provision_is_withdrawn_before_it_takes_effect(tmp_path: Path):
    assert asked_of(tmp_path, act("withdrawn", "2023-07-31")) == []
    asked = "a provision is withdrawn before it takes effect, and repealed afterwards"
    assert asked_of(tmp_path, act("withdrawn", "2023-08-01")) == [asked]
    assert asked_of(tmp_path, suspended("2023-07-20", None), act("withdrawn", "2023-09-01")) == []


def test_what_is_reinstated_is_suspended_on_that_day(tmp_path: Path):
    asked = ["what is reinstated is suspended on that day"]
    assert asked_of(tmp_path, act("reinstated", "2024-02-01")) == asked
    for last, day, expected in (
        ("2024-03-01", "2024-02-01", []),
        ("2024-03-01", "2024-03-01", []),
        ("2024-03-01", "2024-03-02", asked),
        (None, "2026-01-01", []),
        ("2024-03-01", "../2024-03-05", []),
    ):
        reinstated = act("reinstated", day)
        assert asked_of(tmp_path, suspended("2024-01-01", last), reinstated) == expected, (last, day)


def test_what_is_suspended_was_not_suspended_before(tmp_path: Path):
    asked = ["what is suspended was not so before; a suspension that goes on is restriction.suspension_extended"]
    first = suspended("2024-01-01", "2024-03-01")
    assert asked_of(tmp_path, first, suspended("2024-03-01", "2024-06-01")) == asked
    assert asked_of(tmp_path, first, suspended("2024-03-02", "2024-06-01")) == []


def test_a_suspension_that_is_extended_is_recorded_before_and_ends_later(tmp_path: Path):
    extended = act("suspension_extended", "2024-02-01", data=period(None, "2024-03-02"))
    assert asked_of(tmp_path, extended) == ["a suspension that is extended is recorded before"]
    assert asked_of(tmp_path, suspended("2024-01-01", "2024-03-01"), extended) == []
    assert asked_of(tmp_path, suspended("2024-01-01", None), extended) == []
    assert asked_of(tmp_path, suspended("2024-01-01", "2024-03-02"), extended) == [
        "an extended suspension ends later than before"
    ]


def test_an_extended_provision_ends_later_than_before(tmp_path: Path):
    short = announced(in_force={"from": "2023-08-01", "through": "2023-12-31"})
    for last, expected in (
        ("2023-12-31", ["an extended provision ends later than before"]),
        ("2024-01-01", []),
        ("open", []),
    ):
        extended = act("extended", "2023-12-01", data=period(None, last, "in_force"))
        assert faults(tmp_path, short, extended) == expected, last


def test_an_act_needs_a_description_that_stands(tmp_path: Path):
    retracted = line(announced()["stream"], "record.retracted", {"event": announced()["id"]})
    repealed = act("repealed", "2024-12-01")
    assert asked_of(tmp_path, repealed, retracted) == [
        "restriction.repealed needs a restriction that something describes"
    ]
    assert asked_of(tmp_path, retracted) == []
    from_memory = {"source": SOURCE | {"tier": "commentary"}, "metadata": {"unverified": True}}
    assert faults(tmp_path, announced() | from_memory) == []


PRESS = {"tier": "press_named"}


@pytest.mark.parametrize(
    "contradicting",
    [
        act("repealed", "2024-12-01", **PRESS),
        suspended("2024-01-01", None, **PRESS),
        act("reported", data={"state": "lifted", "on": "2025-01-01"}, **PRESS),
        act("reported", data={"state": "in_force", "on": "2025-01-01", "kind": "prohibition"}, **PRESS),
        line(announced()["stream"], "record.retracted", {"event": announced()["id"]}, **PRESS),
        line(
            announced()["stream"],
            "record.corrected",
            {"event": announced()["id"], "data": announced()["data"] | {"kind": "quota"}},
            **PRESS,
        ),
    ],
)
def test_what_a_higher_tier_sets_aside_is_declared(tmp_path: Path, contradicting: Line):
    assert asked_of(tmp_path, contradicting) == [UNDECLARED]
    assert asked_of(tmp_path, contradicting | {"metadata": {"contradicts": True}}) == []


def test_the_same_act_by_the_same_voice_takes_effect_and_is_not_declared(tmp_path: Path):
    asked = "metadata.contradicts says that a higher tier sets the line aside"
    repealed = act("repealed", "2024-12-01")
    assert found(tmp_path, announced(), repealed) == []
    assert remarks(tmp_path, announced(), repealed | {"metadata": {"contradicts": True}}) == [asked]


def test_a_report_that_agrees_contradicts_nobody(tmp_path: Path):
    assert asked_of(tmp_path, act("reported", data={"state": "in_force", "on": "2025-01-01"}, **PRESS)) == []


def test_a_lower_tier_renames_no_company_unless_that_is_declared(tmp_path: Path):
    registered = line("company/a", "company.registered", {"name": "A", "country": "IN"})
    renamed = line("company/a", "company.renamed", {"name": "B"}, effective="2025-01-01", **PRESS)
    assert faults(tmp_path, registered, renamed) == [UNDECLARED]
    assert faults(tmp_path, registered, renamed | {"metadata": {"contradicts": True}}) == []


LICENSE = "license/cn-x"


def license_act(name: str, effective: str | None = None, data: dict[str, Any] | None = None, **more: Any) -> Line:
    return line(LICENSE, f"license.{name}", data or {}, effective=effective, **more)


def granted(on: str = "2024-01-01", **data: Any) -> Line:
    return license_act("granted", on, {"issuer": "CN", "validity": {"from": on, "through": "2024-12-31"}} | data)


def used(day: str) -> Line:
    return license_act("used", data={"reference": "B/L 1", "day": day, "quantity": {"value": "1", "unit": "KGM"}})


APPLIED = license_act("applied", "2023-11-01", {"issuer": "CN"})


def test_what_is_used_was_granted_and_may_be_used_on_that_day(tmp_path: Path):
    while_it_may_be = "a license is used while it may be"
    assert faults(tmp_path, APPLIED, used("2024-02-01")) == ["what is used was granted"]
    for day, expected in (
        ("2024-01-01", []),
        ("2024-12-31", []),
        ("2025-01-01", [while_it_may_be]),
        ("2023-12-31", ["what is used was granted"]),
    ):
        assert faults(tmp_path, granted(), used(day)) == expected, day
    revoked = license_act("revoked", "2024-06-01")
    assert faults(tmp_path, granted(), revoked, used("2024-06-01")) == [while_it_may_be]
    assert faults(tmp_path, granted(), revoked, used("2024-05-31")) == []


def test_a_use_may_be_the_one_that_exhausts_the_license(tmp_path: Path):
    one_shipment = granted(conditions={"shipments": "single"})
    assert faults(tmp_path, one_shipment, used("2024-02-01")) == []


def test_an_act_changes_how_a_license_stands(tmp_path: Path):
    revoked, again = license_act("revoked", "2024-06-01"), license_act("revoked", "2024-07-01")
    assert faults(tmp_path, granted(), revoked) == []
    assert faults(tmp_path, granted(), revoked, again) == ["license.revoked changes something"]
    assert faults(tmp_path, granted(), license_act("reinstated", "2024-06-01")) == [
        "license.reinstated changes something"
    ]
    assert faults(tmp_path, granted(), revoked, license_act("reinstated", "2024-07-01")) == []
    assert faults(tmp_path, APPLIED, license_act("denied", "2023-12-01")) == []


def test_what_is_over_is_not_amended_or_suspended(tmp_path: Path):
    for name, data in (("amended", {"destination": "IN"}), ("suspended", {}), ("partially_revoked", {"lines": [1]})):
        late, last = license_act(name, "2025-01-01", data), license_act(name, "2024-12-31", data)
        assert faults(tmp_path, granted(), late) == [f"license.{name} needs a license that stands"]
        assert faults(tmp_path, granted(), last) == []


def test_what_presupposes_a_grant_does_not_come_before_it(tmp_path: Path):
    early = license_act("suspended", "2023-12-31")
    assert faults(tmp_path, granted(), early) == ["license.suspended comes after the grant"]
    assert faults(tmp_path, granted(), license_act("suspended", "2024-01-01")) == []
    assert faults(tmp_path, granted("../2024-01-01", validity=None) | {"effective": "../2024-01-01"}, early) == []


def milestone(name: str = "recorded", effective: str = "2025-01-10", **data: Any) -> Line:
    told = {"kind": "assurance", "parties": ["CN", "IN"], "title": "An assurance", "claimed_by": "IN"}
    return line("milestone/a", f"milestone.{name}", told if name == "recorded" else data, effective=effective)


@pytest.mark.parametrize("name", ["confirmed", "not_confirmed", "contradicted"])
def test_another_side_than_the_claiming_one_answers_a_milestone(tmp_path: Path, name: str):
    asked = "another side than the claiming one confirms a milestone, or does not"
    assert faults(tmp_path, milestone(), milestone(name, by="CN")) == []
    assert faults(tmp_path, milestone(), milestone(name, by="IN")) == [asked]


def test_what_is_said_of_a_milestone_comes_after_it(tmp_path: Path):
    assert faults(tmp_path, milestone(), milestone("confirmed", "2025-01-10", by="CN")) == []
    early = milestone("confirmed", "2025-01-09", by="CN")
    assert faults(tmp_path, milestone(), early) == ["milestone.confirmed comes after the milestone"]


def test_another_title_of_a_milestone_contradicts_nobody(tmp_path: Path):
    again = milestone() | {"source": SOURCE | PRESS, "id": APPLIED["id"]}
    assert faults(tmp_path, milestone(), again | {"data": again["data"] | {"title": "A promise"}}) == []
