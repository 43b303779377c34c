"""What a reader is told: one sentence each, with the words of both sides and what a German number means."""

from __future__ import annotations

import pytest

from presseschau.checks import check_pair
from presseschau.checks.agreement import message
from presseschau.facts.fact import Difference, Fact


@pytest.mark.parametrize(
    ("de", "en", "said"),
    [
        (
            "Der Bund zahlt 9 Milliarden Euro an die Länder.",
            "The federal government pays 90 billion euros to the states.",
            "The German says “9 Milliarden” (9 billion); the English says “90 billion”.",
        ),
        (
            "Am Samstag kamen 12.500 Menschen in die Halle.",
            "On Saturday 12,000 people came to the hall.",
            "The German says “12.500”; the English says “12,000”.",
        ),
        (
            "Der Anteil stieg um drei Prozent.",
            "The share rose by three percentage points.",
            "The German gives “drei” in per cent; the English gives “three” in percentage points.",
        ),
        (
            "Der Bund zahlt 9 Milliarden Euro.",
            "The federal government pays 9 billion dollars.",
            "The German gives “9 Milliarden” (9 billion) in euros; the English gives “9 billion” in dollars.",
        ),
    ],
)
def test_numbers(de: str, en: str, said: str) -> None:
    assert said in [finding.message for finding in check_pair(de, en)]


def fact(text: str) -> Fact:
    return Fact("any", text, text, 0, len(text))


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (Difference("place.missing", fact("Genf")), "The English leaves out the place “Genf” of the German."),
        (
            Difference("name.added", None, fact("Bob")),
            "The English has the name “Bob”, which the German does not have.",
        ),
        (Difference("negation.lost", fact("nie")), "The German denies something (“nie”) that the English does not."),
        (Difference("number.missing", fact("x"), fact("y")), "The German says “x”; the English says “y”."),
    ],
)
def test_facts(difference: Difference, said: str) -> None:
    assert message(difference) == said


def test_a_claim_is_called_a_claim() -> None:
    said = message(Difference("name.added", None, fact("Bob")), "claim")

    assert said == "The claim has the name “Bob”, which the German does not have."
