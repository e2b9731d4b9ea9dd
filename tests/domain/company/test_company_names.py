"""Names of companies: what is the same name, what is one but for its legal form, and what is no part of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.company.alike import compared
from service.domain.company.forms import SPELLED
from service.domain.company.names import Name, any_of, normalized, read


def named(text: str) -> Name:
    return read(normalized(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Drives", "EXAMPLE  DRIVES"),
        ("Example Drives, Ltd.", "example drives ltd"),
        ("Straße AG", "STRASSE ag"),
        ("Example Drives", "example_drives"),
        ("ﬁrst", "first"),
    ],
)
def test_names_that_differ_in_case_width_or_punctuation_alone_are_one(one: str, other: str):
    assert normalized(one) == normalized(other)


def test_names_that_differ_in_a_letter_are_two():
    assert normalized("Example Drives") != normalized("Example Drive")
    assert normalized("华为") != normalized("中兴")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvan Optics Pvt. Ltd.", "Qorvan Optics Private Limited"),
        ("Qorvan Optics (P) Ltd", "Qorvan Optics Private Limited"),
        ("Qorvan Optics Co., Ltd.", "Qorvan Optics Company Limited"),
        ("Qorvan Optics Co Ltd", "QORVAN OPTICS COMPANY, LIMITED"),
        ("Qorvan GmbH", "Qorvan Gesellschaft mit beschränkter Haftung"),
        ("Qorvan Inc.", "Qorvan, Incorporated"),
        ("Qorvan Corp", "Qorvan Corporation"),
        ("Qorvan S.p.A.", "Qorvan Società per Azioni"),
        ("Qorvan P.L.C.", "Qorvan Public Limited Company"),
        ("TCOM, L.P.", "TCOM, Limited Partnership"),
        ("ООО Сатурн", "Общество с ограниченной ответственностью «Сатурн»"),
        ("JSC Saturn", "Joint Stock Company Saturn"),
        ("株式会社デンソー", "ﾃﾞﾝｿｰ㈱"),
        ("某某有限公司", "某某有限责任公司"),
        ("Smith & Sons Ltd", "Smith and Sons Limited"),
        ("Hella GmbH & Co. KGaA", "HELLA GmbH und Co KGaA"),
        ("The Example Parachute Co., Ltd.", "Example Parachute Co Ltd"),
    ],
)
def test_the_same_form_in_other_words_is_the_same_name(one: str, other: str):
    assert named(one).whole == named(other).whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvan Optics Co., Ltd.", "Qorvan Optics"),
        ("Qorvan Optics Ltd", "Qorvan Optics GmbH"),
        ("Qorvan Optics Ltd", "Qorvan Optics Private Limited"),
        ("江西金力永磁科技股份有限公司", "江西金力永磁科技"),
        ("PT Freeport Indonesia", "Freeport Indonesia"),
        ("UAB Ekspla", "Ekspla"),
        ("Aveox Group", "Aveox"),
    ],
)
def test_a_form_that_is_missing_or_another_leaves_the_same_core(one: str, other: str):
    assert named(one).core == named(other).core
    assert named(one).whole != named(other).whole


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("limited", "limited"),
        ("PT", "pt"),
        ("Costa", "costa"),
        ("Unlimited Power", "unlimited power"),
        ("SE Electronics", "se electronics"),
        ("Group W", "group w"),
        ("Land and Sea", "land sea"),
        ("And", "and"),
        ("Škoda a.s.", "škoda"),
        ("현대모비스 주식회사", "현대모비스"),
        ("मारुति सुज़ुकी इंडिया लिमिटेड", normalized("मारुति सुज़ुकी इंडिया")),
    ],
)
def test_what_only_looks_like_a_form_stays_a_part_of_the_name(name: str, core: str):
    assert named(name).core == core


def test_a_pattern_of_spellings_takes_the_longest_that_fits():
    found = re.match(any_of(["co", "s.a", "co ltd"]), "co ltd")
    assert (found and found[0], any_of(["s.a"])) == ("co ltd", r"s\.a")


def test_each_spelling_belongs_to_one_form():
    spelled = [words for spellings in SPELLED.values() for words in spellings]
    assert len(spelled) == len(set(spelled))
    assert spelled == [normalized(words) for words in spelled]


@given(st.text(max_size=60))
def test_any_text_can_be_read_as_a_name_and_keeps_a_core_unless_it_has_no_letters(text: str):
    words = normalized(text)
    assert bool(read(words).core) is bool(words)


@given(st.text(max_size=60))
def test_a_core_is_read_again_as_no_other_name_of_more_words(text: str):
    core = named(text).core
    assert len(read(core).core.split()) <= len(core.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("豊和工業株式会社", "丰和工业株式会社"),
        ("㈱豊和工業", "株式会社豐和工業"),
        ("横浜製鉄", "横滨制铁"),
        ("東芸仏仮価", "东艺佛假价"),
        ("山﨑軽金属", "山崎轻金属"),
        ("國家戲院", "国家戯院"),
    ],
)
def test_a_sign_is_read_alike_as_japan_taiwan_and_china_write_it(one: str, other: str):
    assert read(normalized(one)).latin == read(normalized(other)).latin
    assert compared(read(normalized(one)), read(normalized(other))) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Рейнметалл АГ", "Rheinmetall AG"),
        ("Квенстедт ГмбХ", "Kvenstedt GmbH"),
        ("Корван Лтд", "Korvan Ltd."),
        ("Корван Корпорейшн", "Korvan Corp."),
    ],
)
def test_a_latin_name_in_cyrillic_letters_is_alike(one: str, other: str):
    assert compared(read(normalized(one)), read(normalized(other))) is not None
