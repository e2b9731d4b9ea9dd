"""What the check asks of what a line refers to, and of the order in which lines are learned."""

from pathlib import Path
from typing import Any

import pytest

from service.seeds.check import check
from tests.seeds.made_up import SOURCE, Line, act, announced, defined, faults, found, line, remarks, write

NAMED = "what a line names is recorded"
TWICE = "nothing is said twice; another source for the same is a record.repeated"
ORDER = "a line makes sense as a record after those before it"


def note(slug: str = "a", **data: Any) -> Line:
    return line(f"note/{slug}", "note.recorded", {"kind": "market", "text": "Prices rose."} | data)


def company(slug: str = "some-motors", published: str = "2025-04-04") -> Line:
    told = {"name": slug, "country": "IN"}
    return line(f"company/{slug}", "company.registered", told, source=SOURCE | {"published_at": published})


def granted(**data: Any) -> Line:
    return line("license/cn-x", "license.granted", {"issuer": "CN"} | data, effective="2025-01-01")


CASES: list[tuple[Line, Line]] = [
    (note(about=["restriction/cn-mofcom-23-2023"]), announced()),
    (note(about=["company/some-motors"]), company()),
    (granted(end_users=[{"company": "company/some-motors"}]), company()),
    (granted(end_users=[{"class": {"relation": "vendor_of", "company": "company/some-motors"}}]), company()),
    (
        announced("cn-y", scope={"destinations": {"only": ["group/eu"]}, "commodities": [{"name": "gallium"}]}),
        line("group/eu", "group.defined", {"name": "eu", "members": []}, source=SOURCE | {"published_at": "2022"}),
    ),
    (
        announced("cn-y", scope={"destinations": {"except": ["EU"]}, "commodities": [{"name": "gallium"}]}),
        line("group/eu", "group.defined", {"name": "eu", "members": []}, source=SOURCE | {"published_at": "2022"}),
    ),
    (announced("cn-y", scope={"commodities": [{"name": "nickel_ore"}]}), defined("nickel_ore")),
    (granted(lines=[{"commodity": {"name": "nickel_ore"}}]), defined("nickel_ore")),
    (note(commodities=[{"name": "nickel_ore"}]), defined("nickel_ore")),
    (defined("ores", parts=["nickel_ore"]), defined("nickel_ore")),
    (
        line(
            "milestone/y",
            "milestone.recorded",
            {"kind": "meeting", "parties": ["IN"], "title": "A", "about": ["milestone/z"]},
        ),
        line("milestone/z", "milestone.recorded", {"kind": "meeting", "parties": ["IN"], "title": "B"}),
    ),
]


@pytest.mark.parametrize(("naming", "named"), CASES)
def test_what_a_line_names_is_in_the_seeds(tmp_path: Path, naming: Line, named: Line):
    assert faults(tmp_path, naming, named) == []
    assert faults(tmp_path, naming) == [NAMED]


@pytest.mark.parametrize(
    ("before", "naming"),
    [
        (announced("cn-x"), act("repealed", "2024-12-01", slug="cn-x", data={"superseded_by": "restriction/cn-new"})),
        (granted(), line("license/cn-x", "license.renewed", {"renewed_as": "license/cn-new"}, effective="2025-02-01")),
        (company(), line("company/some-motors", "company.related", {"relation": "unit_of", "company": "company/new"})),
        (
            company(),
            line(
                "company/some-motors",
                "company.owned",
                {"owner": {"company": "company/new"}, "share_percent": "50"},
            ),
        ),
        (
            line("milestone/a", "milestone.recorded", {"kind": "assurance", "parties": ["CN"], "title": "A"}),
            line("milestone/a", "milestone.fulfilled", {"by_event_in": "license/cn-new"}, effective="2025-02-01"),
        ),
    ],
)
def test_the_thing_that_an_act_leads_to_is_in_the_seeds(tmp_path: Path, before: Line, naming: Line):
    noun = next(iter(str(value) for value in _strings(naming["data"]) if str(value).endswith("new"))).partition("/")[0]
    new = {
        "restriction": announced("cn-new"),
        "license": granted() | {"stream": "license/cn-new", "id": company("id")["id"]},
        "company": company("new"),
    }[noun]
    assert faults(tmp_path, before, naming) == [NAMED]
    assert faults(tmp_path, before, naming, new) == []


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in _strings(member)]
    return [value] if isinstance(value, str) else []


def test_a_line_names_other_things_than_its_own(tmp_path: Path):
    itself = act("repealed", "2024-12-01", data={"superseded_by": "restriction/cn-mofcom-23-2023"})
    assert faults(tmp_path, announced(), itself) == ["a line names other things than its own"]


def test_what_is_only_learned_of_on_a_later_day_is_worth_a_look(tmp_path: Path):
    naming = granted(end_users=[{"company": "company/some-motors"}])
    asked = ["what a line names is known on 2025-04-04, when its source was published"]
    assert remarks(tmp_path, naming, company(published="2025-04-05")) == asked
    assert remarks(tmp_path, naming, company(published="2025-04-04")) == []
    assert faults(tmp_path, naming, company(published="2025-04-05")) == []


def test_an_act_comes_after_what_begins_its_stream(tmp_path: Path):
    late = announced(on="2023-07-03") | {"source": SOURCE | {"published_at": "2025-04-05"}}
    same_day = announced(on="2023-07-03") | {"source": SOURCE}
    assert faults(tmp_path, act("repealed", "2024-12-01"), same_day) == [ORDER]
    assert faults(tmp_path, same_day, act("repealed", "2024-12-01")) == []
    assert faults(tmp_path, late, act("repealed", "2024-12-01")) == [ORDER]
    assert faults(tmp_path, act("repealed", "2024-12-01")) == [ORDER]


def test_a_report_that_begins_a_stream_describes_it(tmp_path: Path):
    bare = act("reported", data={"state": "in_force", "on": "2025-04-04"})
    assert faults(tmp_path, bare) == [ORDER]
    assert faults(tmp_path, announced(), bare) == []


@pytest.mark.parametrize("kind", ["corrected", "retracted", "repeated"])
def test_a_line_about_a_record_names_an_earlier_one_of_its_stream(tmp_path: Path, kind: str):
    about = line(announced()["stream"], f"record.{kind}", {"event": announced()["id"]})
    elsewhere = about | {"stream": "note/a"}
    assert faults(tmp_path, announced(), about) == []
    assert faults(tmp_path, about, announced()) == []
    assert faults(tmp_path, about) == [ORDER]
    assert faults(tmp_path, announced(), note(), elsewhere) == [ORDER]


def test_a_correction_holds_data_of_the_type_that_it_corrects(tmp_path: Path):
    right = {"event": announced()["id"], "data": announced()["data"] | {"kind": "quota"}}
    wrong = right | {"data": {"kind": "quota"}}
    stream = announced()["stream"]
    assert faults(tmp_path, announced(), line(stream, "record.corrected", right)) == []
    assert faults(tmp_path, announced(), line(stream, "record.corrected", wrong)) == [ORDER]


def test_what_an_older_line_tells_from_a_later_page_may_be_told_from_an_earlier_one(tmp_path: Path):
    late = act("repealed", "2024-12-01", published_at="2025-04-30")
    early = act("repealed", "2024-12-01", published_at="2024-12-01", metadata={"fact": "F016", "told_earlier": True})
    assert faults(tmp_path, announced(), early, late) == []
    unmarked = act("repealed", "2024-12-01", published_at="2024-12-01")
    assert TWICE in faults(tmp_path, announced(), unmarked, late)


def test_a_source_repeats_that_of_an_earlier_event(tmp_path: Path):
    first = note("first")
    repeating = line("note/b", "note.recorded", {"kind": "market", "text": "So they say."}, repeats=first["id"])
    assert faults(tmp_path, first, repeating) == []
    assert faults(tmp_path, repeating, first) == ["the event whose source is repeated is recorded before"]


def test_an_id_belongs_to_one_line(tmp_path: Path):
    other = note("b") | {"id": note("a")["id"]}
    assert faults(tmp_path, note("a"), other) == ["an id belongs to one line"]
    assert faults(tmp_path, note("a"), note("b")) == []


def test_the_same_is_not_said_twice_but_repeated_by_another_source(tmp_path: Path):
    again = announced() | {"id": note()["id"], "source": SOURCE}
    assert faults(tmp_path, announced(), again) == [TWICE]
    repeat = line(announced()["stream"], "record.repeated", {"event": announced()["id"]}, title="A page")
    other = line(announced()["stream"], "record.repeated", {"event": announced()["id"]}, title="Another page")
    assert faults(tmp_path, announced(), repeat, other) == []
    assert faults(tmp_path, announced(), repeat, repeat | {"id": note()["id"]}) == [TWICE]


def test_article_and_corpus_can_each_be_loaded_alone(tmp_path: Path):
    report = {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"name": "gallium"}]}}
    first = line(announced()["stream"], "restriction.reported", report | {"state": "in_force", "on": "2025-04-04"})
    assert faults(tmp_path, announced(), article=[first]) == []
    bare = act("reported", data={"state": "in_force", "on": "2025-04-04"})
    assert faults(tmp_path, announced(), article=[bare]) == ["the article can be loaded alone"]
    about_the_article = line("note/a", "record.retracted", {"event": note()["id"]})
    write(tmp_path, article=[note()])
    assert faults(tmp_path, about_the_article) == ["the corpus can be loaded alone"]


def test_the_check_counts_what_it_reads(tmp_path: Path):
    write(tmp_path, article=[note("a")], b=[note("b")], c=[note("c")])
    assert check(tmp_path) == (3, [])
    assert found(tmp_path) == []
