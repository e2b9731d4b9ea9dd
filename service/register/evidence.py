"""An answer with all that it rests on, in one ZIP that can be checked without the register: question, answer, events,
a proof for each, the signed checkpoint and the public key."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from service.domain.event import RecordedEvent
from service.errors import InvalidRequest, Tampered
from service.log import read, tree
from service.log.checkpoint import Checkpoint, proof_text, signed_checkpoint
from service.log.instants import instant_text
from service.log.note import SigningKey, VerifierKey
from service.log.proven import proven

MOST_EVENTS = 1_000
MOST_BYTES = 50_000_000
"""The most that is read of a bundle, unpacked."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day that all files of a bundle bear, so that the same answer gives the same bytes."""

README = """Evidence for one answer of the register {origin}

question.json    the question, as it was sent
answer.json      the answer
events/          each event that the answer rests on, as recorded
proofs/          for each event, the proof that it stands in the log (C2SP tlog-proof)
checkpoint       the signed state of the log (C2SP tlog-checkpoint)
key              the public key of the register, as it gave it

Check it, without any connection to the register:

    lodestone verify --evidence FILE.zip --key '{key}'

Take the key from the register itself over a connection that you trust, not from this file. The check shows that each
event was recorded as it stands here. To derive the answer again, use an export of the log: lodestone verify --export.
"""


def bundle(connection: Connection, question: Mapping[str, Any], answer: Mapping[str, Any], key: SigningKey) -> bytes:
    """The ZIP for an answer as it is served. Raises InvalidRequest where it rests on more than MOST_EVENTS events."""
    ids = events_of(answer)
    if len(ids) > MOST_EVENTS:
        raise InvalidRequest(f"The answer rests on {len(ids)} events. A bundle holds at most {MOST_EVENTS}.")
    head = read.read_head(connection)
    note = signed_checkpoint(Checkpoint(head.position, head.root), key)
    files = {
        "README.txt": README.format(origin=key.verifier.name, key=key.verifier),
        "question.json": _json(question),
        "answer.json": _json(answer),
        "checkpoint": note,
        "key": f"{key.verifier}\n",
    }
    for entry in read.entries_by_id(connection, ids).values():
        event = entry.event
        proof = tree.inclusion_proof(connection, event.position, head.position)
        files[f"events/{event.position}.json"] = _json(as_read(event))
        files[f"proofs/{event.position}.txt"] = proof_text(event.position - 1, proof, note)
    return _zipped(files)


def events_of(answer: Mapping[str, Any]) -> list[str]:
    """The ids of the events that an answer rests on, and of those behind its sources; each once."""
    sources = answer.get("sources", {})
    return list(dict.fromkeys([*answer["because"], *(one["event"] for one in sources.values())]))


def as_read(event: RecordedEvent) -> dict[str, Any]:
    """An event as JSON values, with the instant as it is hashed."""
    read_ = {name: getattr(event, name) for name in event.__slots__}
    return read_ | {"recorded_at": instant_text(event.recorded_at)}


def verify_bundle(content: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint that all events of a bundle are proven to be under.

    Raises Tampered where a file is missing, was changed or does not fit the others, and InvalidRequest for what is no
    bundle.
    """
    files = _unzipped(content)
    events = {name: text for name, text in files.items() if name.startswith("events/")}
    found = [_proven(text, files.get(_proof_of(name)), key) for name, text in events.items()]
    missing = set(events_of(_object(files.get("answer.json")))) - {id_ for id_, _ in found}
    if missing:
        raise Tampered(f"The bundle lacks {len(missing)} of the events that the answer rests on.")
    if not found:
        raise Tampered("The answer rests on no event, so that there is nothing to prove.")
    return max((checkpoint for _, checkpoint in found), key=lambda one: one.size)


def _proof_of(event: str) -> str:
    return event.replace("events/", "proofs/").replace(".json", ".txt")


def _proven(text: bytes, proof: bytes | None, key: VerifierKey) -> tuple[str, Checkpoint]:
    event = _object(text)
    if proof is None:
        raise Tampered("An event of the bundle has no proof.")
    return str(event.get("id")), proven(event, proof.decode(errors="replace"), key)


def _object(text: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(text or b"")
    except (ValueError, RecursionError) as unread:
        raise Tampered("A file of the bundle is missing or is not JSON.") from unread
    if not isinstance(found, dict):
        raise Tampered("A file of the bundle does not contain a JSON object.")
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _zipped(files: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _unzipped(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {one.filename: archive.read(one) for one in _bounded(archive.infolist())}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as unread:
        raise InvalidRequest("This is not a ZIP file, or it is damaged.") from unread


def _bounded(files: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    listed = list(files)
    if len(listed) > 2 * MOST_EVENTS + 10 or sum(one.file_size for one in listed) > MOST_BYTES:
        raise InvalidRequest("The bundle is larger than allowed.")
    return listed
