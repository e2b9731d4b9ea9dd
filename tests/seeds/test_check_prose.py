"""What the check remarks of words without a field, names without a company, and goods whose codes overlap."""

from pathlib import Path
from typing import Any

import pytest

from tests.seeds.made_up import SOURCE, Line, announced, defined, line, remarks

QUANTITY = "a quantity stands in a field of its own"
VALIDITY = "a validity stands in a field of its own"
MEMBERS = "a number of parties stands in a field of its own"
REGISTERED = "a party that is named is registered as a company"
LINKED = "a note that speaks of a company links it"
OVERLAP = "goods that share a code are a part of each other, or of one name"
GALLIUM = [{"commodity": {"name": "gallium"}}]
MOTORS = {"name": "Some Motors", "country": "IN"}


def scoped(**scope: Any) -> dict[str, Any]:
    return {"scope": {"commodities": [{"name": "gallium"}]} | scope}


def granted(text: str, **data: Any) -> Line:
    told = {"issuer": "CN", "lines": GALLIUM, "count": {"min": 1, "max": None, "text": text}}
    return line("license/cn-x", "license.granted", told | data, effective="2025-01-01")


def registered(name: str = "Some Motors", *aliases: str) -> Line:
    told: dict[str, Any] = {"name": name, "country": "IN"} | ({"aliases": list(aliases)} if aliases else {})
    return line("company/some-motors", "company.registered", told, source=SOURCE | {"published_at": "2022"})


def note(text: str, *about: str) -> Line:
    return line("note/a", "note.recorded", {"kind": "market", "text": text, "about": list(about)})


@pytest.mark.parametrize(
    ("wordy", "asked"),
    [
        (announced(provision="18,125 t for the rest of the year"), QUANTITY),
        (announced(provision="an export tax of 10 percent"), QUANTITY),
        (granted("first licenses, for a year"), VALIDITY),
        (granted("valid for six months"), VALIDITY),
        (announced(provision="140 entities, who they are is not told here"), MEMBERS),
    ],
)
def test_what_stands_only_in_words_is_remarked(tmp_path: Path, wordy: Line, asked: str):
    assert asked in remarks(tmp_path, wordy)


@pytest.mark.parametrize(
    "held",
    [
        announced(provision="at the port, in two stages"),
        granted("first licenses, for a year", validity={"from": None, "through": "2025-12-31"}),
        announced(
            provision="140 entities",
            **scoped(end_users={"only": [{"undisclosed": True, "country": "IN", "count": 140}]}),
        ),
    ],
)
def test_words_that_a_field_holds_too_are_not(tmp_path: Path, held: Line):
    assert {QUANTITY, VALIDITY, MEMBERS} & set(remarks(tmp_path, held)) == set()


def test_a_correction_that_adds_the_field_answers_the_remark(tmp_path: Path):
    wordy = granted("first licenses, for a year")
    right = wordy["data"] | {"validity": {"from": None, "through": "2026-01-01"}}
    corrected = line("license/cn-x", "record.corrected", {"event": wordy["id"], "data": right})
    assert VALIDITY in remarks(tmp_path, wordy)
    assert VALIDITY not in remarks(tmp_path, wordy, corrected)


def test_a_party_that_is_named_is_registered_by_one_of_its_names(tmp_path: Path):
    listed = announced(**scoped(end_users={"only": [MOTORS]}))
    assert REGISTERED in remarks(tmp_path, listed)
    assert REGISTERED not in remarks(tmp_path, listed, registered())
    assert REGISTERED not in remarks(tmp_path, listed, registered("Motors of Pune", "SOME MOTORS"))


def test_a_note_links_the_companies_that_it_speaks_of(tmp_path: Path):
    assert LINKED in remarks(tmp_path, registered(), note("Trucks of Some Motors wait."))
    assert LINKED not in remarks(tmp_path, registered(), note("Trucks of Some Motors wait.", "company/some-motors"))
    assert LINKED not in remarks(tmp_path, registered(), note("Trucks of some motorists wait."))


def test_goods_that_share_a_code_belong_together(tmp_path: Path):
    powder = defined("gallium_powder", lines=[{"hs": "81129200", "match": "reference_only"}])
    assert OVERLAP in remarks(tmp_path, powder)
    wider = line("commodity/gallium", "commodity.defined", {"name": "gallium", "parts": ["gallium_powder"]})
    assert OVERLAP not in remarks(tmp_path, powder, wider)
    metals = defined("metals", parts=["gallium", "gallium_powder"], lines=[])
    assert OVERLAP not in remarks(tmp_path, powder, metals)
    common = [
        line("commodity/gallium", "commodity.defined", {"name": "gallium", "parts": ["dust"]}),
        line("commodity/gallium-powder", "commodity.defined", {"name": "gallium_powder", "parts": ["dust"]}),
    ]
    assert OVERLAP not in remarks(tmp_path, powder, defined("dust", lines=[{"cas": "7440-55-3"}]), *common)
    apart = {"name": "gallium", "excludes": ["gallium_powder"]}
    assert OVERLAP not in remarks(tmp_path, powder, line("commodity/gallium", "commodity.defined", apart))
    other = defined("gallium_powder", lines=[{"hs": "811299", "match": "ex"}])
    assert OVERLAP not in remarks(tmp_path, other)
