"""The bytes that are hashed."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service import errors
from service.domain.event import RecordedEvent
from service.log.canonical import LARGEST_INTEGER, canonical, leaf_hash, payload_bytes, payload_digest
from service.log.entry import envelope, enveloped, payload_of
from service.log.instants import instant_of

texts = st.text(st.characters(exclude_categories=["Cs"]))
ZONES = (UTC, timezone(timedelta(hours=5, minutes=30)))
instants = st.builds(lambda at, zone: instant_of(at).astimezone(zone), st.integers(0, 2**52), st.sampled_from(ZONES))
integers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
)


@given(values)
def test_canonical_json_is_what_rfc_8785_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.tuples(*[texts] * 4), st.none() | texts, integers, st.dictionaries(st.sampled_from("abc"), values), instants)
def test_an_envelope_is_canonical_whatever_it_holds(
    named: tuple[str, ...], effective: str | None, number: int, metadata: dict[str, Any], recorded_at: datetime
) -> None:
    id_, stream, type_, actor = named
    digest = hashlib.sha256(stream.encode()).digest()
    event = RecordedEvent(
        number, id_, stream, number, type_, number, effective, recorded_at, actor, metadata, {"a": 1}, {"b": 1}, "00"
    )
    assert envelope(event, digest) == rfc8785.dumps(enveloped(event, digest))


def test_a_payload_is_read_however_deep_it_nests() -> None:
    nested: Any = "end"
    for _ in range(300):
        nested = [nested]
    assert payload_of(payload_bytes({"a": nested}, {}).decode()) == {"data": {"a": nested}, "source": {}}


@given(values)
def test_canonical_json_reads_back_as_the_value(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": 1.0}, "/a"),
        ({"a": [0, float("nan")]}, "/a/1"),
        ({"a": {"é": 1}}, "/a"),
        ({"a": {1: 1}}, "/a"),
        ({"a/b~c": "\ud800"}, "/a~1b~0c"),
        ([2**53], "/0"),
        ([-(2**53)], "/0"),
        ([(1, 2)], "/0"),
        ([b""], "/0"),
    ],
)
def test_what_has_no_canonical_form_is_refused_and_named(value: Any, pointer: str) -> None:
    with pytest.raises(errors.InvalidRequest) as refusal:
        canonical(value)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_the_largest_integers_are_taken() -> None:
    assert canonical([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


def test_the_hashes_are_those_of_the_format() -> None:
    payload = payload_bytes({"b": 1, "a": "é"}, {"tier": "press"})
    assert payload == '{"data":{"a":"é","b":1},"source":{"tier":"press"}}'.encode()
    assert payload_digest(b"\x01" * 16, payload) == hashlib.sha256(b"\x01" * 16 + payload).digest()
    assert leaf_hash(b"{}") == hashlib.sha256(b"\x00{}").digest()
