"""What is kept of texts that clients send has a bound in bytes."""

from service.domain.kept import kept


def test_a_text_is_worked_out_once_up_to_the_longest_and_each_time_beyond():
    asked: list[str] = []

    @kept(texts=2, longest=3)
    def found(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [found(text) for text in ("abc", "abc", "abcd", "abcd")] == [3, 3, 4, 4]
    assert asked == ["abc", "abcd", "abcd"]


def test_no_more_texts_are_kept_than_it_says():
    asked: list[str] = []
    found = kept(texts=2, longest=3)(asked.append)
    for text in ("a", "b", "c", "a", "c"):
        found(text)
    assert asked == ["a", "b", "c", "a"]
