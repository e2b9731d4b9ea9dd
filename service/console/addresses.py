"""Where things are shown, and where the API gives the same."""

from collections.abc import Mapping
from urllib.parse import urlencode

PLURALS = {
    "restriction": "restrictions",
    "license": "licenses",
    "company": "companies",
    "commodity": "commodities",
    "group": "groups",
    "milestone": "milestones",
    "note": "notes",
}


def address(path: str, given: Mapping[str, object] | None = None, **more: object) -> str:
    """A path with its query; what is None or empty is left out."""
    asked = {**(given or {}), **more}
    query = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def page_of(stream: str) -> str:
    """The page of a thing by its stream; of a country's `country/CN`, the country's."""
    noun, _, slug = stream.partition("/")
    return f"/{noun}/{slug.upper() if noun == 'country' else slug}"


def api_of(stream: str) -> str:
    noun, _, slug = stream.partition("/")
    return f"/v1/{PLURALS[noun]}/{slug}"
