"""The goods that a status has rows for: those that anything recorded of a controlling country names.

A row asks about goods and never about a scope's bounds: "with more than 0% dysprosium" is no value of theirs.
"""

from collections.abc import Iterable

from service.domain.commodity.match import ALL_GOODS, Commodity
from service.domain.license.timeline import LicenseTimeline
from service.domain.scope import Scope, match_destination
from service.domain.truth import Truth
from service.register.known import Known


def towards(country: str, controller: str, known: Known) -> list[Commodity]:
    """The goods for which anything recorded of a controlling country may concern a destination."""
    rules, held = known.towards(controller, country)
    scopes = [scope for one in rules for scope in one.every_scope]
    listed = [line for scope in scopes if _reaches(scope, country) for line in goods_of(scope)]
    licensed = (line for one in held if _for(one, country) for line in licensed_goods(one))
    return distinct((*listed, *licensed))


def own(controller: str, known: Known) -> list[Commodity]:
    """The goods that a country's own controls name."""
    return distinct(
        line for one in known.about(controller).provisions for scope in one.every_scope for line in goods_of(scope)
    )


def goods_of(scope: Scope) -> list[Commodity]:
    """The goods that a scope lists. One that reaches all goods has a row of its own (rule 7)."""
    return [Commodity(name=ALL_GOODS)] if scope.commodities == "all" else list(scope.commodities)


def licensed_goods(license_: LicenseTimeline) -> list[Commodity]:
    return [one.line.commodity for one in license_.every_line]


def _reaches(scope: Scope, country: str) -> bool:
    return match_destination(country, scope.destinations).truth is not Truth.NO


def _for(license_: LicenseTimeline, country: str) -> bool:
    return not license_.every_destination or bool({country, "all"} & set(license_.every_destination))


def distinct(lines: Iterable[Commodity]) -> list[Commodity]:
    """Each name once, and each code or description that stands without a name."""
    return list({key_of(line): _plain(line) for line in lines}.values())


def key_of(line: Commodity) -> tuple[str, str]:
    """What goods are told apart by: their name, else their control code, else their customs code."""
    for field in ("name", "control_code", "hs", "cas", "description"):
        if value := getattr(line, field):
            return field, str(value)
    return "", ""


def _plain(line: Commodity) -> Commodity:
    field, value = key_of(line)
    return Commodity.model_validate({field: value})
