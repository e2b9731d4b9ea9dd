"""What the check asks of one line: each rule on both sides of its boundary."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.seeds.check import check
from tests.seeds.made_up import SOURCE, Line, act, announced, defined, faults, found, line, period, remarks, write


def note(**more: Any) -> Line:
    return line("note/a", "note.recorded", {"kind": "market", "text": "Prices rose."}, **more)


def test_the_made_up_seeds_keep_every_rule(tmp_path: Path):
    assert found(tmp_path, announced(), act("repealed", "2024-12-01"), note()) == []


def test_a_finding_names_file_and_line_and_says_what_is_asked_and_what_is_true(tmp_path: Path):
    untitled = note(source={"tier": "press_named", "published_at": "2025-04-04"})
    listed = found(tmp_path, untitled)
    assert [str(one) for one in listed] == [
        "seeds/corpus/a.jsonl:2: a source has a url or a title; this one has neither"
    ]


def test_what_cannot_be_read_as_an_event_is_found_and_the_other_lines_are_still_checked(tmp_path: Path):
    bad = note() | {"stream": "note/A"}
    listed = found(tmp_path, bad, note(source={"tier": "press_named", "published_at": "2025-04-04"}))
    assert [(one.place, one.asked) for one in listed] == [
        ("seeds/corpus/a.jsonl:2", "a line is an event of the catalogue"),
        ("seeds/corpus/a.jsonl:3", "a source has a url or a title"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"id": 1.5}',
        '{"events": []}',
        json.dumps(announced("us-x", controller="ZZ")),
        json.dumps(announced() | {"effective": "2023-13-01"}),
        json.dumps(act("suspended", data=period("2024-02-01", "2024-01-31"))),
        json.dumps(note() | {"expected": 1}),
    ],
)
def test_what_a_post_refuses_a_seed_file_may_not_hold(tmp_path: Path, text: str):
    write(tmp_path, a=[announced()])
    (tmp_path / "corpus" / "b.jsonl").write_text(text + "\n")
    assert "a line is an event of the catalogue" in [one.asked for one in check(tmp_path)[1]]


def test_the_fields_stand_in_one_order(tmp_path: Path):
    asked = "a line has the fields id, stream, type, effective, data, source, metadata, in this order"
    assert faults(tmp_path, dict(reversed(note().items()))) == [asked]
    assert faults(tmp_path, note() | {"expected_version": 0}) == [asked]
    assert faults(tmp_path, {name: value for name, value in note().items() if name != "metadata"}) == []


def test_a_line_without_an_id_would_be_recorded_anew_with_each_load(tmp_path: Path):
    without = {name: value for name, value in note().items() if name != "id"}
    assert faults(tmp_path, without) == ["a line has an id of its own"]


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ({"url": "https://example.org/a", "published_at": "2025"}, []),
        ({"title": "A page", "published_at": "2025"}, []),
        ({"publisher": "A paper", "published_at": "2025"}, ["a source has a url or a title"]),
        ({"title": "A page"}, ["a source says when it was published"]),
    ],
)
def test_a_source_can_be_found_again_and_is_dated(tmp_path: Path, source: dict[str, str], asked: list[str]):
    assert faults(tmp_path, note(source={"tier": "press_named"} | source)) == asked


def test_a_restriction_and_a_license_are_named_after_the_authority(tmp_path: Path):
    granted = {"issuer": "CN", "destination": "IN"}
    right = [announced("cn-x"), line("license/cn-x", "license.granted", granted, effective="2025-01-01")]
    assert faults(tmp_path, *right) == []
    wrong = [announced("in-x"), line("license/in-x", "license.granted", granted, effective="2025-01-01")]
    assert faults(tmp_path, *wrong) == [
        "the stream of a restriction begins with its controller",
        "the stream of a license begins with its issuer",
    ]
    told = {"issuer": "IN", "state": "active", "on": "2025"}
    otherwise = line("license/cn-x", "license.reported", told, tier="holder")
    assert faults(tmp_path, right[1], otherwise | {"metadata": {"contradicts": True}}) == []


def test_a_name_of_goods_or_of_a_group_is_its_stream(tmp_path: Path):
    group = {"name": "EU", "members": [{"country": "DE"}]}
    assert faults(tmp_path, defined("nickel_ore"), line("group/eu", "group.defined", group)) == []
    misnamed = defined("nickel_ore") | {"stream": "commodity/nickel"}
    assert faults(tmp_path, misnamed, line("group/europe", "group.defined", group)) == [
        "a commodity's stream is its name, in small letters and with - for _",
        "a group's stream is its name, in small letters and with - for _",
    ]


@pytest.mark.parametrize("fact", ["F016", "F002 F003", "A01", "F001 A01"])
def test_a_fact_is_the_id_of_a_record_or_of_several(tmp_path: Path, fact: str):
    assert faults(tmp_path, note(metadata={"fact": fact})) == []


@pytest.mark.parametrize("fact", ["F16", "F002,F003", "F002  F003", " F002", "f002", 16, None])
def test_anything_else_is_no_fact(tmp_path: Path, fact: Any):
    asked = "metadata.fact is the id of a record, or several with a blank between them"
    assert faults(tmp_path, note(metadata={"fact": fact})) == [asked]


def test_a_fact_is_named_once(tmp_path: Path):
    assert faults(tmp_path, note(metadata={"fact": "F002 F002"})) == ["metadata.fact names a record once"]


@pytest.mark.parametrize("flag", ["unverified", "contradicts", "whole_heading"])
@pytest.mark.parametrize("value", [False, "yes", 1])
def test_a_mark_is_true_or_left_out(tmp_path: Path, flag: str, value: Any):
    source = SOURCE | {"tier": "commentary"}
    assert f"metadata.{flag} is true or left out" in faults(tmp_path, note(metadata={flag: value}, source=source))
    assert f"metadata.{flag} is true or left out" not in faults(tmp_path, note(metadata={flag: True}, source=source))


def test_a_note_which_nothing_ever_sets_aside_bears_no_mark_of_a_contradiction(tmp_path: Path):
    asked = "metadata.contradicts says that a higher tier sets the line aside"
    assert faults(tmp_path, note(metadata={"contradicts": True})) == [asked]
    assert faults(tmp_path, note(metadata={"unverified": True}, source=SOURCE | {"tier": "commentary"})) == []


@pytest.mark.parametrize(
    ("tier", "asked"),
    [("commentary", []), ("press_anonymous", ["what nobody verified is commentary, which moves nothing"])],
)
def test_what_nobody_verified_is_commentary(tmp_path: Path, tier: str, asked: list[str]):
    unverified = note(metadata={"unverified": True}, source=SOURCE | {"tier": tier})
    assert faults(tmp_path, unverified) == asked


def test_a_fact_from_memory_is_marked_and_an_exception_is_not_told(tmp_path: Path):
    write(tmp_path)
    listed = {
        "verified": {"F001": "memory", "F002": "tool", "F003": "tool", "F005": "memory", "F016": "tool"},
        "exceptions": {"F003": "No event for it."},
        "seen_since": {"F005": "https://example.org/a"},
    }
    (tmp_path / "corpus" / "facts.json").write_text(json.dumps(listed))
    source = SOURCE | {"tier": "commentary"}
    assert faults(tmp_path, note(metadata={"fact": "F002 A01"})) == []
    assert faults(tmp_path, note(metadata={"fact": "F001", "unverified": True}, source=source)) == []
    assert faults(tmp_path, note(metadata={"fact": "F005"})) == []
    assert faults(tmp_path, note(metadata={"fact": "F001"})) == [
        "a fact from memory is marked with metadata.unverified"
    ]
    assert faults(tmp_path, note(metadata={"fact": "F003"})) == ["an exception of facts.json is told by no event"]
    assert faults(tmp_path, note(metadata={"fact": "F004"})) == ["metadata.fact names records of facts.json"]


def of_hs(code: str, **more: Any) -> Line:
    return announced(scope={"commodities": [{"hs": code} | more]})


@pytest.mark.parametrize("code", ["01", "8112", "8112.92", "8112 92 99", "811292990", "8112929090", "98", "7602"])
def test_a_code_that_the_nomenclature_can_have_passes(tmp_path: Path, code: str):
    assert faults(tmp_path, of_hs(code, match="ex")) == []


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("001122", "a customs code begins with a chapter of the nomenclature"),
        ("7712", "a customs code begins with a chapter of the nomenclature"),
        ("811", "a customs code has 2, 4, 6 or 8 digits or more"),
        ("8112.9", "a customs code has 2, 4, 6 or 8 digits or more"),
        ("8112929", "a customs code has 2, 4, 6 or 8 digits or more"),
    ],
)
def test_a_code_that_it_cannot_have_is_found_wherever_it_stands(tmp_path: Path, code: str, asked: str):
    assert faults(tmp_path, of_hs(code, match="ex")) == [asked]
    corrected = {"event": announced()["id"], "data": of_hs(code, match="ex")["data"]}
    assert faults(tmp_path, announced(), line(announced()["stream"], "record.corrected", corrected)) == [asked]


def test_an_exact_customs_code_is_worth_a_look_unless_the_whole_heading_is_meant(tmp_path: Path):
    asked = 'a customs code is "exact" only where all of the heading is meant (metadata.whole_heading)'
    assert remarks(tmp_path, of_hs("811292")) == [asked]
    assert remarks(tmp_path, of_hs("811292", match="exact")) == [asked]
    assert remarks(tmp_path, of_hs("811292", match="ex")) == []
    assert remarks(tmp_path, of_hs("811292") | {"metadata": {"whole_heading": True}}) == []
    assert faults(tmp_path, of_hs("811292")) == []


REPORT = {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"name": "gallium"}]}, "state": "in_force"}
MEETING = {"kind": "meeting", "parties": ["IN", "CN"], "title": "A meeting"}


@pytest.mark.parametrize(
    "told",
    [
        lambda day: line("restriction/cn-y", "restriction.reported", REPORT | {"on": day}),
        lambda day: line("license/cn-y", "license.reported", {"issuer": "CN", "state": "active", "on": day}),
        lambda day: line("license/cn-y", "license.granted", {"issuer": "CN"}, effective=day),
        lambda day: line("milestone/y", "milestone.recorded", MEETING, effective=day),
        lambda day: note(effective=day),
        lambda day: announced() | {"data": announced()["data"] | {"announced_on": day}, "source": SOURCE},
    ],
)
def test_a_source_tells_of_no_day_after_its_own(tmp_path: Path, told: Any):
    assert faults(tmp_path, told("2025-04-04")) == []
    assert faults(tmp_path, told("2025-04")) == []
    assert [asked[:17] for asked in faults(tmp_path, told("2025-04-05"))] == ["a source tells of"]


def test_a_source_may_tell_of_an_act_before_it_takes_effect(tmp_path: Path):
    assert faults(tmp_path, announced(), act("repealed", "2030-01-01")) == []
    assert faults(tmp_path, announced(), act("suspended", data=period("2030-01-01", None))) == []
