"""Whether an event is retracted already, so that saying it again would record the same news twice."""

from typing import Any

from service.client import Client
from service.domain.sources import Tier
from service.errors import InvalidRequest

Event = dict[str, Any]
MOST_RETRACTIONS = 1_000
"""How many retractions in one stream are looked through."""


def retraction_of(client: Client, event: Event) -> Event | None:
    """The retraction of an event that stands. None stands that was itself retracted, or that a lower tier than the
    event's own said (rule 29)."""
    query = {"stream": event["stream"], "type": "record.retracted", "limit": MOST_RETRACTIONS}
    said = client.get("/v1/events", query).json()["events"]
    events = {one["id"]: one for one in (*said, event)}
    standing: dict[str, Event] = {}
    for one in reversed(said):
        target = events.get(one["data"].get("event"))
        if target is not None and one["id"] not in standing and rank(one) >= rank(target):
            standing.setdefault(target["id"], one)
    return standing.get(event["id"])


def said_already(client: Client, event: Event, body: Event) -> Event | None:
    """The retraction that a new one about an event would add nothing to: one by a source of at least its rank."""
    found = retraction_of(client, event)
    return found if found and rank(found) >= rank(body) else None


def must_stand(client: Client, event: Event, body: Event) -> None:
    """Raises InvalidRequest for a correction of what is retracted, by no higher source than took it back."""
    if found := said_already(client, event, body):
        raise InvalidRequest(
            f"Event {event['position']} is already retracted by event {found['position']} ({found['id']}): to correct "
            f"it changes nothing. To undo the retraction: lodestone retract {found['position']}."
        )


def rank(event: Event) -> int:
    """How close the speaker of an event stands to the act; 0 where its source was removed."""
    tier = (event["source"] or {}).get("tier")
    return Tier(tier).rank if tier in list(Tier) else 0
