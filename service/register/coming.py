"""What dates alone change within a window of days, in the order of its coming: a page at a time, or all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Connection

from service.domain.dates import ONE_DAY
from service.domain.license.changes import transitions as license_changes
from service.domain.license.timeline import LicenseTimeline
from service.domain.restriction.changes import transitions as restriction_changes
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.transitions import Transition
from service.projections import licenses, restrictions
from service.projections.days import changing_from, vague_since
from service.register import titles

Place = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Who controls what changes, what it is called, and the change."""

    controller: str
    title: str
    transition: Transition


class Wanted(Protocol):
    """Which things are wanted."""

    def restriction(self, provision: RestrictionTimeline) -> bool: ...
    def license(self, license_: LicenseTimeline) -> bool: ...


def place_of(change: Change) -> Place:
    """By the first day, then by the thing. Two entries of one place would be told apart by no cursor."""
    transition = change.transition
    day = transition.day
    first = (transition.first or date.max).isoformat()
    return first, transition.stream, transition.what, str(day.earliest or ""), str(day.latest or "")


def _falls_into(transition: Transition, first: date, last: date) -> bool:
    earliest, latest = transition.day.earliest, transition.day.latest
    if earliest is None and latest is None:
        return False
    return (earliest or date.min) <= last and (latest or date.max) >= first


@dataclass(frozen=True)
class Coming:
    """What changes within a window, in its order, read no further than it is asked for."""

    connection: Connection
    at: int
    first: date
    last: date
    country: str | None
    wanted: Sequence[Wanted]

    def page(self, after: Place | None, limit: int | None) -> tuple[list[Change], bool]:
        """The changes behind a place, at most so many where a limit is given; and whether more follow."""
        found, known = list[Change](), False
        for through, changes in self._read(self._begin(after)):
            found += [change for change in changes if after is None or place_of(change) > after]
            found.sort(key=place_of)
            known = limit is not None and len(found) > limit and place_of(found[limit])[0] <= through.isoformat()
            if known:
                break
        return found[:limit], known or (limit is not None and len(found) > limit)

    def _begin(self, after: Place | None) -> date:
        """The day from which a page is read."""
        try:
            return max(self.first, date.fromisoformat(after[0])) if after else self.first
        except ValueError:
            return self.first

    def _read(self, start: date) -> Iterator[tuple[date, list[Change]]]:
        """Lists of changes, each with the day up to which all of them are known with it. What may fall into the window
        and stands before or behind it in the order comes first."""
        rules = vague_since(self.connection, restrictions.MODEL, self.at, self.first, self.country)
        held = vague_since(self.connection, licenses.MODEL, self.at, self.first, self.country)
        vague = {*(one.stream for one in rules), *(one.stream for one in held)}
        yield date.min, [*self._of_restrictions(rules), *self._of_licenses(held)]
        each_rule = changing_from(self.connection, restrictions.MODEL, self.at, start, self.country)
        each_license = changing_from(self.connection, licenses.MODEL, self.at, start, self.country)
        rules_through = held_through = date.min
        end = self.last + ONE_DAY if self.last < date.max else date.max
        while min(rules_through, held_through) < end:
            if rules_through <= held_through:
                rules_through, rules = next(each_rule)
                found = self._of_restrictions(one for one in rules if one.stream not in vague)
            else:
                held_through, held = next(each_license)
                found = self._of_licenses(one for one in held if one.stream not in vague)
            yield min(rules_through, held_through), found

    def _of_restrictions(self, rules: Iterable[RestrictionTimeline]) -> list[Change]:
        return [
            Change(one.controller, titles.of_thing(one, self.first), transition)
            for one in rules
            if all(wanted.restriction(one) for wanted in self.wanted)
            for transition in restriction_changes(one)
            if _falls_into(transition, self.first, self.last)
        ]

    def _of_licenses(self, held: Iterable[LicenseTimeline]) -> list[Change]:
        return [
            Change(one.issuer, titles.of_thing(one, self.first), transition)
            for one in held
            if all(wanted.license(one) for wanted in self.wanted)
            for transition in dict.fromkeys(license_changes(one))
            if _falls_into(transition, self.first, self.last)
        ]
