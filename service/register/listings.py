"""Who of the parties of a question is listed, or may be: by which act, how the names were matched, and how alike.

A listing counts here whatever goods it is about and wherever they go: who screens a party asks whether it is on a list.
Membership of a class ("companies of India") and parties whom a list leaves unnamed are no listing of anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.domain.parties import UNNAMED, Asked
from service.domain.restriction.considered import Considered
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.scope import OnlyParties, Scope, Subject
from service.domain.screening import Under, screened
from service.domain.truth import Truth
from service.register import titles
from service.register.ask import Determined

OVER = ("not_announced", "ended")


@dataclass(frozen=True)
class Listing:
    """A party by its role, the name on the list, the act, and how the two names were matched.

    `state`: that of the act, where it is not simply in force. `score` is from 0 to 100; None for a description and for
    one who is owned by listed parties.
    """

    role: str
    listed: str
    act: str
    how: str
    score: int | None
    state: str = ""


def listings(one: Determined) -> list[Listing]:
    """The listings of the controlling countries that a question asks: the surest first."""
    subject = replace(_named_alone(one.asking.subject), destination=None, final_destination=None)
    found = [
        listing
        for named in (one.asking.known.naming(one.asked, subject) if subject.parties else ())
        for timeline in named.provisions
        for role, party in subject.parties
        for listing in _of_list(timeline.on(one.asking.on), role, party)
    ]
    owned = [listing for considered in one.whole.considered if (listing := _of_owners(considered))]
    return list(dict.fromkeys([*sorted(found, key=lambda listing: -(listing.score or 0)), *owned]))


def _named_alone(subject: Subject) -> Subject:
    """The question without those of its parties whom nobody names: they may be anyone on any list."""
    exporter, end_user = (
        one if one and one.form not in UNNAMED else None for one in (subject.exporter, subject.end_user)
    )
    others = tuple((role, party) for role, party in subject.others if party.form not in UNNAMED)
    return replace(subject, exporter=exporter, end_user=end_user, others=others)


def _of_list(provision: RestrictionOnDay, role: str, party: Asked) -> Iterator[Listing]:
    """What lifts a rule lists nobody, and what is over no longer does."""
    if provision.kind == "exemption" or (provision.state.word in OVER and not provision.proposed):
        return
    for listed in (only for scope in provision.scopes for only in _lists_for(scope, role)):
        match = screened(party, listed.indexed, Under.RESTRICTION, named_alone=True)
        if match.truth is not Truth.NO and match.how and match.listed:
            name = party.label if match.listed == party.company else match.listed
            yield Listing(role, name, _act(provision), match.how, match.score, _state(provision))


def _lists_for(scope: Scope, role: str) -> Iterator[OnlyParties]:
    """The lists that bear on a party in its role: one of end users bears on every party (rule 6)."""
    for listed, bears in ((scope.end_users, True), (scope.exporters, role == "exporter")):
        if bears and isinstance(listed, OnlyParties):
            yield listed


def _of_owners(one: Considered) -> Listing | None:
    """That listed parties own, or may own, so much of a party that it is treated as they are (rule 5)."""
    owners = next((each for each in one.match.dimensions if each.name == "owners"), None)
    if owners is None or owners.truth is Truth.NO or not one.rests_on:
        return None
    return Listing("owners", owners.because, _act(one.provision), "owned", None, _state(one.provision))


def _act(provision: RestrictionOnDay) -> str:
    return f"{provision.controller} {titles.number(provision) or titles.provision(provision)}"


def _state(provision: RestrictionOnDay) -> str:
    word = "proposed" if provision.proposed else provision.state.word
    return "" if word == "in_force" else word.replace("_", " ")
