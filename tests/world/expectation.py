"""Whether an answer is what a question expects: a partial answer that must hold.

Names are compared each on its own; what is left out is not asked about. A list holds where each of its items meets some
item of the answer's list, in any order; an empty list only where the answer's is empty. Beside plain values an
expectation may say:

    {"any_of": [...]}            of a value: one of these
    {"not": [...]}               of a value: none of these
    {"some": ..., "none": ...}   of a list: an item like the first (or each of several), and no item like the second

Things are told apart by what is known outside the register: an instrument by its number, an event by the facts in its
metadata. `told` adds both to an answer, so that no expectation depends on the name of a stream.
"""

import re
from collections.abc import Mapping
from typing import Any

NUMBER = re.compile(r"(?<!\d)(\d+)\s*(?:/(?:[A-Z]+/)?|\bof\b)\s*((?:19|20)\d\d)(?!\d)")
EVENTS_NAMED_BY = {"event": "facts", "events": "facts", "because": "because_facts"}


def told(answer: Any, facts_of: Mapping[str, list[str]], numbers_of: Mapping[str, list[str]]) -> Any:
    """The answer, with the numbers of its restrictions' instruments and the facts of its events beside them."""
    if isinstance(answer, list):
        return [told(one, facts_of, numbers_of) for one in answer]
    if not isinstance(answer, dict):
        return answer
    seen = {name: told(value, facts_of, numbers_of) for name, value in answer.items()}
    for field, name in EVENTS_NAMED_BY.items():
        events = answer.get(field)
        if isinstance(events, str) or (isinstance(events, list) and all(isinstance(event, str) for event in events)):
            named = [events] if isinstance(events, str) else events
            seen[name] = [fact for event in named for fact in facts_of.get(event, [])]
    if isinstance(stream := answer.get("restriction"), str):
        seen["numbers"] = numbers_of.get(stream, [])
    return seen


def numbers(instrument: Mapping[str, str | None]) -> list[str]:
    """The numbers of an instrument as number/year: 46/2024 for "No. 46 of 2024" and for "046/XYZ/2024"."""
    words = " ".join(instrument.get(field) or "" for field in ("id", "number", "title"))
    return [f"{int(number)}/{year}" for number, year in NUMBER.findall(words)]


def fault(expected: Any, answer: Any, where: str = "") -> str | None:
    """Where an answer, as `told`, is otherwise than expected, in words; None where it holds."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        missing = next((name for name in expected if name not in answer), None)
        if missing:
            return f"{where}/{missing} is missing"
        faults = (fault(value, answer[name], f"{where}/{name}") for name, value in expected.items())
        return next((found for found in faults if found), None)
    if isinstance(answer, list):
        return _in_list(expected, answer, where)
    if isinstance(expected, dict) and "any_of" in expected:
        holds = answer in expected["any_of"]
    elif isinstance(expected, dict) and "not" in expected:
        holds = answer not in expected["not"]
    else:
        holds = answer == expected
    return None if holds else f"{where} is {answer!r}, expected {expected!r}"


def _in_list(expected: Any, answer: list[Any], where: str) -> str | None:
    if expected == [] and answer:
        return f"{where} is {answer!r}, expected nothing in it"
    some = expected.get("some", []) if isinstance(expected, dict) else expected
    for one in some if isinstance(some, list) else [some]:
        if all(fault(one, item) for item in answer):
            return f"{where} has nothing like {one!r}"
    unwanted = expected.get("none") if isinstance(expected, dict) else None
    if unwanted is not None and any(fault(unwanted, item) is None for item in answer):
        return f"{where} has something like {unwanted!r}"
    return None
