"""A provision on a day, held against questions. Questions of which it reads the same are answered together.

A question says much that a provision does not ask for: one that reaches all destinations is met alike wherever the
goods go. So what follows is found once for all that a provision reads of a question.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter

from service.domain.claims import Claim
from service.domain.commodity.match import Definitions
from service.domain.dates import reached
from service.domain.group.timeline import Groups, members_on
from service.domain.restriction.considered import Considered
from service.domain.restriction.timeline import RestrictionOnDay, RestrictionTimeline
from service.domain.scope import Dimension, Rule, Scope, ScopeMatch, Subject, match_scope, parties_in
from service.domain.truth import Truth

CODES_REFER_SINCE = date(2024, 12, 1)
"""Since then China's control list defines by control code and description, and gives customs codes as references."""

Read = tuple[Hashable, ...]
"""What provisions may read of a question: see `read_of`."""
ABROAD, GOODS, WAY, END_USE, PARTIES = range(5)


def read_of(subject: Subject, definitions: Definitions) -> Read:
    """All that any provision may read of a question, part by part. Parties are told apart by what stands for them:
    they say too much to be looked up by themselves."""
    return (
        (subject.origin, subject.shipped_from, subject.content_percent),
        subject.commodity.facts,
        (subject.destination, subject.final_destination),
        subject.end_use,
        definitions.once(("parties", parties_in(subject)), object) if subject.parties else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class RuleOnDay:
    """`reads` takes of what questions say that which this provision asks for."""

    timeline: RestrictionTimeline
    provision: RestrictionOnDay
    rule: Rule
    definitions: Definitions
    reads: Callable[[Read], Hashable]

    def against(self, subject: Subject, read: Read) -> Considered:
        return self.definitions.once((self, self.reads(read)), partial(self._against, subject))

    def _against(self, subject: Subject) -> Considered:
        match = self._match(subject, self.provision.scopes)
        taken_out = self._taken_out_by(subject) if match.truth is Truth.NO else None
        found = Considered(self.provision, match, taken_out_by=taken_out)
        return found if subject.parties else found.asked_without_parties()

    def _match(self, subject: Subject, scopes: Sequence[Scope]) -> ScopeMatch:
        """The match with all scopes that the sources leave possible: certain where all of them agree."""
        matches = [match_scope(subject, scope, self.definitions, self.rule) for scope in scopes]
        match = min(matches, key=lambda found: found.truth)
        if all(other.truth is match.truth for other in matches):
            return match
        return ScopeMatch((Dimension("scope", Truth.POSSIBLE, "sources of equal tier disagree about its scope"),))

    def _taken_out_by(self, subject: Subject) -> Claim | None:
        """The amendment that certainly took what the question is about out of the scope (rule 16)."""
        day = self.provision.day
        for act, before, after in reversed(list(self.timeline.amendments(day))):
            changed = before.scopes != after.scopes and reached(act.day, day) is Truth.YES
            was_in = changed and self._match(subject, before.scopes).truth is Truth.YES
            if was_in and self._match(subject, after.scopes).truth is Truth.NO:
                return act
        return None


def rule_on(timeline: RestrictionTimeline, definitions: Definitions, groups: Groups, on: date) -> RuleOnDay:
    """Put together once for each day. The groups are the record's, as the definitions are."""

    def find() -> RuleOnDay:
        provision = timeline.on(on).narrowed(definitions)
        rule = Rule(
            controller=provision.controller,
            codes_refer=provision.controller == "CN" and on >= CODES_REFER_SINCE,
            members=members_on(groups, on),
            exempts=provision.kind == "exemption",
        )
        return RuleOnDay(timeline, provision, rule, definitions, itemgetter(*_parts(timeline)))

    # What is found refers to the groups, so that no others are taken for them.
    return definitions.once((timeline, on, id(groups)), find)


def _parts(timeline: RestrictionTimeline) -> Iterator[int]:
    """The parts of a question that a provision reads, by any scope that it has on some day."""
    yield ABROAD
    scopes = timeline.every_scope
    parties = any(scope.exporters != "all" or scope.end_users != "all" for scope in scopes)
    if any(scope.commodities != "all" for scope in scopes):
        yield GOODS
    # Who a party is that the question does not name depends on where the goods go.
    if parties or any(scope.destinations != "all" for scope in scopes):
        yield WAY
    if any(scope.end_uses != "all" for scope in scopes):
        yield END_USE
    if parties:
        yield PARTIES
