"""Small seeds of a test's own: lines in the form that seed files have, in a folder as the seeds have it."""

import json
import uuid
from pathlib import Path
from typing import Any

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
