"""Figures that a paraphrase reckons from those of the German, and those that it only invents."""

from __future__ import annotations

import pytest

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.derived_numbers import derived_numbers, hedged

GOOD = [
    (
        "Die Einnahmen deckten 37 Prozent der Kosten.",
        "Fares covered little more than a third of its costs.",
        ["a third"],
    ),
    ("Es fielen rund 340 der 410 Züge aus.", "More than four out of five trains were cancelled.", ["four", "five"]),
    ("14,2 Prozent steckten sich an.", "Flu struck about one in seven of them.", ["seven"]),
    (
        "Es blieben 71 Millionen Euro nach 76 Millionen Euro.",
        "That was five million less than before.",
        ["five million"],
    ),
    ("Fast ein Fünftel ging verloren.", "A fifth was lost.", ["fifth"]),
]
BAD = [
    ("Die Einnahmen deckten 37 Prozent der Kosten.", "Fares covered about a quarter of its costs."),
    ("Die Einnahmen deckten 37 Prozent der Kosten.", "Fares covered a third of its costs."),
    ("Es fielen rund 340 der 410 Züge aus.", "About half of the trains were cancelled."),
    ("Es blieben 71 Millionen Euro nach 76 Millionen Euro.", "The firm has five million customers."),
    ("Es blieben 71 Millionen Euro nach 76 Millionen Euro.", "That was six million less than before."),
]


@pytest.mark.parametrize(("german", "english", "figures"), GOOD)
def test_a_figure_that_follows_from_others(german: str, english: str, figures: list[str]) -> None:
    found = [english[start:end] for start, end in sorted(derived_numbers(bitext(german, english)))]
    assert set(figures) <= set(found)


@pytest.mark.parametrize(("german", "english"), BAD)
def test_a_figure_that_does_not(german: str, english: str) -> None:
    assert not derived_numbers(bitext(german, english))


@pytest.mark.parametrize(
    ("english", "said"), [("about 90 euros", True), ("just under 90 euros", True), ("exactly 90 euros", False)]
)
def test_a_rounded_figure_is_said_to_be_rounded(english: str, said: bool) -> None:
    assert hedged(english, english.index("90")) is said
