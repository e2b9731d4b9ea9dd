"""What each word of a list of words means. A list is known by its words: the same list means the same everywhere."""

from typing import Any

NO_CLEARANCE = "This is not a clearance."
SAME_AS_IN_FORCE = "The source says that it still applies. It counts as `in_force`."

MEMBERS: dict[str, dict[str, str]] = {
    "Control": {
        "prohibited": "Export is not allowed.",
        "presumption_of_denial": "A license is required and normally refused.",
        "quota": "Export is limited to a quantity.",
        "license_required": "A license is required.",
        "conditional": "Export is allowed under a condition, such as a tax or a statement of the end user.",
        "notification": "Export is allowed and must be reported to the authority.",
        "not_yet_in_force": "A rule is announced and starts later.",
        "suspended": "A rule exists and does not apply now.",
        "not_restricted": "A source shows that no restriction applies.",
        "undetermined": "Something may apply and nothing is certain. `turns_on` names the facts that would settle it.",
        "no_data": f"Nothing is recorded. {NO_CLEARANCE}",
    },
    "Standing": {
        "confirmed": "The authority or the company itself says that it has a usable license.",
        "reported": "Others say that it has a usable license.",
        "possible": "It may have a usable license. The cause says why this is open.",
        "pending": "A license was applied for or is under review.",
        "none": "Sources show that it has no usable license. The cause says why.",
        "unknown": "Nothing is known. This is neither a clearance nor a denial.",
    },
    "Covered": {
        "yes": "A usable license covers it.",
        "yes_with_conditions": "A usable license covers it, if its conditions are met.",
        "no": "No license covers it.",
        "possible": "A license may cover it.",
        "unknown": "Nothing is known.",
    },
    "Certainty": {"no": "It is not so.", "possible": "It may be so.", "yes": "It is so."},
    "Tier": {
        "issuer_text": "The legal text of the authority that acts.",
        "issuer_statement": "A statement of the authority that acts.",
        "other_official": "Another government or authority.",
        "holder": "The company itself, about itself.",
        "press_named": "The press, naming its source.",
        "press_anonymous": "The press, without naming its source.",
        "commentary": "A commentator.",
    },
    "Side": {
        "issuing_authority": "The authority that acts.",
        "other_government": "Another government.",
        "holder": "The company that holds or applies for the license.",
        "press": "The press.",
        "commentary": "A commentator.",
    },
    "Detail": {
        "brief": "What decides the answer, with its sources.",
        "full": "Also everything that was considered and does not match, with every source.",
    },
    "CountryRole": {
        "destination": "The controls of other countries on goods that go to the country.",
        "controller": "The country's own controls.",
    },
    "PartyRole": {
        "consignee": "Receives the goods.",
        "purchaser": "Buys the goods.",
        "intermediary": "Acts in between, such as a broker, a forwarder or a bank.",
    },
    "PartyMatch": {
        "identifier": "The same registered number. It identifies the party.",
        "name": "The same name. It identifies the party.",
        "alias": "A recorded other name. It identifies the party.",
        "same_but_form": "The same name with another legal form. It is only possible.",
        "alike": "A name with a similar spelling. It is only possible.",
        "other_country": "The same name in another country. It is only possible.",
        "namesake": "A name that several registered companies have. It is only possible.",
        "described": "Described in the same words, or related to the company that the description names.",
    },
    "NameMatch": {
        "same": "The same name.",
        "same_but_form": "The same name with another legal form.",
        "alike": "A name with a similar spelling.",
    },
    "NameResemblance": {"resembles": "A name that shares words with what was searched for."},
    "RestrictionKind": {
        "prohibition": "Export is not allowed.",
        "conditional_prohibition": "Export is not allowed in the cases that the scope names.",
        "presumption_of_denial": "A license is required and normally refused.",
        "licensing": "A license is required.",
        "quota": "Export is limited to a quantity.",
        "conditional": "Export is allowed under a condition.",
        "notification": "Export must be reported to the authority.",
        "affiliates_rule": "Listed parties' affiliates count as listed from a share of ownership.",
        "exemption": "What it names is exempt from other rules.",
    },
    "RestrictionState": {
        "not_announced": "Nobody had announced it by that day.",
        "not_yet_in_force": "It is announced and starts later.",
        "in_force": "It applies.",
        "suspended": "It exists and does not apply now.",
        "ended": "It applied once and no longer applies.",
        "undetermined": "No state is certain. `phases` says which are possible.",
    },
    "ReportedRestrictionState": {
        "in_force": "It applied on that day.",
        "still_applies": SAME_AS_IN_FORCE,
        "suspended": "It was suspended on that day.",
        "lifted": "It no longer applied on that day.",
    },
    "ActCertainty": {
        "enacted": "The act was made.",
        "agreed": "The authority said that it will act, and no act was seen.",
    },
    "LicenseType": {
        "individual": "For one exporter and named end users.",
        "open_individual": "For one exporter and several shipments or end users.",
        "general": "For every exporter that meets its terms.",
        "quota_allocation": "A part of a quota.",
        "exception": "An exception from a license requirement.",
    },
    "LicenseState": {
        "active": "It can be used.",
        "pending": "It was applied for or is under review.",
        "undetermined": "No state is certain.",
        "not_granted": "It was neither granted nor applied for by that day.",
        "denied": "The application was refused.",
        "returned": "The application was sent back.",
        "withdrawn": "The application was taken back.",
        "suspended": "It was granted and cannot be used now.",
        "revoked": "It was cancelled by the authority.",
        "surrendered": "It was given back by its holder.",
        "expired": "Its time is over.",
        "exhausted": "Its quantity is used up.",
        "not_yet_valid": "It was granted and starts later.",
    },
    "ReportedLicenseState": {
        "applied": "It was applied for.",
        "under_review": "The authority reviewed the application.",
        "granted": "It was granted.",
        "active": "It was in use. It counts as `granted`.",
        "in_force": "It applied. It counts as `granted`.",
        "still_applies": "It still applied. It counts as `granted`.",
        "suspended": "It could not be used.",
        "denied": "The application was refused.",
        "returned": "The application was sent back.",
        "withdrawn": "The application was taken back.",
        "revoked": "It was cancelled by the authority.",
        "lifted": "It was lifted. It counts as `revoked`.",
        "surrendered": "It was given back by its holder.",
        "expired": "Its time was over.",
        "exhausted": "Its quantity was used up.",
    },
    "Shipments": {"single": "It is for one shipment.", "multiple": "It is for several shipments."},
    "QuotaState": {
        "open": "Something is left of the quota.",
        "exhausted": "The quota is used up.",
        "blocked": "The authority stopped the quota.",
    },
    "ReasonOutcome": {
        "applies": "The rule applies.",
        "possible": "The rule may apply.",
        "not_now": "The rule is about the question and does not apply on the day.",
        "does_not_match": "The rule is about something else.",
        "covers": "The license covers it.",
        "does_not_cover": "The license does not cover it.",
        "conclusion": "What follows from the steps before.",
    },
    "CodeMatch": {
        "exact": "All goods of the code are meant.",
        "ex": "Only a part of the code is meant.",
        "reference_only": "The code helps to find the goods and decides nothing.",
    },
    "ClassMembers": {
        "every": "Every company of the class.",
        "some": "Some companies of the class, which nobody names.",
    },
    "IdentifierScheme": {
        "lei": "Legal Entity Identifier (ISO 17442).",
        "uscc": "Unified Social Credit Code of China.",
        "gstin": "Goods and Services Tax Identification Number of India.",
        "cin": "Corporate Identification Number of India.",
        "other": "Another register.",
    },
    "MilestoneKind": {
        "meeting": "A meeting.",
        "agreement": "An agreement.",
        "assurance": "A promise.",
        "representation": "A request or protest by one side to the other.",
        "demanded_condition": "A condition that one side demands.",
        "statement": "A public statement.",
        "non_confirmation": "One side was asked and did not confirm.",
        "rupture": "A break in relations.",
        "mechanism_resumed": "Talks or a procedure that started again.",
    },
    "NoteKind": {
        "practice": "How rules are applied in practice.",
        "enforcement": "An enforcement case.",
        "market": "A fact about the market.",
        "impact": "What a measure led to.",
        "opinion": "An opinion.",
        "premise": "An assumption that a question or report rests on.",
        "other": "Anything else.",
    },
    "Unit": {
        "KGM": "Kilogram.",
        "TNE": "Metric ton.",
        "GRM": "Gram.",
        "LTR": "Liter.",
        "MTR": "Meter.",
        "MTK": "Square meter.",
        "MTQ": "Cubic meter.",
        "NMB": "Number.",
        "C62": "Piece.",
    },
    "DeliveryState": {
        "pending": "It waits for its time, or for the message before it.",
        "delivered": "The receiver took it.",
        "dead": "It was tried twelve times. It is sent again only when that is asked for.",
    },
    "All": {"all": "All of them."},
    "OpenEnd": {"open": "It has no end."},
}
"""By the title of the list. In the document they stand as `x-enum-descriptions` and in the list's description."""

BY_WORDS = {frozenset(meanings): title for title, meanings in MEMBERS.items()}


def describe(part: Any) -> None:
    """Gives each list of words in a part of the document its title, and says what each of its words means."""
    if isinstance(part, list):
        for one in part:
            describe(one)
    elif isinstance(part, dict):
        for name, one in part.items():
            if name not in ("example", "examples"):
                describe(one)
        _without_titles(part)
        if isinstance(part.get("enum"), list) and (title := BY_WORDS.get(frozenset(part["enum"]))):
            _describe(part, title)


def _without_titles(part: dict[str, Any]) -> None:
    """A field or parameter has a name already: a title that repeats it makes generators number their classes."""
    fields = part.get("properties")
    for field in (*(fields.values() if isinstance(fields, dict) else ()), part.get("schema")):
        if isinstance(field, dict) and "enum" not in field:
            field.pop("title", None)


def _describe(schema: dict[str, Any], title: str) -> None:
    meanings = MEMBERS[title]
    schema["title"] = title
    # Generators read it as a list, in the order of the words.
    schema["x-enum-descriptions"] = [meanings[word] for word in schema["enum"]]
    listed = "\n".join(f"- `{word}`: {meanings[word]}" for word in schema["enum"])
    said = schema.get("description")
    schema["description"] = f"{said}\n\n{listed}" if said else listed
