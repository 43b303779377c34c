"""The other ways to ask that ours is measured against, and what is counted of their English."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "measure"))

from rival_methods import claims, in_batches, reflected
from rivals import beside, sentences

REFERENCE = [
    "The council approved the new fees on Monday.",
    "They apply from May to all households in the town.",
    "The opposition voted against them.",
    "The mayor defended the decision.",
]


def asking(*answers):
    """A model that gives these answers in turn, and what it was asked."""
    asked, waiting = [], list(answers)

    async def ask(prompt):
        asked.append(prompt)
        return waiting.pop(0)

    return ask, asked


@pytest.mark.parametrize(
    ("english", "counted"),
    [
        (REFERENCE, (0, 0, 0)),
        ([REFERENCE[0], *REFERENCE[2:]], (1, 0, 0)),
        ([*REFERENCE[:2], "Here is some advice on how to bake bread at home.", *REFERENCE[2:]], (0, 0, 1)),
        ([REFERENCE[0], f"{REFERENCE[1][:-1]}, and {REFERENCE[2].lower()}", REFERENCE[3]], (0, 1, 0)),
        ([*REFERENCE[:3], "The mayor", "defended the decision."], (0, 0, 0)),
        ([], (4, 0, 0)),
    ],
    ids=["all", "one missing", "one too much", "two in one", "one in two", "none"],
)
def test_sentences_are_counted_beside_those_of_the_reference(english, counted):
    found = beside(english, REFERENCE)
    assert (found.english.count(""), found.merged, found.extra) == counted
    assert len(found.english) == len(REFERENCE)


def test_a_text_is_cut_where_sentences_end():
    assert sentences("A first one. \u201cA second!\u201d And 3.5 per cent.\n\nHeading") == [
        "A first one.", "\u201cA second!", "And 3.5 per cent.", "Heading",
    ]  # fmt: skip


async def test_a_batch_that_lacks_a_line_is_asked_for_once_more():
    ask, asked = asking("1: One\n3: Three", "1: One\n2: Two\n3: Three")
    assert await in_batches(ask, ["Eins", "Zwei", "Drei"]) == "One\nTwo\nThree"
    assert len(asked) == 2
    assert "it had the lines 1, 3, but 3 lines were asked for (1, 2, 3)" in asked[1]


async def test_of_two_answers_the_one_with_more_lines_stands():
    ask, _ = asking("1: One\n2: Two", "1: One")
    assert await in_batches(ask, ["Eins", "Zwei", "Drei"]) == "One\nTwo"


async def test_lines_are_asked_for_in_tens_with_what_came_before():
    first = "\n".join(f"{n}: Line {n}" for n in range(1, 11))
    ask, asked = asking(first, "11. Line 11")
    assert (await in_batches(ask, [f"Zeile {n}" for n in range(1, 12)])).splitlines()[-1] == "Line 11"
    assert "translated before: Line 9 Line 10" in asked[1]
    assert "11: Zeile 11" in asked[1]


async def test_a_draft_is_improved_by_what_an_editor_says():
    ask, asked = asking("A draft", "Say it better", "A better draft")
    assert await reflected(ask, ["Ein Satz."]) == "A better draft"
    assert "A draft" in asked[1]
    assert "Say it better" in asked[2]


async def test_claims_of_a_plain_answer():
    ask, _ = asking("Claims:\n1. PAPER: It rained.\n- **Anna Berg**: The bridge is closed.\nnonsense\n")
    assert await claims(ask, ["..."]) == [(None, "It rained."), ("Anna Berg", "The bridge is closed.")]
