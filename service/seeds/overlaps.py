"""Definitions of goods whose codes overlap and that are no part of each other: one hides what is said of the other."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from service.domain.commodity.match import hs_digits
from service.seeds.files import Seed
from service.seeds.findings import Finding, of

Parts = Mapping[str, frozenset[str]]


def overlapping(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """Two names of goods that share a code: one is a part of the other, both are parts of one that is wider or have a
    part in common, or one says that it excludes the other.

    A question by the more exact name would else miss a measure on the other. A remark: a heading may hold both.
    """
    codes, parts, first, apart = _codes(seeds), _parts(seeds), _first(seeds), _excluded(seeds)
    for one, other in combinations(sorted(codes), 2):
        shared = codes[one] & codes[other]
        if shared and not _together(one, other, parts) and not {(one, other), (other, one)} & apart:
            asked = "goods that share a code are a part of each other, or of one name"
            yield of(first[other], asked, f"{other} and {one} share {min(shared)}", fault=False)


def _codes(seeds: Sequence[Seed]) -> dict[str, frozenset[str]]:
    """The customs headings and control codes of each name; a code as far as six digits, since more are national."""
    found: dict[str, set[str]] = {}
    for seed in _definitions(seeds):
        for line in seed.event.data.get("lines", ()):
            if written := line.get("hs"):
                found.setdefault(seed.event.data["name"], set()).add(hs_digits(written)[:6])
            elif code := line.get("control_code"):
                found.setdefault(seed.event.data["name"], set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _parts(seeds: Sequence[Seed]) -> Parts:
    """All parts of each name, at any depth."""
    direct: dict[str, set[str]] = {}
    for seed in _definitions(seeds):
        direct.setdefault(seed.event.data["name"], set()).update(seed.event.data.get("parts", ()))
    return {name: frozenset(_below(name, direct, set())) for name in direct}


def _below(name: str, direct: Mapping[str, set[str]], seen: set[str]) -> set[str]:
    for part in direct.get(name, set()) - seen:
        seen.add(part)
        _below(part, direct, seen)
    return seen


def _together(one: str, other: str, parts: Parts) -> bool:
    within = one in parts[other] or other in parts[one] or bool(parts[one] & parts[other])
    return within or any({one, other} <= below for below in parts.values())


def _excluded(seeds: Sequence[Seed]) -> set[tuple[str, str]]:
    return {
        (seed.event.data["name"], other)
        for seed in _definitions(seeds)
        for other in seed.event.data.get("excludes", ())
    }


def _first(seeds: Sequence[Seed]) -> dict[str, Seed]:
    found: dict[str, Seed] = {}
    for seed in _definitions(seeds):
        found.setdefault(seed.event.data["name"], seed)
    return found


def _definitions(seeds: Sequence[Seed]) -> Iterator[Seed]:
    return (seed for seed in seeds if seed.event.type == "commodity.defined")
