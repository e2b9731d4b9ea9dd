"""What a name may say besides what it says as it stands: rewritten, shortened, less than the whole."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.company.alike import ALIKE, ALMOST, PART, NameIndex, compared, keys_of
from service.domain.company.forms import BESIDE, FIRM
from service.domain.company.lookalikes import as_it_looks
from service.domain.company.names import normalized, read
from service.domain.company.readings import MOST_READINGS, readings
from service.domain.company.shortened import CONTRACTIONS, MOST_INITIALS, in_full, initialed


def agree(one: str, other: str, least: int = ALIKE) -> tuple[str, int] | None:
    found = compared(read(normalized(one)), read(normalized(other)), least)
    assert found == compared(read(normalized(other)), read(normalized(one)), least)
    return found


@pytest.mark.parametrize("before", ["Fa.", "Fa", "Firma", "Fir.", "Ets", "Société", "Ditta", "Zakład", "Company:"])
def test_a_word_that_says_firm_before_a_name_leaves_it_alike(before: str):
    assert agree(f"{before} Qorvan Optics AG", "Qorvan Optics AG") == ("alike", ALMOST)


@pytest.mark.parametrize(
    "beside", ["c/o Kontor Nord", "z.Hd. Herrn Vogel", "attn: Purchasing", "Nagoya Plant", "- Einkauf"]
)
def test_what_stands_behind_a_short_name_with_its_form_leaves_it_alike(beside: str):
    assert agree(f"QRV Corporation {beside}", "QRV Corporation") == ("alike", PART)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QRV Corp., Taiwan", "QRV Corporation, Taiwan"),
        ("QRV Taiwan", "QRV Corporation, Taiwan"),
        ("Moreau Holding QRV B.V.", "QRV Moreau Holding B.V."),
        ("Management Group Qorvan", "Qorvan Management Group"),
        ("Cat Holdings Blue", "Blue Cat Holdings, Inc."),
        ("Group, Inc. Verano", "Verano Group, Inc."),
        ("W Group", "Group W"),
        ("QorvanopticGroup", "Qorvanoptic Group"),
        ("QRVCorporation", "QRV Corporation"),
        ("LafornS.p.A.", "Laforn S.p.A."),
        ("QRV Cor poration", "QRV Corporation"),
        ("TheQorvana Optics", "The Qorvana Optics Co., Ltd."),
    ],
)
def test_a_form_inside_and_a_blank_tell_no_two_names_apart(one: str, other: str):
    assert agree(one, other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Leda Group Foods", "Leda Inc."), ("Qorvan Steel Optics", "Optics"), ("QRV Optics Ltd", "QRV Steel Ltd")],
)
def test_a_group_and_a_word_behind_it_are_no_branch(one: str, other: str):
    assert agree(one, other) is None


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Qorvan Tech.", "Qorvan Technologies"),
        ("Qorvan Optic Sys. Inc.", "Qorvan Optic Systems, Inc."),
        ("Qorvan Hvy Inds Aero Eng", "Qorvan Heavy Industries Aeronautical Engineering"),
        ("Qorvan Mfg Co", "Qorvan Manufacturing Co."),
        ("Qorvan Grp", "Qorvan Group"),
        ("QRV Mat.", "QRV Materials"),
        ("Nat'l Lake-Hill Inst. of Science & Tech", "National Lake-Hill Institute of Science & Technology"),
        ("Sys. Studies & Simulation", "System Studies & Simulation"),
        ("Int'l Qorvan Svcs", "International Qorvan Services"),
        ("Qorvan Labs", "Qorvan Laboratories"),
    ],
)
def test_a_shortened_word_stands_for_one_that_begins_with_it_and_a_contraction_for_its_own(short: str, full: str):
    assert agree(short, full) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvan Te", "Qorvan Technologies"),  # two letters
        ("Tech Materials", "Technology Mat"),  # no word is the same
        ("Pan Pacific", "Panasonic Pacific"),  # the first word, and one other
        ("Qorvan Technology Marine", "Qorvan Technologies Minerals"),
        ("Qorvan Tech Steel Works Ltd", "Qorvan Technologies"),
    ],
)
def test_other_words_are_not_the_same_shortened(one: str, other: str):
    assert agree(one, other) is None


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("QHI Shipbuilding Co.", "Qorvan Heavy Industries Shipbuilding"),
        ("QO Land Systems", "Qorvan Optics Land Systems"),
        ("QHI", "Qorvan Heavy Industries, Ltd."),
        ("AIDC", "Amber Industrial Development Corporation"),
        ("NLHIST", "National Lake-Hill Institute of Science & Technology"),
    ],
)
def test_initials_of_a_name_or_of_its_first_words_are_alike(short: str, full: str):
    assert agree(short, full) == ("alike", PART)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QO", "Qorvan Optics"),  # two initials
        ("QO Land", "Qorvan Optics Land"),  # too little is left beside them
        ("QH Systems", "Qorvan Optics Systems"),
        ("QO Land Systems", "Qorvan Optics Marine Systems"),
    ],
)
def test_fewer_or_other_initials_are_not(one: str, other: str):
    assert agree(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("QНЕNSОLDТ АG", "QHENSOLDT AG"), ("Qοrναn Optics", "Qorvan Optics"), ("Gеnеrаl Dуnаmiсs", "General Dynamics")],
)
def test_letters_that_look_alike_are_alike(one: str, other: str):
    assert agree(one, other) == ("alike", ALMOST)


def test_a_zero_between_letters_looks_like_one():
    assert agree("QRV C0rporation", "QRV Corporation") == ("alike", ALMOST)
    assert agree("QR0", "QRO") is None


def test_of_a_name_of_many_words_few_initials_count():
    words = [f"{letter}word" for letter in "abcdefghijklmnop"]
    few, more = ("".join(word[0] for word in words[:count]) for count in (MOST_INITIALS, MOST_INITIALS + 1))
    assert agree(" ".join([few, *words[MOST_INITIALS:]]), " ".join(words)) is not None
    assert " ".join([more, *words[MOST_INITIALS + 1 :]]) not in set(initialed(read(" ".join(words))))


def test_an_honest_word_of_another_script_stays_one_and_keeps_its_sounds():
    assert as_it_looks("газпром export") == "газпром export"
    assert agree("Росэлектроника", "Roselektronika") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rhoinmetla AG", "Rhoinmetall AG"), ("QZLU AEORPACE", "QZLU AEROSPACE"), ("Vigo hPotoics", "Vigo Photonics")],
)
def test_a_name_of_ten_letters_bears_two_mistakes(one: str, other: str):
    assert agree(one, other) is not None


WORDS = st.sampled_from(
    [
        *("qorvan", "optics", "technologies", "tech", "mfg", "manufacturing", "of", "moreau", "группа", "сор", "nat l"),
        *(
            "group",
            "co",
            "ltd",
            "s p a",
            "corp",
            "firma",
            "c o",
            "attn",
            "q",
            "qo",
            "qot",
            "aero",
            "the",
            "北京",
            "公司",
        ),
    ]
)
SAID = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
PLAIN = st.lists(st.sampled_from(["qorvan", "moreau", "lindqvist", "tatra"]), min_size=1, max_size=4).map(" ".join)


@given(st.lists(SAID, min_size=1, max_size=6), SAID, st.integers(80, 100))
def test_the_index_finds_each_reading_and_each_has_a_key_that_is_looked_for(names: list[str], asked: str, least: int):
    index: NameIndex[str] = NameIndex()
    for name in names:
        index.add(name, name)
    alike = {name for name in names if compared(read(asked), read(name), least)}
    assert alike <= set(index.find(asked, least))
    keys = set(index.keys_for(asked, least))
    assert all(keys.intersection(keys_of(name)) for name in alike)


@given(PLAIN, st.sampled_from(sorted(FIRM)), st.sampled_from(sorted(BESIDE)))
def test_any_word_before_a_name_and_any_address_leave_it_alike(name: str, firm: str, beside: str):
    assert agree(f"{firm} {name}", name) is not None
    assert agree(f"{name} {beside} vogel", name) is not None
    assert agree(f"{beside} {name}", name) is not None


@given(PLAIN, st.data())
def test_a_blank_anywhere_leaves_a_name_alike(name: str, data: st.DataObject):
    at = data.draw(st.integers(1, len(name) - 1))
    assert agree(f"{name[:at]} {name[at:]}", name) is not None
    assert agree(f"{name} ltd".replace(" ", ""), f"{name} Ltd.") is not None


@given(PLAIN, st.sets(st.sampled_from("aeocpxykmtbh")))
def test_whichever_letters_are_those_that_look_like_them_a_name_stays_alike(name: str, changed: set[str]):
    looks = str.maketrans("aeocpxykmtbh", "аеосрхукмтвн")
    written = "".join(sign.translate(looks) if sign in changed else sign for sign in name)
    assert as_it_looks(written) == name
    assert agree(written, name) is not None


@given(st.sampled_from(sorted(CONTRACTIONS)), PLAIN)
def test_every_contraction_is_alike_to_its_word(word: str, name: str):
    for short in CONTRACTIONS[word]:
        assert in_full(f"{name} {short}") == f"{name} {word}"
        assert agree(f"{name} {short}", f"{name} {word}") is not None


@given(SAID)
def test_readings_are_few_and_none_is_blank(name: str):
    assume(read(name).core)
    found = readings(read(name))
    assert found[0] == read(name)
    assert len(found) <= 1 + 2 * MOST_READINGS
    assert all(one.core for one in found)


def test_each_contraction_has_one_meaning():
    several = [short for shorts in CONTRACTIONS.values() for short in shorts]
    assert len(several) == len(set(several))
    assert not set(several) & set(CONTRACTIONS)
    assert several == [normalized(short) for short in several]
