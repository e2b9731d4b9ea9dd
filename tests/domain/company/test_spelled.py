"""A spelling is compared with the few that may be alike; none that is alike is left out."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch
from rapidfuzz.distance import OSA

from service.domain.company import spelled
from service.domain.company.alike import NameIndex
from service.domain.company.spelled import Spellings

WORDS = ("shen", "optical", "ming", "tech", "star", "aero", "a", "123", "124", "132")
SPELLED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join)


def _of(several: list[str]) -> Spellings:
    made = Spellings()
    for one in several:
        made.add(one)
    return made


def _changed(text: str, at: int, how: str) -> str:
    at %= len(text)
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return {"less": text[:at] + text[at + 1 :], "more": f"{text[:at]}x{text[at:]}", "swapped": swapped}[how] or "x"


@given(st.lists(SPELLED, min_size=1, max_size=30), SPELLED, st.integers(1, 4))
def test_every_spelling_in_which_so_few_letters_differ_is_found(held: list[str], asked: str, letters: int) -> None:
    found = _of(held).near(asked, letters)
    assert sorted(found) == sorted(one for one in set(held) if OSA.distance(asked, one) <= letters)


@given(SPELLED, st.lists(st.tuples(st.integers(0), st.sampled_from(["less", "more", "swapped"])), max_size=3))
def test_a_spelling_is_found_whatever_so_many_mistakes_do_to_it(text: str, mistakes: list[tuple[int, str]]) -> None:
    asked = text
    for at, how in mistakes:
        asked = _changed(asked, at, how)
    letters = OSA.distance(asked, text)
    others = [f"{text}{number}" for number in range(100, 150)]
    assert text in _of([*others, text]).near(asked, max(letters, 1))


def test_the_closest_stands_first_and_then_the_first_of_the_alphabet_whatever_was_added_first() -> None:
    several = ["shenoptikal", "shenoptical", "shenopticak", "unlike"]
    for order in (several, several[::-1]):
        assert _of(order).near("shenoptical", 2) == ["shenoptical", "shenopticak", "shenoptikal"]


def test_a_spelling_that_is_added_later_is_found() -> None:
    held = _of(["shenoptical"])
    assert held.near("shenoptica", 1) == ["shenoptical"]
    held.add("shenopticb")
    assert held.near("shenoptica", 1) == ["shenoptical", "shenopticb"]


def test_a_full_shelf_is_followed_by_another(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(spelled, "ON_A_SHELF", 3)
    several = [f"shenoptical{number}" for number in range(10, 20)]
    assert _of(several).near("shenoptical1", 1) == several


def test_where_many_spellings_are_shared_a_new_list_has_its_own_and_finds_the_same(monkeypatch: MonkeyPatch):
    shared = NameIndex[str]()
    shared.add("norrland optics", "listed")
    monkeypatch.setattr(spelled, "MOST_SHARED", 0)
    apart = NameIndex[str]()
    apart.add("norrland optics", "listed")
    assert apart.shared is not shared.shared
    assert set(apart.find("norrlnad optics")) == set(shared.find("norrlnad optics")) == {"listed"}
