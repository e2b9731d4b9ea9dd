"""Small seeds of a test's own: lines in the form that seed files have, in a folder as the seeds have it."""

import json
import uuid
from pathlib import Path
from typing import Any

from service.seeds.check import check
from service.seeds.findings import Finding

SOURCE = {"tier": "issuer_text", "title": "A made-up text", "published_at": "2025-04-04"}
FIELDS = ("id", "stream", "type", "effective", "data", "source", "metadata")
Line = dict[str, Any]


def line(stream: str, kind: str, data: dict[str, Any], *, effective: str | None = None, **more: Any) -> Line:
    """An event. `metadata` and `source` as they are given; other words go into the source."""
    metadata, source = more.pop("metadata", {"fact": "F016"}), more.pop("source", SOURCE)
    posted = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([stream, kind, data, effective, source, more]))),
        "stream": stream,
        "type": kind,
        "effective": effective,
        "data": data,
        "source": source | more,
        "metadata": metadata,
    }
    return {name: posted[name] for name in FIELDS if posted[name] is not None}


def write(where: Path, **files: list[Line]) -> Path:
    """The folder with the article or other files of the corpus in it: `cn_gallium` is corpus/cn-gallium.jsonl."""
    (where / "corpus").mkdir(exist_ok=True)
    for name, lines in files.items():
        file = where / ("article.jsonl" if name == "article" else f"corpus/{name.replace('_', '-')}.jsonl")
        file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines), encoding="utf-8")
    return where


GALLIUM = {"name": "gallium"}


def defined(name: str, **more: Any) -> Line:
    listed = {"name": name, "lines": [{"hs": "811292", "match": "ex"}]} | more
    source = SOURCE | {"published_at": "2022-01-01", "title": f"A nomenclature, on {name}"}
    return line(f"commodity/{name.replace('_', '-')}", "commodity.defined", listed, source=source)


def announced(slug: str = "cn-mofcom-23-2023", *, on: str = "2023-07-03", **data: Any) -> Line:
    """A provision on gallium from 2023-08-01, of the issuer's own text."""
    told: dict[str, Any] = {
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [GALLIUM]},
        "announced_on": on,
        "in_force": {"from": "2023-08-01", "through": None},
    }
    source = SOURCE | {"published_at": on}
    return line(f"restriction/{slug}", "restriction.announced", told | data, effective=on, source=source)


def act(name: str, effective: str | None = None, *, slug: str = "cn-mofcom-23-2023", **more: Any) -> Line:
    """An act on that provision, told of by the issuer's own text in 2025, unless `more` says otherwise."""
    data = more.pop("data", {})
    return line(f"restriction/{slug}", f"restriction.{name}", data, effective=effective, **more)


def period(first: str | None, last: str | None, name: str = "period") -> dict[str, Any]:
    return {name: {"from": first, "through": last}}


def found(where: Path, *lines: Line, **files: list[Line]) -> list[Finding]:
    """What the check finds in gallium's definition and these lines."""
    write(where, a=[defined("gallium"), *lines], **files)
    return check(where)[1]


def faults(where: Path, *lines: Line, **files: list[Line]) -> list[str]:
    return [finding.asked for finding in found(where, *lines, **files) if finding.fault]


def remarks(where: Path, *lines: Line, **files: list[Line]) -> list[str]:
    return [finding.asked for finding in found(where, *lines, **files) if not finding.fault]
