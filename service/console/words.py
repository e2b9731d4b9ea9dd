"""The words and signs of the pages. A state is told by a sign, a colour and its word, never by colour alone; what the
words mean is said once, in docs/glossary.md."""

from datetime import date

from service.domain.dates import bounds
from service.register import titles
from service.register.titles import in_words, some_day
from service.register.typed import day_typed

SIGNS = {
    "prohibited": "●",
    "presumption_of_denial": "◐",
    "quota": "▤",
    "license_required": "◆",
    "conditional": "○",
    "notification": "△",
    "not_yet_in_force": "▷",
    "suspended": "∥",
    "not_restricted": "◌",
    "undetermined": "?",
    "no_data": "–",
}
"""The sign of each control."""
SHORT = {
    "presumption_of_denial": "denial presumed",
    "not_yet_in_force": "not yet in force",
    "not_restricted": "not restricted",
    "undetermined": "not certain",
    "no_data": "nothing recorded",
}
TIERS = {
    "issuer_text": "the act itself",
    "issuer_statement": "the authority",
    "other_official": "another government",
    "holder": "the company",
    "press_named": "press, source named",
    "press_anonymous": "press, source not named",
    "commentary": "commentary",
}
ASKED = {
    "exporter": "Exporter",
    "end_user": "End user",
    "end_use": "End use",
    "origin": "Made in",
    "shipped_from": "Shipped from",
    "content_percent": "Controlled content (% of value)",
    "final_destination": "Final destination",
    "destination": "Destination",
    "commodity.name": "Goods",
    "commodity.hs": "Customs code (HS)",
    "commodity.control_code": "Control code",
    "commodity.description": "Description",
}


def said(word: str | None) -> str:
    """A word of the API as people write it: "license required"."""
    return (SHORT.get(word or "") or (word or "").replace("_", " ")).strip()


def day(found: date | str | None) -> str:
    """A day in words, a vague one too; nothing for none."""
    if not found:
        return ""
    return titles.day(found) if isinstance(found, date) else in_words(found)


def read_back(text: str) -> str:
    """What a day as it is typed means, in words. Raises ValueError with what is wrong."""
    read = bounds(day_typed(text))
    return some_day(read.earliest, read.latest)
