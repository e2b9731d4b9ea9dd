"""A saved answer, asked again of an export: without the service, and without its database."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from service.domain.sources import instant
from service.errors import InvalidRequest
from service.log import read, tree
from service.log.database import engine_for, migrate, reading
from service.log.exported import Export
from service.log.progress import Progress, silent
from service.log.transfer import take_in
from service.projections import project
from service.register.ask import answer
from service.register.known import Known
from service.register.shapes import KnownAt, Question


@dataclass(frozen=True)
class Saved:
    """An answer as a client saved it, with its question. `pointer` says where in the file it stands."""

    pointer: str
    answer: dict[str, Any]
    question: Question
    on: date
    at: KnownAt


def saved_answers(body: Any, request: Any = None) -> list[Saved]:
    """The answers of a response to a determination, or one answer, or one row of a status, with their questions.

    Each question is that of the request, where it was saved too, and else what the answer itself repeats of it. Raises
    InvalidRequest.
    """
    listed = body["answers"] if isinstance(body, dict) and "answers" in body else [body]
    questions = request["questions"] if isinstance(request, dict) and "questions" in request else [request]
    if not isinstance(listed, list) or not isinstance(questions, list):
        raise InvalidRequest("Answers and questions are lists.")
    if request is None:
        questions = [_repeated(one) for one in listed]
    if not listed or len(questions) != len(listed):
        raise InvalidRequest(f"There are {len(listed)} answers to {len(questions)} questions.")
    pointers = [f"/answers/{index}" if listed[0] is not body else "" for index in range(len(listed))]
    return [_saved(*each) for each in zip(pointers, listed, questions, strict=True)]


def _repeated(one: Any) -> dict[str, Any]:
    question = one.get("question") if isinstance(one, dict) else None
    if not isinstance(question, dict):
        raise InvalidRequest("The answer does not hold its question; give the request that was sent, too.")
    return {name: value for name, value in question.items() if name in Question.model_fields}


def _saved(pointer: str, one: Any, question: Any) -> Saved:
    try:
        known_at = {name: one["known_at"][name] for name in KnownAt.model_fields if name in one["known_at"]}
        return Saved(
            pointer=pointer,
            answer=one,
            question=Question.model_validate(question),
            on=date.fromisoformat(one["as_of"]),
            at=KnownAt.model_validate(known_at),
        )
    except (ValidationError, ValueError, KeyError, TypeError) as unread:
        raise InvalidRequest(f"At {pointer or 'the top'} is no answer of the register, or no question.") from unread


def ask_again(export: Export, saved: Sequence[Saved], progress: Progress = silent) -> list[str]:
    """Every difference between the saved answers and those that the export gives; none where they are the same.

    Raises Tampered where the export is bad, and InvalidRequest where it ends before what an answer knew.
    """
    through = max(one.at.position for one in saved)
    if through > export.size:
        raise InvalidRequest(f"The export ends at log position {export.size}; the answer knows {through}.")
    # One event more, since an instant that was asked about lies before it.
    with _loaded(export, through + 1, progress) as connection:
        return [difference for one in saved for difference in _differing(connection, one)]


@contextmanager
def _loaded(export: Export, through: int, progress: Progress) -> Iterator[Connection]:
    """A database of its own with the events up to a position. All of the export is checked."""
    with tempfile.TemporaryDirectory(prefix="lodestone-") as folder:
        url = f"sqlite:///{Path(folder) / 'lodestone.db'}"
        migrate(url)
        engine = engine_for(url)
        try:
            for batch in export.batches():
                if wanted := [entry for entry in batch if entry.event.position <= through]:
                    take_in(engine, wanted, export.epoch, project)
                progress(batch[-1].event.position, export.size)
            with reading(engine) as connection:
                yield connection
        finally:
            engine.dispose()


def _differing(connection: Connection, saved: Saved) -> Iterator[str]:
    yield from _times(connection, saved)
    made = answer(saved.question, Known(connection, saved.at), saved.on).model_dump(mode="json", by_alias=True)
    # What was known when is compared above: an instant that was asked about is not in the log. What a row of a status
    # is about stands in its question, too.
    compared = {name: value for name, value in saved.answer.items() if name not in ("known_at", *ABOUT)}
    del made["known_at"]
    yield from differences(compared, made, saved.pointer)


def _times(connection: Connection, saved: Saved) -> Iterator[str]:
    """What the answer says of its two times, against the question and against the log."""
    question, at, pointer = saved.question, saved.at, saved.pointer
    if question.as_of is not None and question.day() != saved.on:
        yield _difference(f"{pointer}/as_of", saved.on.isoformat(), question.as_of)
    asked = _asked(question)
    if asked is not None and asked not in (at.position, at.instant):
        yield _difference(f"{pointer}/known_at", str(at.position), str(question.known_at))
    root = saved.answer["known_at"].get("root")
    if root is not None and root != (found := tree.root_at(connection, at.position).hex()):
        yield _difference(f"{pointer}/known_at/root", root, found)
    before, after = (read.by_position(connection, position) for position in (at.position, at.position + 1))
    if before and (at.instant is None or at.instant < before.recorded_at):
        yield _difference(f"{pointer}/known_at/instant", at.instant, before.recorded_at)
    # An open one lay in the future when it was answered, and more has been recorded since.
    elif at.instant and after and not at.open and at.instant >= after.recorded_at:
        yield f"{pointer}/known_at/instant: the event at position {after.position} was recorded by {at.instant}."


def _asked(question: Question) -> Any:
    asked = question.known_at
    if isinstance(asked, str):
        return int(asked) if asked.isdecimal() else instant(asked)
    return asked


def differences(saved: Any, made: Any, pointer: str = "") -> Iterator[str]:
    """Where two JSON values differ, each place once, with what stands there."""
    if isinstance(saved, dict) and isinstance(made, dict):
        for name in sorted({*saved, *made}):
            yield from differences(saved.get(name, ABSENT), made.get(name, ABSENT), f"{pointer}/{name}")
    elif isinstance(saved, list) and isinstance(made, list) and len(saved) == len(made):
        for index, pair in enumerate(zip(saved, made, strict=True)):
            yield from differences(*pair, f"{pointer}/{index}")
    elif type(saved) is not type(made) or saved != made:
        yield _difference(pointer, saved, made)


ABOUT = ("controller", "destination", "commodity")
ABSENT = object()
SHOWN = 120


def _difference(pointer: str, saved: Any, made: Any) -> str:
    return f"{pointer or 'the whole'}: the answer says {_short(saved)}, the log gives {_short(made)}."


def _short(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def read_json(file: Path) -> Any:
    """Raises InvalidRequest."""
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as unread:
        raise InvalidRequest(f"The file {file} cannot be read as JSON: {unread}") from unread


def lines_of(file: Path) -> Iterable[bytes]:
    """The lines of a file, with their breaks. Raises InvalidRequest."""
    try:
        with file.open("rb") as opened:
            yield from opened
    except OSError as error:
        raise InvalidRequest(f"The file {file} cannot be read: {error.strerror}.") from error
