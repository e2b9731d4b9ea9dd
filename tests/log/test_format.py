"""docs/log-format.md, followed by somebody who has the document and the tables, and none of our code."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from service.log.append import Log
from service.log.database import reading
from tests.log.examples import proposed

DOCUMENT = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_every_hash_can_be_computed_from_the_document(log: Log, engine: Engine) -> None:
    log.append(
        [proposed(data={"text": "公告 \x1f\x7f\u2028"}, metadata={"b": 1, "a": [None]}), proposed(effective=None)],
        "ann",
    )
    query = text("SELECT * FROM events JOIN payloads ON payloads.position = events.position ORDER BY events.position")
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
        root = connection.execute(text("SELECT root FROM head")).scalar_one()
    leaves = [leaf_of(dict(row)) for row in rows]
    assert leaves == [row["hash"] for row in rows]
    assert root == sha256(b"\x01" + leaves[0] + leaves[1])


def leaf_of(row: dict[str, Any]) -> bytes:
    recorded_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row["recorded_at"])
    names = ("actor", "effective", "id", "position", "schema_version", "stream", "type", "version")
    envelope = {name: row[name] for name in names} | {
        "metadata": json.loads(row["metadata"]),
        "payload_digest": sha256(row["salt"] + row["payload"].encode()).hex(),
        "recorded_at": recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return sha256(b"\x00" + canonical(envelope))


def test_the_documents_example_is_right() -> None:
    payload, envelope = (line.strip().encode() for line in DOCUMENT.splitlines() if line.startswith("    {"))
    digest = sha256(bytes.fromhex("000102030405060708090a0b0c0d0e0f") + payload).hex()
    assert f"Payload digest `{digest}`" in DOCUMENT
    assert canonical(json.loads(payload)) == payload
    assert canonical(json.loads(envelope)) == envelope
    assert json.loads(envelope)["payload_digest"] == digest
    leaf = sha256(b"\x00" + envelope).hex()
    assert f"Leaf `{leaf}`" in DOCUMENT
