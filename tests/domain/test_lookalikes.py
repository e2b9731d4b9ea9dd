"""Names whose words mix scripts that look alike are noticed; honest mixtures are not."""

import pytest

from service.domain.company.lookalikes import mixed, mixes_scripts
from service.domain.company.names import normalized


@pytest.mark.parametrize(
    "name",
    [
        "J\u0430y Ushin",  # a Cyrillic а
        "DE D\u0456amond Electric",  # a Cyrillic і
        "C\u03bfntinental India",  # a Greek ο
        "\u0421atcher",  # a Cyrillic С
        "\uff2a\u0430\uff59",  # full-width Latin around a Cyrillic а
    ],
)
def test_a_word_of_two_scripts_is_noticed(name: str):
    assert mixes_scripts(name)
    assert mixed(["Plain", name, name]) == [name]
    # It is not rewritten either: it stays another name than the one that it looks like.
    assert normalized(name) != normalized(
        name.replace("\u0430", "a").replace("\u0456", "i").replace("\u03bf", "o").replace("\u0421", "C")
    )


@pytest.mark.parametrize(
    "name",
    [
        "Jay Ushin",
        "Société Générale",
        "Газпром Export",  # two scripts, and each word in one
        "ТД-Trade",
        "TDK株式会社",
        "Sony ソニーグループ",
        "삼성SDI",
        "भारत Forge",
        "\uff2a\uff41\uff59",
        "3М",
        "\U00017000\U00017001",  # Tangut, whose signs have no names
        "",
    ],
)
def test_a_name_whose_words_have_one_script_each_is_not(name: str):
    assert not mixes_scripts(name)
