"""A typing mistake in a word of a legal form, or in "and", silences no listing, however short the name itself is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.company.alike import ALMOST, NameIndex, compared
from service.domain.company.mistyped import put_right
from service.domain.company.names import FORM_OF, normalized, read

NAMES = (
    *("QRV Corporation", "QRV Limited", "QRV Ltd.", "QRV Inc.", "QRV, Limited Partnership", "QRV Group", "QRV GmbH"),
    *("Qorv Group Holdings Co., Ltd.", "QRV Aktiengesellschaft", "QRV Joint Stock Company", "QRV Private Limited"),
    *("QRV Holdings", "QRV Company", "QRV Incorporated", "QRV Corp.", "Qorv Network and Sensor Systems, Ltd."),
)
FEWEST = 3
"""Words of fewer letters have no mistake in them that is told."""


def alike(one: str, other: str) -> tuple[str, int] | None:
    """How a name agrees with another one, which an index of that name finds, too."""
    asked, listed = normalized(one), normalized(other)
    index = NameIndex[str]()
    index.add(listed, other)
    found = compared(read(asked), read(listed))
    assert found == compared(read(listed), read(asked))
    assert bool(index.find(asked)) or found is None
    return found


def mistaken(word: str, at: int, mistake: str) -> str:
    at %= len(word)
    if mistake == "less":
        return word[:at] + word[at + 1 :]
    if mistake == "twice":
        return word[: at + 1] + word[at:]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@given(st.sampled_from(NAMES), st.integers(0), st.integers(0), st.sampled_from(["less", "twice", "swapped"]))
def test_a_mistake_in_a_word_of_the_form_or_in_and_leaves_a_name_alike(name: str, which: int, at: int, mistake: str):
    words = normalized(name).split()
    core = [word for word in read(normalized(name)).core.split() if word != "and"]
    of_form = [number for number, word in enumerate(words) if word not in core and len(word) >= FEWEST]
    number = of_form[which % len(of_form)]
    words[number] = mistaken(words[number], at, mistake)
    assert alike(" ".join(words), name) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QRV Network annd Sensor, Ltd.", "QRV Network and Sensor, Ltd."),
        ("QRV Network adn Sensor, Ltd.", "QRV Network and Sensor, Ltd."),
        ("QRV, Limitted Partnership", "QRV, Limited Partnership"),
        ("Qorv Group Hodings Company Limited", "Qorv Group Holdings Co., Ltd."),
        ("Qorv Gruop Holdings Co., Ltd.", "Qorv Group Holdings Co., Ltd."),
        ("QRV Corporatoin", "QRV Corporation"),
        ("QRV Coporatoin", "QRV Corporation"),
        ("QRV Ktd.", "QRV Ltd."),
        ("QRV Oc., Ldt.", "QRV Co., Ltd."),
        ("Qorv EandS Co., Ltd.", "Qorv E&S Co., Ltd."),
    ],
)
def test_what_is_left_when_a_form_is_put_right_is_the_same_name(one: str, other: str):
    assert alike(one, other) == ("alike", ALMOST)


@pytest.mark.parametrize(
    "name", ["general dynamics land systems", "qrv land", "gorup", "limitted", "and sons", "qrv ads", "qorvan adn", ""]
)
def test_the_first_word_and_an_and_at_the_end_and_longer_words_stay(name: str):
    assert put_right(name) == name


@pytest.mark.parametrize(
    "name", ["QRV Optics Corporaton", "QRV Limutid", "QRV Te", "QRV Land", "Gorup QRV", "QRX Corporaton"]
)
def test_a_mistake_in_a_form_excuses_no_other_word_and_no_second_mistake(name: str):
    assert alike(name, "QRV Corporation") is None


@given(st.text(max_size=60))
def test_a_name_put_right_is_put_right(name: str):
    once = put_right(normalized(name))
    assert len(once.split()) == len(normalized(name).split())


@given(st.sampled_from(sorted(FORM_OF)))
def test_no_word_of_a_form_is_taken_for_another(form: str):
    assert put_right(f"qorvan {form}") == f"qorvan {form}"
