"""A stream's records put together (rule 29): copies, corrections, retractions and repeats, each with a tier."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import REDACTED, Claim, Ledger, Record, SetAside
from service.domain.ledger import ledger
from service.domain.note.events import NoteRecorded
from service.domain.sources import RANKS, Tier
from tests.searching import examples

STREAM = "note/n"
DAY = date(2025, 11, 1)
ISSUER, HOLDER, PRESS, ANONYMOUS = "issuer_text", "holder", "press_named", "press_anonymous"


class Stream:
    """Records in the order in which they are said: e1, e2 and so on."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def _say(self, type_: str, data: dict[str, Any], tier: str, effective: str | None, title: str) -> str:
        number = len(self.records) + 1
        source = {"tier": tier, "title": title, "published_at": "2025-10-30"}
        self.records.append(Record(number, f"e{number}", type_, 1, effective, DAY, data, source))
        return f"e{number}"

    def note(self, text: str, tier: str = PRESS, effective: str | None = "2025-10-01", title: str = "A") -> str:
        return self._say("note.recorded", {"kind": "other", "text": text}, tier, effective, title)

    def correct(
        self, of: str, tier: str = PRESS, text: str | None = None, effective: str | None = None, title: str = "B"
    ) -> str:
        data: dict[str, Any] = {"event": of}
        if text:
            data["data"] = {"kind": "other", "text": text}
        if effective:
            data["effective"] = effective
        return self._say("record.corrected", data, tier, None, title)

    def retract(self, of: str, tier: str = PRESS, title: str = "C") -> str:
        return self._say("record.retracted", {"event": of}, tier, None, title)

    def repeat(self, of: str, tier: str = PRESS, title: str = "D") -> str:
        return self._say("record.repeated", {"event": of}, tier, None, title)

    def redact(self, of: str) -> None:
        at = next(index for index, record in enumerate(self.records) if record.id == of)
        self.records[at] = replace(self.records[at], data=REDACTED, source=REDACTED)

    @property
    def ledger(self) -> Ledger:
        return ledger(STREAM, self.records)


@pytest.fixture
def said() -> Stream:
    return Stream()


def texts(found: Ledger) -> list[str]:
    return [text_of(claim) for claim in found.claims]


def text_of(claim: Claim) -> str:
    assert isinstance(claim.data, NoteRecorded)
    return claim.data.text


def days(found: Ledger) -> list[str]:
    return [str(claim.day.latest) for claim in found.claims]


def asides(found: Ledger) -> dict[str, tuple[str, bool]]:
    return {one.event: (one.reason, one.conflicting) for one in found.set_aside}


# Corrections


def test_a_correction_of_the_day_leaves_an_earlier_correction_of_the_data(said: Stream):
    first = said.note("wrong")
    said.correct(first, text="right")
    said.correct(first, effective="2025-09-01")
    assert (texts(said.ledger), days(said.ledger)) == (["right"], ["2025-09-01"])


def test_a_correction_of_the_data_leaves_an_earlier_correction_of_the_day(said: Stream):
    first = said.note("wrong")
    said.correct(first, effective="2025-09-01")
    said.correct(first, text="right")
    assert (texts(said.ledger), days(said.ledger)) == (["right"], ["2025-09-01"])


def test_the_latest_of_equal_tiers_is_followed_field_by_field(said: Stream):
    first = said.note("a", ISSUER)
    said.correct(first, ISSUER, text="b", effective="2025-09-01")
    said.correct(first, ISSUER, text="c")
    said.correct(first, ISSUER, effective="2025-09-02")
    said.correct(first, HOLDER, text="d", effective="2025-09-03")
    found = said.ledger
    assert (texts(found), days(found)) == (["c"], ["2025-09-02"])
    assert found.set_aside == (
        SetAside("e1", Tier.ISSUER_TEXT, "corrected by event e2", False),
        SetAside("e2", Tier.ISSUER_TEXT, "corrected by event e3", False),
        SetAside("e2", Tier.ISSUER_TEXT, "corrected by event e4", False),
        SetAside("e5", Tier.HOLDER, "outranked by event e3", True),
        SetAside("e5", Tier.HOLDER, "outranked by event e4", True),
    )


def test_a_lower_tier_adds_no_day_to_what_a_higher_one_left_open(said: Stream):
    first = said.note("a", ISSUER, effective=None)
    said.correct(first, PRESS, effective="2025-09-01")
    assert days(said.ledger) == ["2025-10-30"]
    assert asides(said.ledger) == {"e2": ("outranked by event e1", True)}
    said.correct(first, ISSUER, effective="2025-09-02")
    assert days(said.ledger) == ["2025-09-02"]


def test_a_source_corrects_its_own_words_beside_a_higher_ones_day_and_they_stay_its_own(said: Stream):
    first = said.note("a", PRESS)
    said.correct(first, ISSUER, effective="2025-09-01")
    assert (texts(said.ledger), said.ledger.claims[0].tier) == (["a"], Tier.ISSUER_TEXT)
    said.correct(first, PRESS, text="b")
    claim = said.ledger.claims[0]
    assert (text_of(claim), str(claim.day.latest), claim.tier) == ("b", "2025-09-01", Tier.PRESS_NAMED)
    said.correct(first, ANONYMOUS, text="c")
    assert texts(said.ledger) == ["b"]


def test_a_correction_that_states_no_field_puts_its_source_behind_all_of_them(said: Stream):
    first = said.note("a", PRESS)
    better = said.correct(first, ISSUER)
    outranked = said.correct(first, HOLDER, text="b", effective="2025-09-01")
    claim = said.ledger.claims[0]
    assert (text_of(claim), days(said.ledger), claim.tier) == ("a", ["2025-10-01"], Tier.ISSUER_TEXT)
    assert claim.said[0][0] == better
    assert set(asides(said.ledger)) == {first, outranked}


def test_a_correction_of_a_correction_is_one_of_what_that_corrects(said: Stream):
    first = said.note("a")
    second = said.correct(first, text="b")
    said.correct(second, text="c")
    assert texts(said.ledger) == ["c"]
    said.retract(second)
    assert texts(said.ledger) == ["c"]


def test_the_events_of_a_claim_are_its_own_first_then_what_it_rests_on(said: Stream):
    first = said.note("a")
    said.correct(first, text="b")
    said.correct(first, effective="2025-09-01")
    said.repeat(first)
    claim = said.ledger.claims[0]
    assert (claim.event, set(claim.events)) == ("e1", {"e1", "e2", "e3", "e4"})
    assert [event for event, _ in claim.said] == ["e3", "e4"]
    assert claim.position == 1


# Retractions


def test_a_retraction_of_ones_own_report_leaves_a_higher_tiers_correction_of_it(said: Stream):
    report = said.note("granted to A", PRESS)
    said.correct(report, ISSUER, text="granted to B")
    said.retract(report, PRESS)
    claim = said.ledger.claims[0]
    assert (text_of(claim), claim.tier, claim.event) == ("granted to B", Tier.ISSUER_TEXT, "e2")
    assert asides(said.ledger)[report] == ("retracted by event e3", False)


@pytest.mark.parametrize(("tier", "left"), [(ISSUER, ["b"]), (HOLDER, []), (PRESS, [])])
def test_a_retraction_takes_away_what_is_of_its_tier_or_below_and_nothing_of_a_higher(
    said: Stream, tier: str, left: list[str]
):
    first = said.note("a", PRESS)
    correction = said.correct(first, tier, text="b")
    said.retract(first, HOLDER)
    assert texts(said.ledger) == left
    assert (correction in asides(said.ledger)) == (not left)


def test_of_several_retractions_the_highest_counts(said: Stream):
    first = said.note("a", PRESS)
    said.correct(first, HOLDER, text="b")
    said.retract(first, ISSUER)
    said.retract(first, PRESS)
    assert texts(said.ledger) == []


def test_a_higher_tiers_correction_of_the_day_alone_keeps_the_words_that_it_let_stand(said: Stream):
    first = said.note("a", PRESS)
    said.correct(first, ISSUER, effective="2025-09-01")
    said.retract(first, PRESS)
    assert (texts(said.ledger), days(said.ledger)) == (["a"], ["2025-09-01"])


def test_a_lower_tier_retracts_nothing_of_a_higher(said: Stream):
    first = said.note("a", ISSUER)
    attempt = said.retract(first, HOLDER)
    assert texts(said.ledger) == ["a"]
    assert asides(said.ledger) == {attempt: ("a holder source cannot retract a higher one's claim", True)}
    said.retract(first, ISSUER)
    assert texts(said.ledger) == []


def test_retracting_a_correction_restores_what_it_replaced(said: Stream):
    first = said.note("a")
    said.correct(first, text="b")
    second = said.correct(first, text="c", effective="2025-09-01")
    said.retract(second)
    assert (texts(said.ledger), days(said.ledger)) == (["b"], ["2025-10-01"])


def test_retracting_a_retraction_restores_the_claim(said: Stream):
    first = said.note("a", PRESS)
    away = said.retract(first, HOLDER)
    said.retract(away, PRESS)
    assert texts(said.ledger) == []
    said.retract(away, HOLDER)
    assert texts(said.ledger) == ["a"]


def test_a_repeat_falls_with_what_it_repeats_and_stays_with_what_stands(said: Stream):
    first = said.note("a", PRESS)
    said.repeat(first, title="one")
    correction = said.correct(first, ISSUER, text="b")
    said.repeat(correction, title="two")
    assert [event for event, _ in said.ledger.claims[0].said] == ["e3", "e2", "e4"]
    said.retract("e2", PRESS)
    said.repeat("e2", title="three")
    assert [event for event, _ in said.ledger.claims[0].said] == ["e3", "e4"]
    said.retract(first, PRESS)
    said.repeat(first, title="four")
    assert [event for event, _ in said.ledger.claims[0].said] == ["e3", "e4"]


def test_what_speaks_of_a_retraction_says_nothing_of_the_claim(said: Stream):
    first = said.note("a")
    away = said.retract(first)
    said.repeat(away, ISSUER)
    said.correct(away, ISSUER, effective="2025-09-01")
    assert texts(said.ledger) == []
    said.retract(away, ISSUER)
    assert (texts(said.ledger), days(said.ledger)) == (["a"], ["2025-10-01"])
    assert len(said.ledger.claims[0].said) == 1


# Copies


def test_copies_of_a_report_are_one_report_and_what_reaches_one_reaches_all(said: Stream):
    first, second = said.note("a"), said.note("a")
    assert texts(said.ledger) == ["a"]
    assert said.ledger.claims[0].events == (first, second)
    said.correct(second, text="b")
    said.note("a")
    assert texts(said.ledger) == ["b"]
    said.retract(first)
    assert texts(said.ledger) == []
    assert {"e1", "e2", "e4"} <= set(asides(said.ledger))


@pytest.mark.parametrize(
    "other",
    [
        {"text": "b"},
        {"text": "a", "tier": HOLDER},
        {"text": "a", "title": "Another"},
        {"text": "a", "effective": "2025-10-02"},
        {"text": "a", "effective": None},
    ],
)
def test_what_differs_in_words_source_or_day_is_a_report_of_its_own(said: Stream, other: dict[str, Any]):
    first = said.note("a")
    said.note(**other)
    said.retract(first)
    assert texts(said.ledger) == [other["text"]]


def test_the_order_in_which_fields_were_written_makes_no_other_report(said: Stream):
    first = said.note("a")
    said.records.append(replace(said.records[0], id="e2", position=2, data={"text": "a", "kind": "other"}))
    said.retract(first)
    assert texts(said.ledger) == []


def test_a_copy_of_a_correction_is_no_second_one(said: Stream):
    first, second = said.note("a"), said.note("a")
    once = said.correct(first, text="b")
    said.correct(second, text="b")
    assert texts(said.ledger) == ["b"]
    said.retract(once)
    assert texts(said.ledger) == ["a"]


def test_a_company_registered_again_after_a_retraction_is_registered():
    data, source = {"name": "Jay Ushin", "country": "IN"}, {"tier": "holder", "title": "A"}
    first = Record(1, "e1", "company.registered", 1, None, DAY, data, source)
    gone = Record(2, "e2", "record.retracted", 1, None, DAY, {"event": "e1"}, source)
    again = replace(first, position=3, id="e3")
    assert [claim.event for claim in ledger("company/c", [first, gone, again]).claims] == ["e3"]


# Redaction


def test_a_redacted_record_and_what_speaks_of_it_claim_nothing(said: Stream):
    first = said.note("a")
    said.correct(first, text="b")
    said.note("other", title="Another")
    said.redact(first)
    assert texts(said.ledger) == ["other"]
    assert asides(said.ledger) == {first: ("redacted: what it said was removed", False)}
    assert said.ledger.position == 3


def test_of_no_records_there_is_an_empty_ledger():
    assert ledger(STREAM, []) == Ledger(STREAM, (), (), 0)


# What was set aside, as it was claimed


def test_what_is_not_followed_is_kept_as_it_was_claimed(said: Stream):
    first = said.note("a", PRESS)
    said.correct(first, ISSUER, text="b")
    said.correct(first, PRESS, text="c")
    gone = said.note("d", title="Another")
    said.retract(gone)
    assert texts(said.ledger) == ["b"]
    assert sorted(text_of(claim) for claim in said.ledger.unfollowed) == ["a", "c", "d"]
    together = said.ledger.as_if_nothing_fell()
    assert sorted(text_of(claim) for claim in together.claims) == ["a", "b", "c", "d"]
    assert {claim.tier for claim in together.claims} == {Tier.PRESS_NAMED}
    assert together.unfollowed == ()


# Held against a slow reading of the same rule

TIERS = [ISSUER, HOLDER, PRESS]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["note", "correct", "retract", "repeat"]),
        st.sampled_from(TIERS),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["2025-09-01", "2025-09-02", None]),
        st.integers(0, 30),
    ),
    max_size=14,
)


def told(steps: Sequence[tuple[str, str, str | None, str | None, int]]) -> Stream:
    stream = Stream()
    for act, tier, text, effective, about in steps:
        earlier = stream.records[about % len(stream.records)].id if stream.records else None
        if act == "note" or earlier is None:
            stream.note(text or "c", tier, effective)
        elif act == "correct":
            stream.correct(earlier, tier, text, effective)
        elif act == "retract":
            stream.retract(earlier, tier)
        else:
            stream.repeat(earlier, tier)
    return stream


class Slowly:
    """The rule as it is said, and no faster: each look goes through all of the records again."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.distinct = [one for one in records if self.first(one) is one]

    def rank(self, record: Record) -> int:
        return RANKS[Tier(record.source["tier"])]

    def target(self, record: Record) -> Record:
        return next(one for one in self.records if one.id == record.data["event"])

    def content(self, record: Record) -> str:
        data = dict(record.data)
        if "event" in data:
            data["event"] = self.content(self.target(record))
        return json.dumps([record.type, record.effective, data, record.source], sort_keys=True)

    def first(self, record: Record) -> Record:
        return next(one for one in self.records if self.content(one) == self.content(record))

    def retractions(self, record: Record) -> list[Record]:
        """Those of it, or of a copy, that are not outranked and stand themselves."""
        acts = [one for one in self.distinct if one.type == "record.retracted"]
        of_it = [one for one in acts if self.content(self.target(one)) == self.content(record)]
        return [one for one in of_it if self.rank(one) >= self.rank(record) and not self.retractions(one)]

    def root(self, record: Record) -> Record | None:
        if "event" not in record.data:
            return self.first(record)
        spoken_of = self.target(record)
        return None if spoken_of.type == "record.retracted" else self.root(spoken_of)

    def repeats(self, record: Record) -> bool:
        """Whether a repeat stands, and all that it repeats."""
        if self.retractions(record):
            return False
        return record.type != "record.repeated" or self.repeats(self.target(record))

    def corrections(self, original: Record, force: int) -> list[Record]:
        about = [one for one in self.distinct if one.type == "record.corrected" and self.root(one) is original]
        return [one for one in about if self.rank(one) > force and not self.retractions(one)]

    def claim(self, original: Record) -> tuple[str, str | None, int, frozenset[str]] | None:
        """Its text, its day as written, its rank, its sources; None where nothing of it stands."""
        force = max((self.rank(one) for one in self.retractions(original)), default=0)
        rank = dict.fromkeys(("data", "effective"), 0 if force else self.rank(original))
        value: dict[str, Any] = {"data": original.data, "effective": original.effective}
        source, source_rank = original, rank["data"]
        for one in self.corrections(original, force):
            stated = [name for name in rank if one.data.get(name) is not None]
            taken = [name for name in stated or rank if self.rank(one) >= rank[name]]
            for name in taken:
                rank[name] = self.rank(one)
                value[name] = one.data.get(name) or value[name]
            if taken and ("data" in {*stated} & {*taken} or self.rank(one) >= source_rank):
                source, source_rank = one, self.rank(one)
        said = [one for one in self.distinct if one.type == "record.repeated" and self.root(one) is original]
        sources = frozenset([source.id, *(one.id for one in said if self.repeats(one))])
        return (value["data"]["text"], value["effective"], source_rank, sources) if source_rank else None


@examples(300)
@given(STEPS)
def test_the_ledger_says_what_a_slow_reading_of_the_rule_says(steps: list[Any]):
    stream = told(steps)
    slow = Slowly(stream.records)
    originals = [one for one in slow.distinct if "event" not in one.data]
    quickly = [
        (
            text_of(claim),
            None if claim.day.earliest is None else str(claim.day.earliest),
            claim.rank,
            frozenset(event for event, _ in claim.said),
        )
        for claim in stream.ledger.claims
    ]
    assert quickly == [claim for one in originals if (claim := slow.claim(one))]


@examples(200)
@given(STEPS)
def test_nothing_that_claims_something_of_the_world_disappears_without_a_word(steps: list[Any]):
    """Rule 30 begins here: what does not stand is set aside, with a reason."""
    stream = told(steps)
    found = stream.ledger
    standing = {event for claim in found.claims for event in claim.events}
    aside = {one.event for one in found.set_aside}
    assert {record.id for record in stream.records if record.type == "note.recorded"} <= standing | aside


# Growth


def lines_run(count: int) -> int:
    """How many lines of the ledger run for a stream of so many records, half of which speak of others."""
    stream = Stream()
    for number in range(count // 6):
        first = stream.note(f"n{number}")
        stream.note(f"n{number}")
        stream.note(f"m{number}", ISSUER)
        correction = stream.correct(first, text=f"c{number}", title=f"t{number}")
        stream.repeat(correction)
        stream.retract(correction)
    run = 0

    def trace(frame: Any, event: str, _arg: Any) -> Any:
        nonlocal run
        run += event == "line"
        return trace if frame.f_code.co_filename.endswith("ledger.py") else None

    records, before = stream.records, sys.gettrace()
    sys.settrace(trace)
    try:
        ledger(STREAM, records)
    finally:
        sys.settrace(before)
    return run


def test_ten_times_the_records_take_ten_times_the_steps():
    assert lines_run(3_000) <= 11 * lines_run(300)
