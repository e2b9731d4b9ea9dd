"""Rule 27: the whole table of `covered`, over every control, what may apply beside it, and what a license gives."""

import re
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from service.domain.answer import STRICTEST_FIRST, Control, Covered
from service.domain.license.standing import COVERED, NEED_OF, WEAKEST_FIRST, covered_of, worst_of
from tests.answers.facts import JAY, Event, announced, granted, period
from tests.domain.license.asked import EXPORTER, determined
from tests.domain.license.told import act

CONTROLS: tuple[Control, ...] = get_args(Control)
KINDS: dict[str, str | None] = {
    "prohibited": "prohibition",
    "presumption_of_denial": "presumption_of_denial",
    "quota": "quota",
    "license_required": "licensing",
    "conditional": "conditional",
    "notification": "notification",
    "no_data": None,
}
CLEARS = ("yes", "yes_with_conditions")


def test_the_table_has_a_row_for_every_need_and_a_cell_for_all_that_licenses_give():
    assert set(NEED_OF) == set(CONTROLS)
    assert set(COVERED) == set(product(set(NEED_OF.values()), (False, True)))
    assert all(set(row) == set(get_args(Covered)) for row in COVERED.values())


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("possible", [(), *((one,) for one in STRICTEST_FIRST)])
@pytest.mark.parametrize("given", WEAKEST_FIRST)
def test_covered_follows_from_the_control_what_may_apply_beside_it_and_what_licenses_give(
    control: Control, possible: tuple[Control, ...], given: Covered
):
    covered = covered_of(control, possible, given)
    limit = STRICTEST_FIRST.index(control if control in STRICTEST_FIRST else "license_required")
    stricter = any(STRICTEST_FIRST.index(one) < limit for one in possible)
    if control in ("not_yet_in_force", "suspended", "not_restricted", "no_data"):
        assert covered is None
    elif control == "prohibited":
        assert covered == "no"
    elif control in ("conditional", "notification"):
        assert covered == ("possible" if stricter else "yes_with_conditions")
    elif stricter and given in CLEARS:
        assert covered == "possible"
    elif control == "undetermined" and given == "no":
        assert covered == "unknown"
    else:
        assert covered == given


def test_over_several_countries_it_is_covered_as_little_as_under_the_worst_that_asks_for_something():
    assert worst_of([None, None]) is None
    assert worst_of([None, "yes"]) == "yes"
    for one, other in product(WEAKEST_FIRST, repeat=2):
        worst = min(one, other, key=["no", "unknown", "possible", "yes_with_conditions", "yes"].index)
        assert worst_of([one, None, other]) == worst


NAMING: dict[str, list[dict[str, Any]]] = {
    "named": [JAY],
    "class": [{"class": {"country": "IN"}}],
    "somebody": [{"name": "Hella", "country": "DE"}],
}
STATES: dict[str, list[Event]] = {
    "active": [],
    "revoked": [act("revoked", "2025-06-01")],
    "maybe_revoked": [act("revoked", "2025-06/2025-07")],
    "expired": [act("amended", "2025-05-02", validity=period(None, "2025-05-31"))],
}
BESIDE = {
    "nothing": [],
    "stricter": [announced("beside", kind="prohibition", in_force=period("2025-06/2025-08"))],
}


@pytest.mark.parametrize("control", KINDS)
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("naming", NAMING)
def test_every_combination_of_control_license_and_naming_gives_what_the_table_says(
    control: str, beside: str, state: str, naming: str
):
    kind = KINDS[control]
    rule = [announced("m", kind=kind, in_force=period("2025-04-04"))] if kind else []
    for bound, (quantity, enough) in product((False, True), ((None, True), ("10", True), ("11", False))):
        found = determined(*rule, *BESIDE[beside], *_license(state, naming, bound=bound), quantity=quantity)
        expected = _expected(control, beside, state, naming, bound=bound, enough=enough)
        assert found.covered == expected, (bound, quantity)


def _license(state: str, naming: str, *, bound: bool) -> list[Event]:
    conditions: dict[str, Any] = {"conditions": {"end_user_certificate": True}} if bound else {}
    line = {"commodity": {"name": "rare_earth_magnets"}, "quantity": {"value": "10", "unit": "KGM"}}
    return [granted("l", *NAMING[naming], lines=[line], uses_reported=True, **conditions), *STATES[state]]


def _expected(control: str, beside: str, state: str, naming: str, *, bound: bool, enough: bool) -> str | None:
    """By hand, from the words of the rule and not from the table."""
    if control == "no_data":
        # Nothing is certain; what is possible beside is a ban, which no license meets.
        return (
            None if beside == "nothing" else _given(state, naming, bound=bound, enough=enough, open_=True, capped=True)
        )
    if control == "prohibited":
        return "no"
    if control == "presumption_of_denial" and naming == "class" and state in ("active", "maybe_revoked"):
        # A license that names nobody was not issued for the party in spite of it.
        return "no"
    stricter = beside == "stricter"
    if control in ("conditional", "notification"):
        return "possible" if stricter else "yes_with_conditions"
    return _given(state, naming, bound=bound, enough=enough, open_=False, capped=stricter)


def _given(state: str, naming: str, *, bound: bool, enough: bool, open_: bool, capped: bool) -> str:
    gone = "unknown" if open_ or naming != "named" else "no"
    if naming == "somebody":
        return "unknown"
    if state in ("revoked", "expired"):
        return gone
    if not enough:
        return "unknown" if open_ else "no"
    if naming == "class" or state == "maybe_revoked" or capped:
        return "possible"
    return "yes_with_conditions" if bound else "yes"


def test_a_question_that_names_nobody_is_covered_at_most_possibly():
    events = [announced("m"), granted("l", JAY)]
    assert determined(*events, end_user=None).covered == "possible"
    assert determined(*events, end_user=None, exporter=EXPORTER).covered == "possible"
    assert determined(announced("m"), end_user=None).covered == "unknown"


def test_the_documentation_shows_every_row_and_every_cause():
    page = Path("docs/how-an-answer-follows.md").read_text(encoding="utf-8")
    section = page.partition("## Standing and covered")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| (alone|beside something stricter|either) \| (.+) \|$", section, re.MULTILINE)
    shown: dict[tuple[str, bool], list[str]] = {}
    for controls, column, cells in rows:
        for control in re.findall(r"`(\w+)`", controls):
            for beside in {"alone": (False,), "either": (False, True)}.get(column, (True,)):
                shown[control, beside] = re.findall(r"`(\w+)`", cells)
    assert shown == {
        (control, beside): [
            str(COVERED[NEED_OF[control], beside][given] or "null") for given in reversed(WEAKEST_FIRST)
        ]
        for control, beside in product(CONTROLS, (False, True))
    }
