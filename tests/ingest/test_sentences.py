"""German sentence boundaries: own hard cases, exact offsets, nothing lost, linear time."""

from __future__ import annotations

import re

import pytest
from case_files import FOLDER
from hypothesis import given
from hypothesis import strategies as st

from presseschau.ingest.sentences import split

CASES = [
    line for line in (FOLDER / "sentences" / "stress.txt").read_text("utf-8").splitlines() if not line.startswith("#")
]
GERMAN = st.lists(
    st.sampled_from(
        [
            "Der",
            "Dr.",
            "am",
            "3.",
            "Mai",
            "z. B.",
            "„Ja.“",
            "sagte",
            "Merz",
            "usw.",
            "...",
            "?",
            "!",
            "II.",
            "20",
            "Mio.",
            "(ca.",
            ")",
            "\n",
            "\n\n",
            "– ",
            "hervorgehoben.Merz",
            "``gut''",
            "»Nein.«",
            "•",
            "A.",
            "2026.",
            " ",
            "www.a.de",
        ]
    )
).map(" ".join)


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize("case", CASES)
def test_hard_cases(case: str) -> None:
    text = re.sub("¦(¬?)", lambda match: "" if match[1] else " ", case)
    assert pieces(text) == re.split("¦¬?", case)


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split(text) == []


def test_blank_lines_and_bullets_are_hard_ends_and_single_breaks_are_not() -> None:
    text = "Ohne Punkt\n\nNach der Leerzeile\ngeht es weiter\n• Punkt eins\n• Punkt zwei"
    assert pieces(text) == ["Ohne Punkt", "Nach der Leerzeile\ngeht es weiter", "• Punkt eins", "• Punkt zwei"]


@given(st.one_of(st.text(), GERMAN))
def test_sentences_with_their_gaps_give_the_text_back(text: str) -> None:
    spans = split(text)
    edges = [0, *[edge for span in spans for edge in span], len(text)]
    assert edges == sorted(edges)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    gaps = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert all(not gap.strip() for gap in gaps)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", [". ", ".", "„“", "ä", " ", "\n", "a. ", "1. ", "!?", "(", "x.X"])
def test_long_runs_take_linear_time(unit: str) -> None:
    """Quadratic time would take hours."""
    text = "Der Rat tagt. " + unit * (500_000 // len(unit)) + " Ende."
    assert split(text)
