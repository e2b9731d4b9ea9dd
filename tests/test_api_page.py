"""docs/api.md says of each list by what it can be narrowed; the document of the API says it, too."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = {"after", "limit", "as_of", "known_at", "public_by", "Min-Position", "Last-Event-ID"}


def test_the_page_names_every_filter_of_every_list() -> None:
    assert _told() == _taken()


def _told() -> dict[str, set[str]]:
    table = (ROOT / "docs/api.md").read_text(encoding="utf-8").partition("## Filters")[2].partition("\n## ")[0]
    found = dict[str, set[str]]()
    for row in re.findall(r"^\| (`/v1.*?) \| (.*) \|$", table, re.MULTILINE):
        words = set(re.findall(r"`([a-z_]+)`", row[1]))
        found |= dict.fromkeys(re.findall(r"`(/v1[^`]*)`", row[0]), words)
    return found


def _taken() -> dict[str, set[str]]:
    document = json.loads((ROOT / "openapi/openapi.json").read_text(encoding="utf-8"))
    found = dict[str, set[str]]()
    for path, item in document["paths"].items():
        given = [_parameter(document, one) for one in item.get("get", {}).get("parameters", ())]
        names = {one["name"] for one in given if one["in"] == "query"} - EVERYWHERE
        if names and "{" not in path and not path.startswith("/v1/log"):
            found[path] = names
    return found


def _parameter(document: dict, one: dict) -> dict:  # type: ignore[type-arg]
    return document["components"]["parameters"][one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one
