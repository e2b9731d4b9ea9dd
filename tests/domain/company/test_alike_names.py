"""Which names are alike, and that the index finds them all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.company.alike import ALIKE, ALMOST, PART, SAME, NameIndex, compared, score
from service.domain.company.names import normalized, read


def agree(one: str, other: str, least: int = ALIKE) -> tuple[str, int] | None:
    return compared(read(normalized(one)), read(normalized(other)), least)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Qorvan Optics Co., Ltd.", "Qorvan Optics Company Limited", "same"),
        ("Qorvan Optics Co., Ltd.", "Qorvan Optics", "same_but_form"),
        ("Qorvan Optics Co., Ltd.", "Qorvan Optic Co., Ltd.", "alike"),
        ("Qorvan Optics", "Korvan Optics", "alike"),
        ("Qorvan Optics", "Qorvna Optics", "alike"),
        ("Qorvan Optics", "Optics Qorvan", "alike"),
        ("Qorvan Optics", "Qorvan-optics", "same"),
        ("Qorvan Optics", "QorvanOptics", "alike"),
        ("Škoda Transportation", "Skoda Transportation", "alike"),
        ("Росэлектроника", "Roselektronika", "alike"),
        ("Hella", "Hela", "alike"),
    ],
)
def test_names_agree_wholly_but_for_their_form_or_by_their_letters(one: str, other: str, how: str):
    found = agree(one, other)
    assert found is not None
    assert found[0] == how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvan Optics", "Anybody Bakery"),
        ("Qorvan Optics", "Qorvan Foods"),
        ("Hella", "Hulle"),
        ("SMIC", "SMEC"),
        ("Mitsubishi Steel", "Mitsubishi Motors"),
        ("Northern Technologies", "Northeast Technologies"),
    ],
)
def test_names_of_other_words_are_not_alike(one: str, other: str):
    assert agree(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qorvan Optics Co., Ltd. Shanghai Branch", "Qorvan Optics Co., Ltd."),
        ("Qorvan Optics (Shanghai) Co., Ltd.", "Qorvan Optics Co., Ltd."),
        ("Shenzhen Qorvan Optics", "Qorvan Optics Co., Ltd."),
        ("Qorvan", "Qorvan Optics Co., Ltd."),
        ("北京振特克科技有限公司上海分公司", "北京振特克科技有限公司"),
        ("振特克科技有限公司", "北京振特克科技有限公司"),
    ],
)
def test_a_name_that_has_all_of_another_in_it_is_alike(one: str, other: str):
    assert agree(one, other) == agree(other, one) == ("alike", PART)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Optics", "Qorvan Optics Co., Ltd."),  # one word, not the first
        ("ABCD Steel", "ABCD"),  # too short to be more than a word
        ("Hunan A B Steel", "A B"),
    ],
)
def test_a_word_that_any_name_may_have_makes_none_alike(one: str, other: str):
    assert agree(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mueller Werke", "Müller Werke"), ("Aarhus Staal", "Århus Stål"), ("Soenke Noerr", "Sønke Nörr")],
)
def test_two_letters_for_one_with_a_mark_are_alike(one: str, other: str):
    assert agree(one, other) == ("alike", ALMOST)


@pytest.mark.parametrize(
    ("letters", "changed", "alike"),
    [(4, 1, False), (5, 1, True), (9, 2, False), (10, 2, True), (40, 3, False), (41, 3, True)],
)
def test_the_longer_a_name_the_more_letters_may_differ(letters: int, changed: int, alike: bool):
    name = "abcdefghijklmnopqrstuvwxyz0123456789" * 2
    one, other = name[:letters], "9" * changed + name[changed:letters]
    assert (agree(one, other) is not None) is alike


def test_a_threshold_of_a_hundred_leaves_equal_names_alone():
    assert agree("Qorvan Optics", "Qorvan Optic", 100) is None
    assert agree("Qorvan Optics Ltd", "Qorvan Optics Ltd", 100) == ("same", SAME)


def test_only_the_same_name_scores_the_highest():
    assert agree("Qorvan Optics Ltd", "Qorvan Optics") == ("same_but_form", ALMOST)
    assert score(read("qorvan optics"), read("optics qorvan")) == ALMOST


NAMES = st.lists(st.text("abcé 12", min_size=1, max_size=12), min_size=1, max_size=8)


WORDS = ["alpha", "beta", "of", "technologies", "müller", "北京", "振特克"]
SAID = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@given(st.lists(SAID, min_size=1, max_size=6), SAID, st.integers(85, 95))
def test_the_index_finds_every_name_that_is_a_part_of_another(names: list[str], asked: str, least: int):
    index: NameIndex[str] = NameIndex()
    for name in names:
        index.add(name, name)
    assert {name for name in names if compared(read(asked), read(name), least)} <= set(index.find(asked, least))


@given(NAMES, st.text("abcé 12", max_size=12), st.integers(60, 100))
def test_the_index_finds_all_that_comparing_one_by_one_finds(names: list[str], asked: str, least: int):
    known = [name for name in map(normalized, names) if name]
    index: NameIndex[str] = NameIndex()
    for name in known:
        index.add(name, name)
    words = normalized(asked)
    alike = {name for name in known if words and compared(read(words), read(name), least)}
    assert alike <= set(index.find(words, least))


def test_a_blank_name_is_nobodys():
    index: NameIndex[str] = NameIndex()
    index.add("", "nobody")
    assert index.find("") == []


def test_several_things_of_one_name_are_found_in_the_order_in_which_they_were_added():
    index: NameIndex[str] = NameIndex()
    for entry in ("first", "second", "third"):
        index.add("alpha technologies", entry)
    assert index.called("alpha technologies") == ["first", "second", "third"]
    assert index.called("alpha") == []
