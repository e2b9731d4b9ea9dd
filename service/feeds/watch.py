"""A watch: a standing question with its last answer, and what is told when that changes."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.event import RecordedEvent
from service.feeds.answers import Answered
from service.feeds.asks import Ask
from service.log.instants import instant_text

ANSWER_CHANGED = "answer.changed"
EVENT_RECORDED = "event.recorded"


@dataclass(frozen=True, slots=True)
class Watch:
    id: str
    title: str | None
    ask: Ask
    webhook: str | None
    paused: bool
    actor: str
    made_at: datetime
    position: int
    day: date
    caught_up: bool
    answer: Answered
    next_day: date | None
    changes: int = 0
    """The number of its last change."""


@dataclass(frozen=True, slots=True)
class Change:
    """The `number`th thing that is told of a watch, counted from 1."""

    watch: str
    number: int
    told: dict[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an answer was looked at again: an event, or a day that came."""

    position: int
    on: date
    event: RecordedEvent | None = None

    def told(self) -> dict[str, Any]:
        return {"events": [self.event.id]} if self.event else {"day": self.on.isoformat()}


def changed(watch: Watch, after: Answered, cause: Cause) -> dict[str, Any] | None:
    """What is told where two answers of a watch differ; None where they say the same.

    Of a status only the rows that differ are told, by what they are about; of a determination all that it says.
    """
    before = watch.answer
    fields = [
        name for name in dict.fromkeys([*before.says, *after.says]) if before.says.get(name) != after.says.get(name)
    ]
    if not fields:
        return None
    shown = [*before.says, *after.says] if watch.ask.determination else fields
    return {
        "watch": watch.id,
        "title": watch.title,
        "position": cause.position,
        "as_of": cause.on.isoformat(),
        "because": cause.told(),
        "headline": {"before": before.headline, "after": after.headline},
        "fields": fields,
        "before": {name: before.says[name] for name in dict.fromkeys(shown) if name in before.says},
        "after": {name: after.says[name] for name in dict.fromkeys(shown) if name in after.says},
    }


def recorded(watch: Watch, event: RecordedEvent) -> dict[str, Any]:
    """What is told of an event that a watch waits for."""
    return {
        "watch": watch.id,
        "title": watch.title,
        "position": event.position,
        "because": {"events": [event.id]},
        "event": {
            "id": event.id,
            "stream": event.stream,
            "type": event.type,
            "effective": event.effective,
            "recorded_at": instant_text(event.recorded_at),
        },
    }


def next_change(watch: Watch, kind: str, told: dict[str, Any], made_at: datetime) -> tuple[Watch, Change]:
    """The watch after one more change, and that change as it is told."""
    number = watch.changes + 1
    whole = {"type": kind, "timestamp": instant_text(made_at), "data": {"number": number, **told}}
    return replace(watch, changes=number), Change(watch.id, number, whole, made_at)


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
