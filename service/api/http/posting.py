"""What HTTP says of a posted body: its media type, and what its headers expect of the stream."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.api.http import cloudevents, media
from service.domain.event import ProposedEvent
from service.errors import FieldError, InvalidRequest
from service.register.post import PostedBody, check_count, posted_of

VERSION = re.compile(r'"(0|[1-9][0-9]{0,15})"')


def sent_as(media_type: str, attributes: Mapping[str, str], body: Any, most: int, home: cloudevents.Home) -> PostedBody:
    """What a request asks for, in the media type of its body; `attributes` are those of a CloudEvent in binary mode.

    Raises InvalidRequest with a pointer to each fault.
    """
    if media_type == media.CLOUD_EVENTS:
        check_count(body, most, "")
        events = [cloudevents.proposed(one, home, f"/{index}") for index, one in enumerate(body)]
        return PostedBody(events, None, lambda index, pointer: f"/{index}{cloudevents.pointer_to(pointer)}")
    if media_type == media.CLOUD_EVENT:
        event = cloudevents.proposed(body, home)
        return PostedBody([event], None, lambda _, pointer: cloudevents.pointer_to(pointer))
    if attributes:
        try:
            event = cloudevents.proposed({**attributes, "data": body}, home)
        except InvalidRequest as refusal:
            faults = [FieldError(cloudevents.header_of(fault.pointer), fault.detail) for fault in refusal.errors]
            raise InvalidRequest(refusal.detail, faults) from refusal
        return PostedBody([event], None, lambda _, at: cloudevents.header_of(cloudevents.pointer_to(at)))
    return posted_of(body, most)


def traced(events: Sequence[ProposedEvent], traceparent: str | None) -> list[ProposedEvent]:
    """The events, each with the trace that it came of, where it does not bear one of its own."""
    if traceparent is None:
        return list(events)
    return [replace(event, metadata={"traceparent": traceparent, **event.metadata}) for event in events]


def expecting(
    events: Sequence[ProposedEvent], if_match: str | None, if_none_match: str | None
) -> tuple[list[ProposedEvent], bool]:
    """The events, the first with the version that a header expects of their one stream; and whether one does.

    Raises InvalidRequest for a header that cannot be read, that is sent with events of several streams, or that
    contradicts what the first event expects itself.
    """
    if if_match is None and if_none_match is None:
        return list(events), False
    if if_match is not None and if_none_match is not None:
        raise InvalidRequest(
            "Send one of the two headers.", [FieldError("if-none-match", "not together with if-match")]
        )
    if len({event.stream for event in events}) > 1:
        name = "if-match" if if_match is not None else "if-none-match"
        raise InvalidRequest(
            "If-Match and If-None-Match need events of one stream.",
            [FieldError(name, "the events are of several streams")],
        )
    expected, stated = _version(if_match, if_none_match), events[0].expected_version
    if stated not in (None, expected):
        name = "if-match" if if_match is not None else "if-none-match"
        raise InvalidRequest(
            "The header and the event's expected_version ask for different versions.",
            [FieldError(name, f"version {expected}, where the first event says {stated}")],
        )
    return [replace(events[0], expected_version=expected), *events[1:]], True


def _version(if_match: str | None, if_none_match: str | None) -> int:
    if if_match is None:
        if if_none_match != "*":
            raise InvalidRequest("If-None-Match cannot be read.", [FieldError("if-none-match", "only * is read here")])
        return 0
    found = VERSION.fullmatch(if_match.strip())
    if found is None:
        fault = FieldError("if-match", 'the stream\'s version in quotes: "3"')
        raise InvalidRequest("If-Match cannot be read.", [fault])
    return int(found[1])
