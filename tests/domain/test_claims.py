"""A recorded event as a claim reads it."""

from datetime import UTC, date, datetime

from service.domain.claims import Record, record_of
from service.domain.event import RecordedEvent

RECORDED = datetime(2026, 11, 1, 23, 59, tzinfo=UTC)


def test_a_record_keeps_of_an_event_what_a_claim_reads_with_the_day_of_its_recording():
    data, source = {"name": "Jay"}, {"tier": "holder"}
    event = RecordedEvent(
        7, "an id", "company/jay", 2, "company.named", 1, "2025-04", RECORDED, "", {}, data, source, ""
    )
    assert record_of(event) == Record(7, "an id", "company.named", 1, "2025-04", date(2026, 11, 1), data, source)
