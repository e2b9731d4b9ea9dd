"""The columns of a sheet: those of a question, those of its answer, and those of one's own.

A column of one's own is kept and not read. One whose name is a usual word for a party, a country or goods is refused:
left unread without a word, it would leave a party unscreened. Its owner renames it, or says that it stays unread.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rapidfuzz import process

from service.domain.invalid import MOST_ERRORS
from service.domain.participants import ROLES
from service.errors import FieldError, InvalidRequest

COUNTRIES = ("controller", "destination", "final_destination", "origin", "shipped_from")
DAYS = ("as_of", "public_by")
PLAIN = (*COUNTRIES, "content_percent", "end_use", "as_of", "known_at", "public_by")
COMMODITY = {
    "commodity": "name",
    "hs": "hs",
    "control_code": "control_code",
    "cas": "cas",
    "description": "description",
}
PARAMETERS, QUANTITY = "parameters", ("quantity", "quantity_unit")
PARTIES = ("exporter", "end_user", *ROLES)
PARTS_OF_A_PARTY = {"": "name", "_country": "country", "_company": "company"}
COLUMNS = (
    *PLAIN,
    *COMMODITY,
    PARAMETERS,
    *QUANTITY,
    *(f"{party}{part}" for party in PARTIES for part in PARTS_OF_A_PARTY),
)
ANSWERED = (
    "headline",
    "control",
    "listed",
    "standing",
    "standing_cause",
    "covered",
    "possible_controls",
    "basis",
    "matched",
    "would_settle_it",
    "licenses_official_min",
    "licenses_reported_min",
    "next_change",
    "next_change_earliest",
    "recorded_through",
    "checked_through",
    "known_at_position",
    "notice",
    "problem",
)
OWN = "own:"
"""What the name of a column begins with that is kept unread whatever it is called."""
MOST_COLUMNS = 200
"""Three times as many as there are. Each line of the answer has all of them."""
ALIKE = 85
"""From which score on a column of one's own is taken for a misspelled one: left unread, it would change the answer."""
CALLED = {
    "end_user": "customer, customers, client, clients, end customer, final customer, buyer name, account, account"
    " name, company, firm, name, party, partner, business partner, counterparty, kunde, kunden, endkunde,"
    " endverwender, endabnehmer, abnehmer, firma, unternehmen, geschäftspartner, name 1, client final,"
    " société, utilisateur final, cliente, usuario final, empresa, utente finale, azienda, klient,"
    " użytkownik końcowy, odbiorca końcowy, klant, eindgebruiker",
    "purchaser": "buyer, sold to, sold to party, bill to, bill to party, invoice to, ordering party, orderer, käufer,"
    " besteller, auftraggeber, rechnungsempfänger, acheteur, comprador, acquirente, kupujący, koper",
    "consignee": "ship to, ship to party, deliver to, delivery to, recipient, receiver, ultimate consignee,"
    " intermediate consignee, empfänger, warenempfänger, lieferempfänger, destinataire, destinatario,"
    " odbiorca, ontvanger",
    "exporter": "supplier, vendor, seller, shipper, sender, consignor, manufacturer, lieferant, lieferanten,"
    " verkäufer, ausführer, exporteur, absender, versender, hersteller, fournisseur, vendeur, exportateur,"
    " expéditeur, proveedor, vendedor, exportador, fornitore, esportatore, dostawca, sprzedawca,"
    " eksporter, leverancier",
    "intermediary": "broker, agent, trader, dealer, distributor, reseller, forwarder, freight forwarder, carrier,"
    " vermittler, händler, vertreter, makler, spediteur, spedition, intermédiaire, transitaire,"
    " intermediario, pośrednik",
    "destination": "country, destination country, country of destination, to country, ship to country, land, zielland,"
    " bestimmungsland, empfangsland, lieferland, pays, pays de destination, país, país de destino, paese,"
    " paese di destinazione, kraj, kraj przeznaczenia",
    "final_destination": "final country, country of final destination, country of end use, endbestimmungsland",
    "origin": "country of origin, origin country, made in, ursprungsland, ursprung, pays d'origine, país de origen,"
    " paese di origine, kraj pochodzenia",
    "shipped_from": "from country, ship from, shipped from country, country of dispatch, dispatch country, versandland,"
    " abgangsland",
    "controller": "export country, exporting country, country of export, ausfuhrland, exportland",
    "commodity": "goods, good, product, product name, item, item name, material, article, ware, waren, artikel,"
    " produkt, güter, gut, marchandise, produit, mercancía, producto, merce, prodotto, towar",
    "description": "goods description, description of goods, product description, item description, bezeichnung,"
    " warenbezeichnung, artikelbezeichnung, beschreibung, désignation, descripción, descrizione, opis",
    "hs": "hs code, hscode, hts, hts code, tariff code, tariff number, customs code, customs tariff number, cn"
    " code, taric, taric code, commodity code, zolltarifnummer, warennummer, warentarifnummer, zollcode,"
    " code sh, code douanier, código arancelario, codice doganale, kod cn, kod hs",
    "control_code": "eccn, dual use code, dual use number, control list number, export control number, al nummer,"
    " ausfuhrlistennummer, güterlistennummer",
    "cas": "cas number, cas no, cas nr, cas nummer",
    "end_use": "use, usage, intended use, application, purpose, endverwendung, verwendung, verwendungszweck,"
    " utilisation finale, uso final",
}
"""What sheets usually call the columns of a question, in the languages of those who export."""
ENDINGS = {" name": "", "name": "", " company": "", "firma": "", " country code": "_country", "country": "_country",
           "land": "_country", " pays": "_country", " pais": "_country", " kraj": "_country"}  # fmt: skip
"""How the name of a party's column ends, with the part of the party that such a column holds."""
SHORTEST = 4
"""How long a name is at least that can be a misspelled one: in a shorter one, any letter makes another word."""


def plain(text: str) -> str:
    """Small letters without accents, and blanks: "Ship-To_Country" is "ship to country"."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    kept = (one if one.isalnum() else " " for one in letters if not unicodedata.combining(one))
    return " ".join("".join(kept).split())


BY_WORD = {plain(word): column for column, words in CALLED.items() for word in words.split(",")}
BY_WORD |= {plain(party): party for party in PARTIES}


def meant_by(name: str) -> str | None:
    """The column of a question that a name is a usual word for; None where it is none."""
    text = plain(name)
    if text in BY_WORD:
        return BY_WORD[text]
    for ending, part in ENDINGS.items():
        party = BY_WORD.get(text.removesuffix(ending).strip()) if text.endswith(ending) else None
        if party in PARTIES:
            return f"{party}{part}"
    return None


def check(names: Sequence[str]) -> None:
    """Raises InvalidRequest for a column that stands twice, is misspelled or has a usual word for another one, and
    where no column says which goods."""
    if len(names) > MOST_COLUMNS:
        raise InvalidRequest("The sheet has too many columns.", [FieldError("/0", f"at most {MOST_COLUMNS} columns")])
    faults = list(islice(_unread(names), MOST_ERRORS))
    if len(set(names)) < len(names):
        faults.append(FieldError("/0", "duplicate column"))
    if not faults and not set(COMMODITY) & set(names):
        faults.append(FieldError("/0", f"no column says which goods: one of {', '.join(COMMODITY)}"))
    if faults:
        raise InvalidRequest(f"The columns are {', '.join(COLUMNS)}, and any of your own.", faults)


def _unread(names: Sequence[str]) -> Iterator[FieldError]:
    for at, name in enumerate(names):
        if likely := _likely(name):
            yield FieldError(f"/0/{at}", f"do you mean {likely}? Rename it, or keep it unread as {OWN}{name}")


def _likely(name: str) -> str | None:
    """The column that a name is meant for which is none: by a usual word, or by its spelling."""
    if name in COLUMNS or name in ANSWERED or name.startswith(OWN):
        return None
    if meant := meant_by(name):
        return meant
    spelled = name.casefold().replace(" ", "_") if len(name) >= SHORTEST else ""
    found = process.extractOne(spelled, COLUMNS, score_cutoff=ALIKE) if spelled else None
    return found[0] if found else None


def read_of(names: Iterable[str]) -> list[str]:
    """Those of the columns that are read as a question."""
    return [name for name in names if name in COLUMNS]


def kept_of(names: Iterable[str]) -> list[str]:
    """Those of the columns that come back: all but an earlier answer's."""
    return [name for name in names if name not in ANSWERED]


def column_at(pointer: str, filled: Iterable[str]) -> str:
    """The column that a place in the question of a line was read from. `filled`: the columns with a cell in the line,
    as the other parties of a question are numbered."""
    place, *steps = pointer.strip("/").split("/")
    if place == "commodity":
        fields = {field: column for column, field in COMMODITY.items()} | {PARAMETERS: PARAMETERS}
        return fields.get(steps[0], place) if steps else place
    if place == QUANTITY[0]:
        return QUANTITY[steps[:1] == ["unit"]]
    if place == "parties" and steps:
        said = {column for column in filled if column in COLUMNS}
        roles = [role for role in ROLES if any(f"{role}{part}" in said for part in PARTS_OF_A_PARTY)]
        place, *steps = (roles[int(steps[0])], *steps[1:]) if steps[0].isdecimal() else (place, *steps)
    part = next((part for part, field in PARTS_OF_A_PARTY.items() if steps[:1] == [field]), "")
    return f"{place}{part}" if place in PARTIES else place


def names_a_party(names: Iterable[str]) -> bool:
    """Whether any column names a party: a country alone names none."""
    return any(name in (party, f"{party}_company") for name in names for party in PARTIES)
