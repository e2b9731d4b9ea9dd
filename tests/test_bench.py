"""Figures of a benchmark: medians, and ratios to limits of the same run."""

from collections.abc import Iterator

from bench import page
from bench.measure import Figure, Figures, Spent


def turns(*values: float) -> Iterator[Spent]:
    return (Spent(value, cpu_us=value * 10) for value in values)


def test_a_figure_is_the_ratio_of_two_medians_measured_in_turn():
    ours, limits, order = turns(9, 1, 2), turns(4, 100, 5), list[str]()

    def our_turn() -> Spent:
        order.append("A")
        return next(ours)

    def limit_turn() -> Spent:
        order.append("B")
        return next(limits)

    figure = Figures(rounds=3).in_turn("work", "events/s", our_turn, limit_turn, limit_is="the least", goal=0.3)
    assert order == ["B", "A"] * 3
    assert figure.as_json() == {
        "value": 2.0,
        "unit": "events/s",
        "limit": 5.0,
        "ratio": 0.4,
        "min": 1.0,
        "max": 9.0,
        "cpu_us": 20,
        "limit_cpu_us": 50,
        "limit_is": "the least",
        "goal": 0.3,
    }


def test_a_figure_reads_back_as_it_was_written():
    figure = Figures().add("work", "s", list(turns(2, 3, 4)), list(turns(5)), limit_is="the least", goal=1.3)
    assert Figure.of_json("work", figure.as_json()) == figure


def test_the_page_shows_every_figure_its_growth_and_what_was_not_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    figures = Figures()
    figures.add("work", "events/s", list(turns(2)), list(turns(5)), limit_is="the least")
    figures.add("work, 10 events", "s", [Spent(3.0)], [Spent(2.0)], limit_is="the same at 1 events", goal=1.3)
    figures.miss("other stores: not installed")
    page.write(figures)
    written = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "| work | 2 events/s | 2 – 2 | 5 | 0.4 |  | 20 µs, 50 µs |" in written
    assert "bar [1.50]" in written
    assert "- work: the least." in written
    assert "- other stores: not installed." in written
