"""Every event type: its reference, its golden event, and what no version of it may ever take."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from service.domain import catalogue
from service.domain.base import Line
from service.domain.event_type import ANY_NOUN, EventData
from service.log.canonical import canonical

GOLDEN = Path(__file__).parents[1] / "golden"
# A type without a golden event is named once, by the test that asks for it.
KEPT = {file.stem for file in GOLDEN.glob("*.json")}
EVERY_TYPE = pytest.mark.parametrize("type_", [name for name in catalogue.TYPES if name in KEPT])
EVERY_POSTED_TYPE = pytest.mark.parametrize("type_", [name for name in catalogue.POSTED if name in KEPT])
Path_ = tuple[str | int, ...]


def golden(type_: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((GOLDEN / f"{type_}.json").read_text())
    return event


def objects(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place in a document where an object stands."""
    if isinstance(value, dict):
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from objects(member, (*path, name))


def at(document: Any, path: Path_) -> Any:
    for part in path:
        document = document[part]
    return document


DOMAIN = Path(__file__).parents[2] / "service" / "domain"
FOLDERS = {ANY_NOUN: "record", "country": "record"}
"""Where a noun's folder is not called after it."""


def read_by_its_noun(name: str, model: type[EventData]) -> bool:
    """Whether a file of the noun, beside the one that declares its events, speaks of the type: by its class, by its
    name, or by its act in quotes. What speaks of records is read where a stream is put together."""
    files = [file for file in (DOMAIN / FOLDERS.get(model.noun, model.noun)).glob("*.py") if file.name != "events.py"]
    files += [DOMAIN / "ledger.py", DOMAIN / "claims.py"] if model.noun == ANY_NOUN else []
    text = "\n".join(file.read_text() for file in files)
    act = name.partition(".")[2]
    named = any(re.search(rf"\b{re.escape(word)}\b", text) for word in (model.__name__, name))
    return named or f'"{act}"' in text


def what_is_missing(types: dict[str, type[EventData]], folder: Path) -> list[str]:
    """What an event type still lacks, each in a sentence that says where to put it."""
    found = []
    for name, model in types.items():
        if model.__doc__ in (None, EventData.__doc__) or "__doc__" not in vars(model):
            found.append(f"{name} has no docstring: it is the type's published reference ({model.__module__})")
        if not (folder / f"{name}.json").is_file():
            found.append(f"{name} has no golden event: post one, and keep it as tests/golden/{name}.json")
        if not (folder / "read" / f"{name}.json").is_file():
            found.append(f"{name} has no golden reading: its canonical dump, as tests/golden/read/{name}.json")
        if not read_by_its_noun(name, model):
            found.append(f"{name} is read by no file of its noun's folder: the fold passes over it")
        if model.noun not in (*catalogue.NOUNS, ANY_NOUN):
            found.append(f"{name} stands in streams of no noun of the catalogue")
        found += [
            f"{name} has no upcaster from version {version}: catalogue.UPCASTERS"
            for version in range(1, model.schema_version)
            if (name, version) not in catalogue.UPCASTERS
        ]
    files = {file.stem for folder_ in (folder, folder / "read") for file in folder_.glob("*.json")}
    return found + [f"tests/golden has an event of {name}, which is no type" for name in sorted(files - set(types))]


def test_every_event_type_has_its_reference_and_its_golden_event():
    assert what_is_missing(catalogue.TYPES, GOLDEN) == []


def test_what_a_new_event_type_still_lacks_is_named():
    class Rumour(EventData):
        event_type: ClassVar[str] = "note.rumoured"
        schema_version: ClassVar[int] = 2
        noun: ClassVar[str] = "rumour"

    before = what_is_missing(catalogue.TYPES, GOLDEN)
    named = [one for one in what_is_missing(catalogue.TYPES | {"note.rumoured": Rumour}, GOLDEN) if one not in before]
    assert [sentence.split(":")[0].split(" (")[0] for sentence in named] == [
        "note.rumoured has no docstring",
        "note.rumoured has no golden event",
        "note.rumoured has no golden reading",
        "note.rumoured is read by no file of its noun's folder",
        "note.rumoured stands in streams of no noun of the catalogue",
        "note.rumoured has no upcaster from version 1",
    ]
    fewer = {name: model for name, model in catalogue.TYPES.items() if name != "note.recorded"}
    named = [one for one in what_is_missing(fewer, GOLDEN) if one not in before]
    assert named == ["tests/golden has an event of note.recorded, which is no type"]


@EVERY_TYPE
def test_a_stored_name_is_noun_and_past_tense_whatever_the_class_is_called(type_: str):
    noun, _, act = type_.partition(".")
    assert catalogue.TYPES[type_].event_type == type_
    assert noun in (*catalogue.NOUNS, "record")
    assert act.replace("_", "").isalpha()
    assert act == act.lower()


@EVERY_POSTED_TYPE
def test_a_golden_event_is_taken_as_it_was_written(type_: str):
    posted = golden(type_)
    proposed = catalogue.propose(posted)
    assert posted["type"] == proposed.type == type_
    assert proposed.data == posted["data"]
    assert proposed.source == posted["source"]
    assert proposed.metadata == posted.get("metadata", {})
    assert proposed.effective == posted.get("effective")
    assert proposed.id == posted["id"]
    assert proposed.refers_to == (posted["data"].get("event") if type_.startswith("record.") else None)


@EVERY_TYPE
def test_a_golden_event_comes_back_from_the_record_with_the_same_content(type_: str):
    posted = golden(type_)
    read = catalogue.read(type_, posted.get("schema_version", 1), posted["data"])
    assert type(read) is catalogue.TYPES[type_]
    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == posted["data"]


@EVERY_TYPE
def test_what_is_read_from_a_golden_event_never_changes(type_: str):
    posted = golden(type_)
    read = catalogue.read(type_, posted.get("schema_version", 1), posted["data"])
    kept = (GOLDEN / "read" / f"{type_}.json").read_bytes().rstrip(b"\n")
    assert canonical(read.model_dump(mode="json", by_alias=True)) == kept


@EVERY_POSTED_TYPE
def test_an_unknown_field_is_refused_at_every_level(type_: str):
    for path in objects(golden(type_)):
        if path[:1] == ("metadata",) or (type_ == "record.corrected" and path == ("data", "data")):
            continue  # Names are free here; corrected data is checked against its own type when it is decided.
        if path[-1:] == ("parameters",):
            continue  # Parameters are named by whoever states them.
        posted = golden(type_)
        at(posted, path)["colour"] = "grey"
        with pytest.raises(ValidationError) as refusal:
            catalogue.propose(posted)
        assert "extra_forbidden" in {error["type"] for error in refusal.value.errors()}, path


@EVERY_POSTED_TYPE
def test_a_field_that_a_type_requires_is_missed(type_: str):
    required = [name for name, field in catalogue.TYPES[type_].model_fields.items() if field.is_required()]
    for path in (("data",), ("source",), ("stream",), ("type",), ("source", "tier"), *(("data", n) for n in required)):
        posted = golden(type_)
        del at(posted, path[:-1])[path[-1]]
        with pytest.raises(ValidationError) as refusal:
            catalogue.propose(posted)
        assert {error["type"] for error in refusal.value.errors()} <= {"missing", "union_tag_not_found"}, path


@EVERY_POSTED_TYPE
def test_the_current_schema_version_is_taken_and_no_other(type_: str):
    current = catalogue.TYPES[type_].schema_version
    for version in (current, None):
        assert catalogue.propose(golden(type_) | {"schema_version": version}).schema_version == current
    for other in (current - 1, current + 1, 2**53 - 1, str(current)):
        with pytest.raises(ValidationError):
            catalogue.propose(golden(type_) | {"schema_version": other})


@pytest.mark.parametrize("version", [True, 1.0])
def test_what_is_equal_to_a_schema_version_and_no_integer_is_refused(version: object):
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"schema_version": version})


@pytest.mark.parametrize("type_", sorted(set(catalogue.TYPES) - set(catalogue.POSTED)))
def test_what_only_the_register_itself_records_cannot_be_posted(type_: str):
    with pytest.raises(ValidationError):
        catalogue.propose(golden(type_))


@EVERY_POSTED_TYPE
def test_an_event_stands_in_streams_of_its_own_noun(type_: str):
    noun = catalogue.TYPES[type_].noun
    for stream_noun in catalogue.NOUNS:
        posted = golden(type_) | {"stream": f"{stream_noun}/{'x' * 100}"}
        if noun in (stream_noun, ANY_NOUN):
            assert catalogue.propose(posted).stream == posted["stream"]
        else:
            with pytest.raises(ValidationError):
                catalogue.propose(posted)


@pytest.mark.parametrize(
    "stream", ["note/", "note", "/x", "note/X", "note/a_b", "note/a/b", "note/" + "x" * 101, "note/x\n", "notes/x", 5]
)
def test_a_stream_is_a_noun_and_a_slug(stream: object):
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"stream": stream})


@pytest.mark.parametrize(
    "type_", ["note.Recorded", "note", "", "note.recorded ", None, 5, True, [], {}, ["note.recorded"]]
)
def test_a_type_that_is_not_in_the_catalogue_is_refused(type_: object):
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"type": type_})


@pytest.mark.parametrize(
    "id_",
    [
        "0198C0DE-0000-4000-8000-00000000000A",
        "0198c0de00004000800000000000000a",
        "{0198c0de-0000-4000-8000-00000000000a}",
        "urn:uuid:0198c0de-0000-4000-8000-00000000000a",
        "0198c0de-0000-4000-8000-00000000000g",
        "",
        5,
    ],
)
def test_an_id_is_a_uuid_in_small_letters(id_: object):
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"id": id_})


@pytest.mark.parametrize("version", [-1, "0", 0.0, True, 2**53])
def test_an_expected_version_is_a_whole_number_from_zero(version: object):
    assert catalogue.propose(golden("note.recorded") | {"expected_version": 0}).expected_version == 0
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"expected_version": version})


@pytest.mark.parametrize(
    "metadata",
    [
        {"": 1},
        {"x" * 65: 1},
        {"é": 1},
        {"a b": 1},
        {"a": []},
        {"a": {}},
        {"a": 1.5},
        {"a": -1},
        {"a": "x" * 501},
        [],
        "a",
    ],
)
def test_metadata_is_flat_and_its_names_are_plain(metadata: object):
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"metadata": metadata})


def test_metadata_has_at_most_fifty_members():
    fifty: dict[str, Any] = {"x" * 64: None, **{f"a.b-c_{number}": number for number in range(49)}}
    assert catalogue.propose(golden("note.recorded") | {"metadata": fifty}).metadata == fifty
    with pytest.raises(ValidationError):
        catalogue.propose(golden("note.recorded") | {"metadata": fifty | {"one_more": True}})


class Sighting(EventData):
    """Version 2 of an event: what version 1 called `who` is `seen_by`, and may be several."""

    event_type: ClassVar[str] = "note.sighted"
    schema_version: ClassVar[int] = 2
    noun: ClassVar[str] = "note"

    seen_by: list[Line]
    place: Line | None = None


def several(data: dict[str, Any]) -> dict[str, Any]:
    who = data.pop("who")
    return data | {"seen_by": [who]}


SIGHTINGS: dict[str, type[EventData]] = {"note.sighted": Sighting}
UPCASTERS = {("note.sighted", 1): several}


def test_what_was_stored_in_an_older_version_is_read_as_the_current_one_and_stays_as_it_was():
    stored = {"who": "a customs officer", "place": "Nhava Sheva"}
    read = catalogue.read("note.sighted", 1, stored, upcasters=UPCASTERS, types=SIGHTINGS)
    assert read == Sighting(seen_by=["a customs officer"], place="Nhava Sheva")
    assert stored == {"who": "a customs officer", "place": "Nhava Sheva"}


def test_what_was_stored_in_the_current_version_passes_by_the_upcasters():
    read = catalogue.read("note.sighted", 2, {"seen_by": ["two"]}, upcasters=UPCASTERS, types=SIGHTINGS)
    assert read == Sighting(seen_by=["two"])


def test_upcasters_are_taken_one_version_at_a_time():
    class Third(Sighting):
        schema_version: ClassVar[int] = 3
        certain: bool

    steps = UPCASTERS | {("note.sighted", 2): lambda data: data | {"certain": False}}
    read = catalogue.read("note.sighted", 1, {"who": "one"}, upcasters=steps, types={"note.sighted": Third})
    assert read == Third(seen_by=["one"], certain=False)


def test_an_older_version_without_an_upcaster_or_with_a_wrong_one_is_not_read():
    with pytest.raises(KeyError):
        catalogue.read("note.sighted", 1, {"who": "one"}, upcasters={}, types=SIGHTINGS)
    with pytest.raises(ValidationError):
        catalogue.read("note.sighted", 1, {"who": "one"}, {("note.sighted", 1): lambda data: data}, SIGHTINGS)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("lei", "213800WSGIIZCXF1P572"),
        ("uscc", "91110000600037341L"),
        ("gstin", "27AAPFU0939F1ZV"),
        ("cin", "U31100DL1986PTC000001"),
        ("other", "500000"),
    ],
)
def test_an_identifier_has_the_check_digits_of_its_scheme(scheme: str, value: str):
    posted = golden("company.registered")
    posted["data"]["identifiers"] = [{"scheme": scheme, "value": value}]
    assert catalogue.propose(posted).data == posted["data"]


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("lei", "213800WSGIIZCXF1P573"),
        ("lei", "213800WSGIIZCXF1P57"),
        ("uscc", "91110000600037341M"),
        ("gstin", "27AAPFU0939F1ZW"),
        ("lei", ""),
        ("LEI", "213800WSGIIZCXF1P572"),
        ("eori", "1"),
    ],
)
def test_an_identifier_with_a_wrong_check_digit_or_of_an_unknown_scheme_is_refused(scheme: str, value: str):
    posted = golden("company.registered")
    posted["data"]["identifiers"] = [{"scheme": scheme, "value": value}]
    with pytest.raises(ValidationError):
        catalogue.propose(posted)
