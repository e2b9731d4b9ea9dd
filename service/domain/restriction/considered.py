"""A provision held against a question on a day, and what that makes of it."""

from dataclasses import dataclass, replace
from functools import cached_property

from service.domain.answer import CONTROL_OF, Control
from service.domain.claims import Claim
from service.domain.parties import ClassParty
from service.domain.restriction.schedule import RestrictionState
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.scope import AllButParties, Dimension, OnlyParties, Parties, Scope, ScopeMatch
from service.domain.truth import Truth, all_of


@dataclass(frozen=True)
class Considered:
    """A provision held against a question on a day, and kept for others: what follows of it is found once."""

    provision: RestrictionOnDay
    match: ScopeMatch
    exempted: Truth = Truth.NO
    passes_on: tuple[str, ...] = ()
    """Of an affiliates rule: the kinds of the listings whose control it gives."""
    rests_on: tuple[str, ...] = ()
    """The events that it rests on beside its own: shares, and the listings of those who hold them."""
    taken_out_by: Claim | None = None
    """The amendment that took what the question is about out of its scope (rule 16)."""
    contradicted: bool = False
    """A report about an instrument whose own text, of a higher tier, says otherwise: it sets nothing (rule 34)."""
    beside: bool = False
    """A list of parties, where the question names none: it stands beside the answer (rule 38)."""
    replaced_unseen: bool = False
    """Replaced by a provision of which nothing is recorded: what holds now is not known (rule 16)."""

    @property
    def state(self) -> RestrictionState:
        return self.provision.state

    @cached_property
    def controls(self) -> list[Control]:
        """The control it would be; several where equal tiers disagree about its kind."""
        return [CONTROL_OF.get(kind, "not_restricted") for kind in self.passes_on or self.provision.kinds]

    @property
    def control(self) -> Control:
        return self.controls[0]

    @property
    def is_exemption(self) -> bool:
        return self.provision.kind == "exemption"

    @cached_property
    def applies(self) -> Truth:
        if self.contradicted:
            return Truth.NO
        certain = Truth.POSSIBLE if len(self.provision.kinds) > 1 else Truth.YES
        exempted = Truth.YES if self.exempted is Truth.YES else Truth.NO
        return all_of((self.state.in_force, self.match.truth, exempted.negated(), certain))

    @cached_property
    def excluded(self) -> bool:
        """Whether it is in force for all of this question, but for goods that its own description leaves out."""
        goods = [one for one in self.match.dimensions if one.name == "commodities"]
        others = all_of(one.truth for one in self.match.dimensions if one.name != "commodities")
        left_out = any(one.described and one.truth is Truth.NO for one in goods)
        return left_out and others is Truth.YES and self.state.in_force is Truth.YES

    @property
    def proposed(self) -> bool:
        """Whether it is a draft on that day: a possible change, never a control."""
        return self.provision.proposed

    @cached_property
    def live(self) -> bool:
        """Whether it may reach the question, and may be on the books now or later."""
        phases = max(self.state.in_force, self.state.suspended, self.state.not_yet_in_force)
        lifted = self.contradicted or self.exempted is Truth.YES
        return self.match.truth is not Truth.NO and phases is not Truth.NO and not lifted

    @cached_property
    def may_have_successor(self) -> bool:
        """Whether it ended for a successor that may reach the question, and that nobody recorded."""
        return self.replaced_unseen and self.match.truth is not Truth.NO and self.state.ended is not Truth.NO

    @cached_property
    def may_bear(self) -> bool:
        """Whether it possibly bears on the question now or later, without anything about it being certain."""
        certain = self.match.truth is Truth.YES and self.state.word != "undetermined" and len(self.provision.kinds) == 1
        phases = max(self.state.in_force, self.state.suspended, self.state.not_yet_in_force)
        open_ = self.match.truth is not Truth.NO and phases is not Truth.NO and not certain and not self.contradicted
        return open_ or self.may_have_successor

    @cached_property
    def lists_parties(self) -> bool:
        """Whether it reaches the end users that it names, or those who belong to them, and nobody else.

        A rule about the goods of some exporters, such as a letter to one of them, is no such list.
        """
        if self.provision.kind == "affiliates_rule":
            return True
        return any(is_list(scope.end_users) for scope in self.provision.scopes)

    def lifted_by(self, exempted: Truth) -> "Considered":
        """The same where an exemption lifts it, or may."""
        return self if exempted is self.exempted else replace(self, exempted=exempted)

    def asked_without_parties(self) -> "Considered":
        """As it bears on a question about goods and countries, which names no party (rule 38).

        A list of parties stands beside the answer. A rule for all but some parties is told as the rule that it is.
        """
        if self.lists_parties:
            return replace(self, beside=True) if self.match.truth is Truth.POSSIBLE else self
        if self.is_exemption or len(self.provision.scopes) > 1:
            return self
        dimensions = tuple(_for_all(one, self.provision.scope) for one in self.match.dimensions)
        return self if dimensions == self.match.dimensions else replace(self, match=ScopeMatch(dimensions))


def is_list(listed: Parties) -> bool:
    """Whether it names its parties one by one; a class of them, as all of a country, is none."""
    return isinstance(listed, OnlyParties) and not all(isinstance(party, ClassParty) for party in listed.only)


def _for_all(dimension: Dimension, scope: Scope) -> Dimension:
    listed = getattr(scope, dimension.name, None) if dimension.name in ("exporters", "end_users") else None
    if dimension.truth is not Truth.POSSIBLE or not isinstance(listed, AllButParties):
        return dimension
    what = dimension.name.replace("_", " ")
    return Dimension(
        dimension.name, Truth.YES, f"it reaches all {what} but those excepted, and the question names none"
    )
