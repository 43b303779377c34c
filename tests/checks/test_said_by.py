"""Whom an English text names as the one who says it, and whether the German does."""

from __future__ import annotations

import pytest

from presseschau.checks import check_point
from presseschau.checks.said_by import said_by
from presseschau.ingest import read_article

ARTICLE = read_article(
    "Streit um die Brücke\n\n"
    "Die Brücke müsse bleiben, sagte Bürgermeisterin Ada Kolb am Montag laut der Agentur Nordpress. "
    "Landrat Jan Holm widersprach. Die Kosten seien zu hoch.",
    source="t",
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("According to Ada Kolb, the bridge must stay.", ("Ada Kolb",)),
        ("According to the mayor of the town, Ada Kolb, it must stay.", ()),
        ("The costs are too high, Jan Holm said.", ("Jan Holm",)),
        ("Jan Holm, the district administrator, said that the costs are too high.", ("Jan Holm",)),
        ("He said that the costs are too high.", ()),
        ("The bridge is long.", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert said_by(text) == names


@pytest.mark.parametrize(
    ("text", "start", "codes"),
    [
        ("Ada Kolb said the bridge must stay.", "Die Brücke", []),
        ("According to Nordpress, Ada Kolb said the bridge must stay.", "Die Brücke", []),
        ("Jan Holm said the bridge must stay.", "Die Brücke", ["speaker.wrong"]),
        ("Jan Holm said the costs are too high.", "Die Kosten", []),
        ("Ada Kolb said the costs are too high.", "Die Kosten", ["speaker.wrong"]),
        ("Olaf Okonkwo said the costs are too high.", "Die Kosten", ["speaker.unknown"]),
    ],
)
def test_a_point_names_the_speaker_of_the_german(text: str, start: str, codes: list[str]) -> None:
    evidence = [s for s in ARTICLE.sentences if s.text.startswith(start)]

    found = check_point(text, evidence, ARTICLE)

    assert [item.code for item in found if item.code.startswith("speaker.")] == codes
