"""Instants of the log: whole microseconds since 1970-01-01T00:00:00Z in the tables, aware UTC datetimes outside."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    return datetime.now(UTC)


def microseconds(instant: datetime) -> int:
    """Exact: integer arithmetic, because a float loses microseconds. Raises TypeError for a naive datetime."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with exactly six fractional digits and Z: the form that an event's envelope is hashed in."""
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
