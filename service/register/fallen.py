"""The things of which something was set aside that would have borne on a question (rule 30).

A stream of which nothing is left, and a claim that named another party than the one followed, are told nowhere else:
what still stands does not match.
"""

from dataclasses import replace

from service.domain.determine import Knowledge, determine
from service.register.answered import Thing, bearing_of
from service.register.asking import Asking


def would_have_borne(asking: Asking) -> list[Thing]:
    """Each with what was set aside of it, in the order in which an answer tells of things."""
    known, subject = asking.known, asking.subject
    provisions, licenses = known.fallen(asking.question.controller, subject)
    set_aside = {one.as_if.stream: one.set_aside for one in provisions}
    set_aside |= {one.as_if.stream: one.set_aside for one in licenses}
    if not set_aside:
        return []
    as_if = Knowledge(
        provisions=[one.as_if for one in provisions],
        licenses=[one.as_if for one in licenses],
        definitions=known.defined.commodities,
        recorded_through=None,
        groups=known.defined.groups,
    )
    bearing = bearing_of(determine(subject, as_if, asking.on))
    return [replace(thing, set_aside=set_aside[thing.stream]) for thing in bearing.things]
