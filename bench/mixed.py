"""A register as it grows: events of many countries about many goods, each made from its number.

Of ten, four are licenses, two restrictions, two companies; one is an act or a report on what was recorded before, one a
milestone or a note. None is about the goods of the corpus: what is asked of these has the same answer, however many
events there are.
"""

from typing import Any

from service.domain.catalogue import propose
from service.domain.event import ProposedEvent

CONTROLLERS = ("CN", "US", "JP", "NL", "KR", "IN", "GB", "DE", "TW", "RU", "AU", "CA", "FR", "IT", "SG", "MY")
PLACES = (*CONTROLLERS, "VN", "TH", "ID", "PH", "BR", "MX", "TR", "AE", "SA", "ZA", "EG", "PL", "CZ", "ES", "SE", "CH")
CHAPTERS = 60
"""HS chapters from 01 on, without those that the corpus speaks of."""
LEFT_OUT = frozenset({25, 26, 28, 29})
HEADINGS, SUBHEADINGS = 20, 4
WORDS = ("Shen", "Optical", "Ming", "Tech", "Pacific", "Star", "Dragon", "Northern", "Micro", "Aero", "Marine", "Power")
MORE = ("Hua", "Indra", "Sakura", "Delta", "Orient", "Baltic", "Volga", "Ganga", "Fuji", "Alpine", "Coral", "Summit")
FORMS = {"CN": "Co Ltd", "IN": "Private Limited", "DE": "GmbH", "US": "Inc", "GB": "Limited", "JP": "KK"}
QUOTE = "A quotation of two hundred characters. " * 5


def proposed(first: int, count: int) -> list[ProposedEvent]:
    return [propose(posted(number)) for number in range(first, first + count)]


def posted(number: int) -> dict[str, Any]:
    made = (_license, _restriction, _company, _license, _act, _license, _restriction, _company, _license, _beside)
    return made[number % 10](number)


def _license(number: int) -> dict[str, Any]:
    issuer, to = _of(CONTROLLERS, number), _of(PLACES, number // 3)
    return _event(
        f"license/mixed-{number}",
        "license.granted",
        {
            "issuer": issuer,
            "destination": to,
            "end_users": [{"name": name_of(number), "country": to}],
            "lines": [{"commodity": {"hs": _hs(number)}, "quantity": {"value": "45000", "unit": "KGM"}}],
            "validity": {"from": _day(number, 2015), "through": _day(number // 7, 2022)},
        },
        _day(number, 2015),
    )


def _restriction(number: int) -> dict[str, Any]:
    controller = _of(CONTROLLERS, number // 2)
    scope: dict[str, Any] = {"commodities": [{"hs": _hs(number)}, {"hs": _hs(number // 2)}]}
    scope["destinations"] = "all" if number % 5 == 0 else {"only": [_of(PLACES, number), _of(PLACES, number // 5 + 1)]}
    if number % 4 == 1:
        scope["end_users"] = {"only": [{"name": name_of(number + at), "country": _of(PLACES, number)} for at in (1, 2)]}
    return _event(
        f"restriction/mixed-{number}",
        "restriction.announced",
        {
            "kind": "licensing",
            "controller": controller,
            "scope": scope,
            "announced_on": _day(number, 2015),
            "in_force": {"from": _day(number, 2015), "through": _day(number // 3, 2022) if number % 3 else None},
        },
        _day(number, 2015),
    )


def _company(number: int) -> dict[str, Any]:
    country = _of(PLACES, number // 5)
    return _event(
        f"company/mixed-{number}",
        "company.registered",
        {"name": name_of(number), "country": country},
        _day(number, 2015),
        tier="press_named",
    )


def _act(number: int) -> dict[str, Any]:
    """On the restriction before it: suspended, or reported by the press to be over, which the issuer contradicts."""
    stream = f"restriction/mixed-{number - 3}"
    if number % 20 == 4:
        period = {"from": _day(number, 2023), "through": _day(number, 2024)}
        return _event(stream, "restriction.suspended", {"period": period}, _day(number, 2023))
    data = {"state": "lifted", "on": _day(number, 2021)}
    return _event(stream, "restriction.reported", data, _day(number, 2021), tier="press_named")


def _beside(number: int) -> dict[str, Any]:
    pair = [_of(PLACES, number), _of(PLACES, number // 7 + 1)]
    if number % 20 == 9:
        data: dict[str, Any] = {"kind": "meeting", "parties": sorted(set(pair)), "title": f"Meeting {number}"}
        return _event(f"milestone/mixed-{number}", "milestone.recorded", data, _day(number, 2016))
    data = {"kind": "market", "text": f"A remark, number {number}.", "countries": sorted(set(pair))}
    return _event(f"note/mixed-{number}", "note.recorded", data, _day(number, 2016))


def _event(stream: str, type_: str, data: dict[str, Any], day: str, tier: str = "issuer_text") -> dict[str, Any]:
    source = {"tier": tier, "publisher": "Ministry of Commerce", "title": "A notice", "published_at": day}
    return {"stream": stream, "type": type_, "effective": day, "data": data, "source": source | {"quote": QUOTE}}


def name_of(number: int) -> str:
    """Each number's own, as names of companies are: two words and a number of a plant, and a legal form."""
    first, second = _of(WORDS, number), _of(MORE, number // len(WORDS))
    return f"{first}{_of(MORE, number // 31).lower()} {second} {number} {FORMS.get(_of(PLACES, number), 'Ltd')}"


def _hs(number: int) -> str:
    chapters = [chapter for chapter in range(1, CHAPTERS + 1) if chapter not in LEFT_OUT]
    return f"{_of(chapters, number):02}{number // 7 % HEADINGS + 1:02}{number // 11 % SUBHEADINGS + 1}0"


def _day(number: int, year: int) -> str:
    """Some day of the five years from a year on."""
    return f"{year + number % 5}-{number // 5 % 12 + 1:02}-{number // 60 % 28 + 1:02}"


def _of(some: Any, number: int) -> Any:
    return some[number % len(some)]
