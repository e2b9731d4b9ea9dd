"""The prose of the OpenAPI document."""

from typing import Any

TITLE = "Lodestone"
SUMMARY = "What may go where, for whom, on which day, as far as was known, and why."
DESCRIPTION = """\
A register of export restrictions, trade licenses and the diplomacy around them. Events go in; the status of a country
or a company comes out, for a day (`as_of`) and a state of knowledge (`known_at`), with its reasons. Absence of data is
never a clearance.

Every refusal is a problem (RFC 9457) that points at the fault. Answers may get new fields, and lists of words or of
event types new members: a client passes over what it does not know. What may not change, and what does not, is held
against the last release.
"""
CONTACT = {"name": "The maintainers of Lodestone"}
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
SERVERS = [
    {"url": "/", "description": "The register that serves this document."},
    {"url": "http://127.0.0.1:8000", "description": "A register of your own, as `make run` starts it."},
]
TAGS = {
    "events": "What was recorded, in the one order of the log. Everything else is derived from it.",
    "countries": "Which control bears on a country, by controlling country and commodity, with reasons.",
    "companies": "Companies by their names and numbers, and where each stands under the controls on record.",
    "determinations": "May this go from here to there, for this company, on this day? Many questions at once.",
    "watches": "Standing questions, and what changed of their answers.",
    "webhooks": "What is posted to the receiver of a watch.",
    "restrictions": "Provisions that restrict exports: who may not send what where, and since when.",
    "licenses": "Licenses, and statements that licenses exist, with what is left of each.",
    "milestones": "Meetings, agreements and ruptures between countries. They move no status.",
    "notes": "What is worth keeping and moves no status.",
    "commodities": "Names of goods, and the codes that each stands for.",
    "groups": "Groups of countries, and who belonged to each, when.",
    "log": "The log as evidence: its signed tree head, proofs, and its tiles (C2SP, RFC 6962).",
    "calendar": "What changes by itself, by a date alone.",
    "conflicts": "Where sources contradict each other, and which was followed.",
    "health": "Whether the process lives, and whether the register can answer.",
}
"""Every tag that an operation may bear. The document lists those that one does."""

ACCESS_KEY = "accessKey"
SECURITY_SCHEMES: dict[str, Any] = {
    ACCESS_KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "An access key, sent as `Authorization: Bearer <key>`. Its scope is `read`, `write`, which reads too, or "
            "`admin`, which does both; each operation names the one that it needs. Keys expire, and can be revoked. "
            "A register that listens on a loopback address alone needs no key as long as none was made."
        ),
    }
}
POSITION = "The end of the log that this answer was read from."
ETAG = "Names this answer. Send it back as `If-None-Match`."
LINK = 'The next page, `rel="next"`, where there is one.'
DEPRECATED = "The route is deprecated."
NOT_MODIFIED = "Not modified."
PROBLEMS = {
    "400": ("MalformedRequest", "The request cannot be read"),
    "401": ("Unauthorized", "An access key is needed"),
    "403": ("Forbidden", "The access key does not allow this"),
    "404": ("NotFound", "Not found"),
    "406": ("NotAcceptable", "No media type in Accept is available"),
    "409": ("Conflict", "The request contradicts what is recorded"),
    "412": ("PreconditionFailed", "The stream or the log is not in the state that a header requires"),
    "413": ("BodyTooLarge", "The body is too large"),
    "414": ("UriTooLong", "The address is too long"),
    "415": ("UnsupportedMediaType", "The media type of the body is not supported"),
    "422": ("InvalidRequest", "A field, parameter or header is invalid"),
    "429": ("TooManyRequests", "Too many requests"),
    "431": ("HeadersTooLarge", "The headers are too large"),
    "503": ("Unavailable", "The register is not available now"),
}
"""By status: the name of the response in the document, and what it means."""
