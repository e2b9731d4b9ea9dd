"""What a definition says that a name stands for."""

from tests.answers.facts import defined
from tests.domain.commodity.told import definition, definitions


def test_a_definition_has_all_that_its_stream_says():
    found = definition(
        defined("magnets", {"hs": "850511"}, title="Magnets", parts=["heavy"], aliases=["a magnet"], excludes=["toys"]),
        defined("magnets", {"hs": "850511"}, {"hs": "850519"}, parts=["heavy", "light"], complete=True),
    )
    assert (found.name, found.title, found.complete) == ("magnets", "Magnets", True)
    assert [line.hs for line in found.lines] == ["850511", "850519"]
    assert (found.parts, found.aliases, found.excludes) == (("heavy", "light"), ("a magnet",), ("toys",))


def test_of_two_streams_that_define_one_name_both_count_and_the_first_title():
    first, second = (
        defined("magnets", {"hs": "850511"}, title="Magnets"),
        defined("magnets", {"hs": "850519"}, title="B"),
    )
    both = definitions(first, second | {"stream": "commodity/magnets-too"})
    meaning = both.meaning("magnets")
    assert (meaning.title, [line.hs for line in meaning.lines]) == ("Magnets", ["850511", "850519"])
