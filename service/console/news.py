"""What the news is, as cards; for each the event that records it, and the fields of its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from service.domain.dates import AS_WRITTEN
from service.domain.license.events import LicenseType, ReportedState
from service.domain.milestone.events import MilestoneKind
from service.domain.restriction.events import RestrictionKind
from service.domain.sources import Tier

Kind = Literal[
    "text",
    "long",
    "day",
    "number",
    "choice",
    "country",
    "countries",
    "places",
    "goods",
    "lines",
    "party",
    "parties",
    "listed",
]


@dataclass(frozen=True)
class Input:
    """A field: where its value stands in the event's data, in which form, and what is said beside it."""

    name: str
    label: str
    place: tuple[str, ...]
    kind: Kind = "text"
    hint: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class News:
    """`acts`: it is about a thing that is on record already."""

    name: str
    title: str
    type: str
    says: str
    inputs: tuple[Input, ...]
    acts: bool = False

    @property
    def noun(self) -> str:
        return self.type.partition(".")[0]


COUNTRIES = "Codes or names, commas between them"
GOODS = "One a line: a name on record, HS 850511, ex HS 850511, or a control code"
PARTIES = "One a line: Name | IN; or company/…; or “described: words | IN”; or “class: IN”; or “undisclosed: IN”"
DAY = AS_WRITTEN
CONTROLLER = Input("controller", "Controlling country", ("controller",), "country", required=True)
INSTRUMENT = (
    Input("number", "Number of the act", ("instrument", "number"), hint="As the authority writes it: 18/2025"),
    Input("title", "Title of the act", ("instrument", "title")),
    Input("authority", "Authority", ("instrument", "authority")),
    Input("act_url", "Address of the text", ("instrument", "url")),
    Input("provision", "Which provision of it", ("provision",), hint="One event for each part that can stop by itself"),
)
SCOPE = (
    Input("destinations", "Destinations", ("scope", "destinations"), "places", f"Empty: all. {COUNTRIES}"),
    Input("goods", "Goods", ("scope", "commodities"), "goods", f"“all”, or: {GOODS}", required=True),
    Input("end_users", "End users", ("scope", "end_users"), "listed", f"Empty: all. {PARTIES}"),
)
KIND = Input("kind", "Kind", ("kind",), "choice", required=True, choices=get_args(RestrictionKind))
ANNOUNCED = Input("announced_on", "Announced on", ("announced_on",), "day", DAY)
START = Input("from", "In force from", ("in_force", "from"), "day", DAY)
END = Input("through", "Through", ("in_force", "through"), "day", "Its last day; “open” where the source says so")
PAUSE = (
    Input("from", "Suspended from", ("period", "from"), "day", DAY),
    Input("through", "Through", ("period", "through"), "day", "Its last day; “open” where the source says so"),
)
AGREED = Input(
    "certainty",
    "Was an act seen",
    ("certainty",),
    "choice",
    "agreed: said, but no notice seen",
    choices=("enacted", "agreed"),
)
REASON = Input("reason", "Reason", ("reason",))
LICENSE = (
    Input("issuer", "Country that issued it", ("issuer",), "country", required=True),
    Input("license_type", "Type", ("type",), "choice", choices=get_args(LicenseType)),
    Input("destination", "Destination", ("destination",), "country", "Empty: not stated; “all”: every destination"),
    Input("licensee", "Who holds it", ("licensee",), "party", "Empty: not disclosed. Name | IN; or company/…"),
    Input("end_users", "End users", ("end_users",), "parties", PARTIES),
    Input("lines", "Goods", ("lines",), "lines", GOODS),
    Input("from", "Valid from", ("validity", "from"), "day", DAY),
    Input("through", "Valid through", ("validity", "through"), "day", "Empty: not stated"),
    Input("count_min", "How many, at least", ("count", "min"), "number"),
    Input("count_text", "How many, in the source's words", ("count", "text")),
)
REPORTED_RULE = ("in_force", "still_applies", "suspended", "lifted")
ON = Input("of_day", "On which day", ("on",), "day", "The day that the report speaks of", required=True)


def _act(name: str, title: str, says: str, *inputs: Input) -> News:
    return News(name, title, f"restriction.{name.replace('-', '_')}", says, inputs, acts=True)


NEWS: tuple[News, ...] = (
    News(
        "announced",
        "An authority announces a rule",
        "restriction.announced",
        "One event for each provision. The start is a field, never an event.",
        (CONTROLLER, *INSTRUMENT, KIND, *SCOPE, ANNOUNCED, START, END, AGREED),
    ),
    News(
        "proposed",
        "An authority plans a rule",
        "restriction.proposed",
        "It is no law: it is shown, and controls nothing.",
        (CONTROLLER, *INSTRUMENT, KIND, *SCOPE, START, END),
    ),
    News(
        "reported",
        "Somebody says how a rule stands",
        "restriction.reported",
        "It counts for that day only.",
        (Input("state", "It is", ("state",), "choice", required=True, choices=REPORTED_RULE), ON),
        acts=True,
    ),
    _act("suspended", "A rule is paused", "It does not apply for a while.", *PAUSE, AGREED),
    _act("suspension-extended", "A pause goes on", "The pause has a later end.", *PAUSE, AGREED),
    _act("reinstated", "A pause ends early", "A pause that ends on its day needs no event.", AGREED),
    _act("extended", "A rule goes on past its end", "The new end is later than the old one.", END, AGREED),
    _act("withdrawn", "A rule is taken back before it starts", "It never applied.", AGREED),
    _act(
        "repealed",
        "A rule ends",
        "An end that was announced with the rule is not an event.",
        Input("superseded_by", "Replaced by", ("superseded_by",), hint="restriction/…"),
        AGREED,
    ),
    News("granted", "A license is granted", "license.granted", "One, or several that nobody told apart.", LICENSE),
    News(
        "license-reported",
        "Somebody says how a license stands",
        "license.reported",
        "It counts for that day only.",
        (
            Input("state", "It is", ("state",), "choice", required=True, choices=get_args(ReportedState)),
            ON,
            Input("issuer", "Country that issued it", ("issuer",), "country"),
            *LICENSE[1:],
        ),
    ),
    News("revoked", "A license is revoked", "license.revoked", "It is gone for good.", (REASON,), acts=True),
    News("denied", "A license is refused", "license.denied", "Returned is another thing.", (REASON,), acts=True),
    News(
        "milestone",
        "Governments meet, agree or assure",
        "milestone.recorded",
        "It changes no legal state. It stands beside the answers.",
        (
            Input("milestone_kind", "Kind", ("kind",), "choice", required=True, choices=get_args(MilestoneKind)),
            Input("parties", "Between", ("parties",), "countries", COUNTRIES, required=True),
            Input("headline", "In one line", ("title",), required=True),
            Input("summary", "Summary", ("summary",), "long"),
            Input("claimed_by", "Claimed by one side", ("claimed_by",), "country"),
        ),
    ),
    News(
        "note",
        "Something worth keeping that moves no state",
        "note.recorded",
        "A practice, an enforcement case, a fact of the market.",
        (
            Input(
                "note_kind",
                "Kind",
                ("kind",),
                "choice",
                required=True,
                choices=("practice", "enforcement", "market", "impact", "opinion", "premise", "other"),
            ),
            Input("text", "Text", ("text",), "long", required=True),
            Input("countries", "Countries", ("countries",), "countries", COUNTRIES),
        ),
    ),
    News(
        "company",
        "A company that the register does not know",
        "company.registered",
        "Lists and licenses can then name it for certain.",
        (
            Input("company_name", "Name", ("name",), required=True),
            Input("country", "Country", ("country",), "country", required=True),
        ),
    ),
)
FIELDS_OF = {
    "controller": ("controller", "issuer"),
    "destination": ("destinations", "destination"),
    "goods": ("goods", "lines"),
    "company": ("end_users",),
    "countries": ("countries", "parties"),
}
"""What news may be about, with the fields of the forms that hold it."""


def begun(news: News, about: Mapping[str, str]) -> dict[str, str]:
    """What the form of some news holds already, when it is about something on a page."""
    names = {one.name for one in news.inputs}
    found = {field: about[what] for what, fields in FIELDS_OF.items() if what in about for field in fields}
    held = {field: value for field, value in found.items() if field in names}
    thing = about.get("thing", "")
    return held | ({"thing": thing} if news.acts and thing.startswith(f"{news.noun}/") else {})


BY_NAME = {one.name: one for one in NEWS}
BY_TYPE = {one.type: one for one in NEWS}

TIERS = tuple(tier.value for tier in Tier)
SOURCE: tuple[Input, ...] = (
    Input("tier", "Who speaks", ("tier",), "choice", "Not the outlet", required=True, choices=TIERS),
    Input("source_url", "Address of the page", ("url",)),
    Input("source_title", "Title of the page", ("title",)),
    Input("publisher", "Publisher", ("publisher",)),
    Input("published_at", "Published", ("published_at",), "day", DAY),
    Input("speaker", "Speaker", ("speaker", "name")),
    Input("office", "Office of the speaker", ("speaker", "office")),
    Input("quote", "The exact words", ("quote",), "long", "In their own language"),
)
