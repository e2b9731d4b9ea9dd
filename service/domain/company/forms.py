"""Legal forms of organizations, as data: each form, and the words that mean the same.

All are written as they read when normalized: "S.p.A." is "s p a" there. Forms follow each other in a name ("Pvt Ltd",
"GmbH & Co. KG"), so a form is one step of that. Two forms that different laws know are two, however alike they are.
"""

from collections.abc import Mapping

SPELLED: Mapping[str, tuple[str, ...]] = {
    # English, and what registers of many countries use in English.
    "limited": ("limited", "ltd", "लिमिटेड", "लि", "лимитед", "лтд"),
    "private": ("private", "pvt", "pte", "प्राइवेट", "प्रा"),
    "company": ("company", "co", "cie", "compagnie", "компани", "ко"),
    "corporation": ("corporation", "corp", "корпорейшн", "корпорация", "корп"),
    "incorporated": ("incorporated", "inc", "инк"),
    "plc": ("plc", "p l c", "public limited company"),
    "pcl": ("pcl", "public company limited"),
    "llc": (
        *("llc", "l l c", "limited liability company", "llc fz", "fz llc", "wll", "w l l", "with limited liability"),
        *("ооо", "ooo", "общество с ограниченной ответственностью"),
        *("obshchestvo s ogranichennoy otvetstvennostyu", "obschestvo s ogranichennoy otvetstvennostyu"),
        *("тов", "тоо", "товариство з обмеженою відповідальністю"),
    ),
    "llp": ("llp", "l l p", "limited liability partnership"),
    "lp": ("lp", "l p", "limited partnership"),
    "pty": ("pty", "proprietary"),
    "sdn": ("sdn", "sendirian"),
    "bhd": ("bhd", "berhad"),
    "fze": ("fze", "fzc", "fzco", "fz co", "free zone establishment", "free zone company"),
    "jv": ("jv", "joint venture"),
    "holding": ("holding", "holdings", "холдинг", "холдингс", "холдингз"),
    "group": ("group", "集团", "集團", "групп", "группа", "груп"),
    # German, Dutch, Nordic.
    "gmbh": (
        *("gmbh", "g m b h", "mbh", "m b h", "ges m b h", "gesmbh", "гмбх"),
        *("gesellschaft mit beschränkter haftung", "gesellschaft mit beschraenkter haftung"),
    ),
    "ag": ("ag", "aktiengesellschaft", "аг"),
    "kg": ("kg", "kommanditgesellschaft"),
    "kgaa": ("kgaa", "kommanditgesellschaft auf aktien"),
    "ohg": ("ohg", "offene handelsgesellschaft"),
    "ug": ("ug", "ug haftungsbeschränkt", "unternehmergesellschaft", "unternehmergesellschaft haftungsbeschränkt"),
    "ev": ("e v", "eingetragener verein"),
    "se": ("se", "societas europaea"),
    "bv": ("bv", "b v", "besloten vennootschap", "besloten vennootschap met beperkte aansprakelijkheid"),
    "nv": ("nv", "n v", "naamloze vennootschap"),
    "ab": ("ab", "aktiebolag", "aktiebolaget"),
    "as": ("as", "a s", "aksjeselskap", "aktieselskab", "akciová společnost", "akciova spolecnost", "anonim şirketi"),
    "asa": ("asa", "allmennaksjeselskap"),
    "aps": ("aps", "anpartsselskab"),
    "oy": ("oy", "osakeyhtiö"),
    "oyj": ("oyj", "julkinen osakeyhtiö"),
    # Romance languages.
    "sa": (
        *("sa", "s a", "société anonyme", "societe anonyme", "sociedad anónima", "sociedad anonima"),
        *("sociedade anônima", "sociedade anonima", "spółka akcyjna", "spolka akcyjna"),
    ),
    "sas": ("sas", "s a s", "société par actions simplifiée", "societe par actions simplifiee"),
    "sarl": (
        *("sarl", "s a r l", "s à r l", "sàrl"),
        *("société à responsabilité limitée", "societe a responsabilite limitee"),
    ),
    "spa": ("spa", "s p a", "società per azioni", "societa per azioni"),
    "srl": (
        *("srl", "s r l", "società a responsabilità limitata", "societa a responsabilita limitata"),
        *("sociedad de responsabilidad limitada", "societate cu răspundere limitată"),
    ),
    "sl": ("sl", "s l", "sociedad limitada"),
    "ltda": ("ltda", "limitada"),
    "lda": ("lda",),
    # Central and eastern Europe.
    "spzoo": (
        *("sp z o o", "sp zo o", "sp z oo", "spzoo"),
        *("spółka z ograniczoną odpowiedzialnością", "spolka z ograniczona odpowiedzialnoscia"),
    ),
    "sro": (
        *("s r o", "sro", "spol s r o", "spol sro", "společnost s ručením omezeným", "spolecnost s rucenim omezenym"),
        *("spoločnosť s ručením obmedzeným",),
    ),
    "doo": ("d o o", "doo", "društvo s ograničenom odgovornošću", "družba z omejeno odgovornostjo"),
    "kft": ("kft", "korlátolt felelősségű társaság"),
    "zrt": ("zrt", "zártkörűen működő részvénytársaság"),
    "uab": ("uab", "uždaroji akcinė bendrovė"),
    "ead": ("ead", "еад"),
    "eood": ("eood", "еоод", "ood", "оод"),
    "jsc": (
        *("jsc", "joint stock company", "ao", "ао", "акционерное общество"),
        *("aktsionernoe obshchestvo", "aktsionernoye obshchestvo", "акціонерне товариство"),
    ),
    "pjsc": ("pjsc", "public joint stock company", "pao", "пао", "публичное акционерное общество"),
    "ojsc": ("ojsc", "open joint stock company", "oao", "оао", "открытое акционерное общество"),
    "cjsc": ("cjsc", "closed joint stock company", "zao", "зао", "закрытое акционерное общество"),
    # Asia.
    "kk": ("kk", "k k", "kabushiki kaisha", "kabushiki gaisha", "株式会社", "株"),
    "yk": ("yk", "y k", "yugen kaisha", "有限会社", "有"),
    "gk": ("gk", "g k", "godo kaisha", "合同会社"),
    "jusik": ("주식회사", "주", "jusik hoesa"),
    "yuhan": ("유한회사", "유한책임회사"),
    "by_shares": ("股份有限公司", "股份公司"),
    "公司": ("公司",),
    "pt": ("pt", "p t", "perseroan terbatas"),
    "tbk": ("tbk", "terbuka"),
    "tnhh": ("tnhh", "công ty tnhh", "cong ty tnhh", "công ty trách nhiệm hữu hạn"),
}
"""A form, and every way in which it is written. Of a name of several forms each is read by itself."""

TOGETHER: Mapping[str, tuple[str, ...]] = {
    "private limited": ("p ltd", "p limited"),
    "company limited": ("有限公司", "有限责任公司", "有限責任公司"),
}
"""Forms that one word of another language stands for."""

IN_FRONT = frozenset(
    {"llc", "jsc", "pjsc", "ojsc", "cjsc", "kk", "yk", "gk", "jusik", "yuhan", "pt", "tnhh", "ab", "uab", "sarl"}
)
"""Forms that stand before a name too. Others do not: "SE Electronics" has a name that begins with SE."""

WITHOUT_BLANKS = ("集", "公", "司", "会", "회", "社", "股")
"""A form with one of these signs is written without a blank between it and the name."""

HONORIFICS = ("the", "m s", "messrs")
"""Words before a name that are no part of it: "M/s" is written before firms in India."""

FIRM = frozenset(
    {
        *("company", "fa", "fir", "firm", "firma", "firmy", "firmę", "betrieb", "фирма", "компания", "предприятие"),
        *("ets", "établissements", "etablissements", "société", "societe", "sté", "ste", "azienda", "ditta", "spett"),
        *("empresa", "sociedad", "sociedade", "zakład", "zaklad", "zakłady", "zaklady", "spółka", "spolka"),
        *("przedsiębiorstwo", "podnik", "bedrijf", "to"),
    }
)
"""Words that say before a name that a firm follows. A name may begin with one, too."""

NOT_LAST = frozenset({"group", "holding", "holdings", "private", "pvt", "jv"})
"""Forms after which a name goes on: "Leda Group Trading" is no branch of Leda. After others a place stands, or a
department."""

BESIDE = frozenset(
    {
        *("c o", "care of", "attn", "attention", "att", "z hd", "z hdn", "zhd", "z h", "zu händen", "zu haenden"),
        *("à l attention de", "a l attention de", "all attenzione di", "alla cortese attenzione di", "presso", "chez"),
        *("do rąk", "do rak", "t a v"),
    }
)
"""Words between a name and another, of the person or the firm that receives the letters."""

CONJUNCTIONS = frozenset({"and", "und", "et", "och", "og", "ve", "и"})
"""What "&" stands for."""
