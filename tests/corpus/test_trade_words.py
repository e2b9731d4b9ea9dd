"""The words of the trade for goods on record: formulas, short forms and other names."""

import pytest

from service import seeds
from service.domain.commodity.names import Definitions, Meaning


@pytest.fixture(scope="module")
def defined() -> Definitions:
    said = [one.event.data for one in seeds.read("corpus") if one.event.type == "commodity.defined"]
    aliases: dict[str, tuple[str, ...]] = {}
    for data in said:
        aliases[data["name"]] = (*aliases.get(data["name"], ()), *(data.get("aliases") or ()))
    return Definitions(Meaning(name, aliases=words) for name, words in aliases.items())


@pytest.mark.parametrize(
    ("word", "goods"),
    [
        ("NdFeB", "neodymium_magnets"),
        ("Nd-Fe-B", "neodymium_magnets"),
        ("sintered NdFeB", "neodymium_magnets"),
        ("SmCo", "samarium_cobalt_magnets"),
        ("Ga2O3", "gallium"),
        ("GaAs", "gallium"),
        ("GeO2", "germanium"),
        ("Sb2O3", "antimony"),
        ("Dy2O3", "dysprosium"),
        ("Tb4O7", "terbium"),
        ("Nd2O3", "neodymium"),
        ("InP", "indium"),
        ("APT", "tungsten"),
        ("wolfram", "tungsten"),
        ("drones", "drones"),
        ("UAV", "drones"),
        ("Gallium oxide", "gallium"),
        ("antimony trioxide", "antimony"),
        ("Lithium-ion cells", "lithium_batteries"),
    ],
)
def test_a_word_of_the_trade_means_the_goods_on_record(defined: Definitions, word: str, goods: str):
    assert defined.called_so(word) == {goods}


def test_no_word_means_two_goods(defined: Definitions):
    words = [word for meaning in defined.by_name.values() for word in meaning.aliases]
    assert {word: defined.called_so(word) for word in words if len(defined.called_so(word)) > 1} == {}
